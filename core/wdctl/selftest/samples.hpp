// Data that a self-test gives to a device, and the software that has the last word on it.
//
// Threading: made once, then read by any thread.
#ifndef WD_WDCTL_SELFTEST_SAMPLES_HPP_
#define WD_WDCTL_SELFTEST_SAMPLES_HPP_

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "wd/context.hpp"
#include "wd/deflate.hpp"

namespace wd::ctl {

using Bytes = std::vector<std::byte>;
using Random = std::minstd_rand;  // the same everywhere, so that what failed can be run again

enum class Kind : std::uint8_t { text, noise, zeros };

struct Sample {
  Format format;
  Kind kind;
  Bytes plain;
  Bytes packed;  // by software
};
// "gzip, text, 4096 bytes"
std::string name_of(const Sample& sample);

class Judge {
 public:
  Judge();

  [[nodiscard]] Bytes pack(Format format, const Bytes& plain) const;
  // Whether exactly `plain` comes out of exactly `packed`.
  [[nodiscard]] bool is_packed(Format format, const std::byte* packed, std::size_t packed_bytes,
                               const Bytes& plain) const;

 private:
  Context software_;
};

// One of each kind and size, in that format: from nothing to more than what fits into one request.
std::vector<Sample> samples_of(const Judge& judge, Format format);

// What stands before the body in `packed`: streams on a device begin behind it. Judge writes the
// shortest there is.
constexpr std::size_t header_bytes(Format format) {
  return format == Format::zlib ? 2 : format == Format::gzip ? 10 : 0;
}

}  // namespace wd::ctl

#endif  // WD_WDCTL_SELFTEST_SAMPLES_HPP_
