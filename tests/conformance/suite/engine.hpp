// What the suite asks of a way to compress and decompress; each *_test.cpp of this folder gives
// one, in a few lines, and inherits every test.
//
//   struct Engine {
//     static constexpr bool kStreams;           // takes and gives a message in parts
//     static constexpr std::array kFormats;     // that it knows
//     class Encoder { explicit Encoder(const Settings&); Step run(in, out, flush); };
//     class Decoder { explicit Decoder(const Settings&); Step run(in, out); };
//     static std::size_t bound(const Settings&, std::size_t bytes);  // an Encoder's most
//   };
#ifndef WD_TESTS_SUITE_ENGINE_HPP_
#define WD_TESTS_SUITE_ENGINE_HPP_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "fixtures/sample_bytes.hpp"
#include "wd/deflate.hpp"

namespace wd::test {

struct Settings {
  Format format = Format::zlib;
  int level = kDefaultLevel;
  int window_bits = kMaxWindowBits;
  int memory_level = kDefaultMemoryLevel;
  Strategy strategy = Strategy::standard;
  Bytes dictionary{};
};

enum class Outcome : std::uint8_t {
  more,     // there was not enough room: call again
  done,     // all input is taken and the flush done
  end,      // the message is complete
  refused,  // the input is no valid message
};

struct Step {
  std::size_t consumed;
  std::size_t produced;
  Outcome outcome;
};

using Input = std::span<const std::uint8_t>;
using Room = std::span<std::uint8_t>;

inline constexpr std::array kAllFormats{Format::raw, Format::zlib, Format::gzip};
inline constexpr std::array kRawOnly{Format::raw};

// What a step was that ended with this code of zlib's.
inline Step step_of(StreamCode code, std::size_t consumed, std::size_t produced, Input in,
                    Room out) {
  switch (code) {
    case StreamCode::end:
      return {consumed, produced, Outcome::end};
    case StreamCode::ok:
    case StreamCode::buffer_error: {
      const bool took_all = consumed == in.size() && produced < out.size();
      return {consumed, produced, took_all ? Outcome::done : Outcome::more};
    }
    default:
      return {consumed, produced, Outcome::refused};
  }
}

}  // namespace wd::test

#endif  // WD_TESTS_SUITE_ENGINE_HPP_
