// What a Context is configured by: defaults, then wd.conf, then WD_* variables.
//
// A plain value; nothing here is read again later. wd.conf has lines `key = value`, `#` starts a
// comment; the keys are `backend`, `compression`, `stats` and `log`, with the meanings of the
// variables WD_BACKEND, WD_COMPRESSION, WD_STATS and WD_LOG, which win over it; `max_queues`,
// `request_timeout`, `fault_window` and `verify`; and those of CryptoConfig. WD_EMULATE is a
// variable only. The file is read only if it is owned by root or by the caller and writable by
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
  // Devices that are emulated in this process, as core/emulator/README.md has them; empty for none.
  // No key of wd.conf: nobody shall get an emulator who has not asked for one.
  char emulate[kMaxPathBytes] = "";
  // How many queues of devices are held at most, 1 to 16.
  unsigned max_queues = 4;
  // How long a request to a device may take before the device is taken for one that hangs, in
  // milliseconds, 1 to 600000.
  unsigned request_timeout_ms = 10000;
  // A device that fails three times within this time is left alone for as long, in milliseconds, 1
  // to 600000.
  unsigned fault_window_ms = 10000;
  // Whatever a device compresses is decompressed in software before anybody gets it.
  bool verify = false;
  // Where devices are looked for; borrowed. For tests and tools: neither a key nor a variable.
  const char* sysfs_root = "/sys/class/uacce";
  const char* device_root = "/dev";
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
