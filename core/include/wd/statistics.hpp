// What was done, by algorithm and engine: requests, bytes in, bytes out, and how often an engine
// gave way to another.
//
// Counting is off unless the configuration names a place for statistics or a program switches it
// on; off, it costs one test of a pointer. Threading: counters are atomic, readers may see a
// request's bytes before its count. In a forked child all counters start at zero.
#ifndef WD_STATISTICS_HPP_
#define WD_STATISTICS_HPP_

#include <cstddef>
#include <cstdint>

#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

enum class Algorithm : std::uint8_t {
  deflate,
  inflate,
  crc32,
  adler32,
  aes_gcm,
  aes_ctr,
  aes_cbc,
  sha1,
  sha2,
  hmac,
  count_
};
// Who did it. All but the last are the software backend's.
enum class Engine : std::uint8_t {
  zlib,
  libdeflate,
  inflate,
  checksum,
  vaes,       // AES of our own, with wide instructions
  ipsec_mb,   // direct calls, or in a batch
  libcrypto,  // OpenSSL's default provider
  hisi_zip,   // ZIP engines of HiSilicon devices
  count_
};
// Why an engine that would have been preferred was not used for a request.
enum class FallbackReason : std::uint8_t {
  does_not_fit,  // its output would not have fitted where zlib's does
  not_whole,     // it needs the whole input at hand
  unsupported,   // parameters that it does not have
  too_small,     // not worth its while
  shallow,       // too few messages at once to share a batch
  // Of devices:
  no_device,           // there is none that does this
  queues_exhausted,    // all queues are in use
  device_unavailable,  // in reset, isolated or gone
  device_set_aside,    // it failed too often
  known_answer,        // a fresh queue did not compute what it should
  device_fault,        // no answer in time, or one that cannot be
  forked,              // the request was the parent's
  no_memory,           // for what a device works in
  too_long,            // more input than is remembered for the case that a device fails
  count_,
};

struct RequestCounts {
  std::uint64_t requests = 0;
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  std::uint64_t fallbacks[static_cast<std::size_t>(FallbackReason::count_)] = {};
};

WD_API const char* name_of(Algorithm algorithm) noexcept;
WD_API const char* name_of(Engine engine) noexcept;
// Of the backend that the engine is part of.
WD_API const char* backend_of(Engine engine) noexcept;
WD_API const char* name_of(FallbackReason reason) noexcept;

WD_NAMESPACE_END

#endif  // WD_STATISTICS_HPP_
