// What a Context is configured by: defaults, then wd.conf, then WD_* variables.
//
// A plain value; nothing here is read again later. wd.conf has lines `key = value`, `#` starts a
// comment; the keys are `backend`, `compression`, `stats` and `log`, with the meanings of the
// variables WD_BACKEND, WD_COMPRESSION, WD_STATS and WD_LOG, which win over it, and those of
// CryptoConfig. The file is read only if it is owned by root or by the caller and writable by
// nobody else. In a set-user-ID program (and wherever else AT_SECURE is set) the variables are
// ignored.
#ifndef WD_CONFIG_HPP_
#define WD_CONFIG_HPP_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "wd/crypto_config.hpp"
#include "wd/result.hpp"
#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

enum class BackendChoice : std::uint8_t {
  automatic,  // the best that is there
  software,
  hisi,  // HiSilicon accelerators, and software for what they cannot do
};

enum class CompressionChoice : std::uint8_t {
  standard,  // any engine whose output is at most 1 % larger than zlib's
  exact,     // byte for byte what zlib writes
};

enum class LogLevel : std::uint8_t { error, warn, info, debug };

struct Config {
  static constexpr std::size_t kMaxPathBytes = 1024;  // with the terminating zero

  BackendChoice backend = BackendChoice::automatic;
  CompressionChoice compression = CompressionChoice::standard;
  LogLevel log = LogLevel::error;
  // Where statistics go when the process ends: empty for nowhere, "-" for standard error, else a
  // file's path, in which %p stands for the process id.
  char stats[kMaxPathBytes] = "";
  // Its keys are set like the others.
  CryptoConfig crypto;

  // Sets one key, as a line of wd.conf does. invalid_argument, with a text that names the key,
  // where the key or its value is unknown; nothing is changed then.
  WD_API Result<void> set(std::string_view key, std::string_view value) noexcept;

  // Reads wd.conf (WD_CONF, default /etc/wd.conf; a missing file is no error) and the environment.
  // A value that cannot be understood is reported by the first error met; the others still count,
  // so
  // `*this` is usable whatever comes back. SOURCE_DATE_EPOCH asks for exact compression.
  WD_API Result<void> load() noexcept;
};

WD_NAMESPACE_END

#endif  // WD_CONFIG_HPP_
