// Everybody else's compressors: what zlib users are given to read was not written by zlib alone.
#ifndef WD_TESTS_ENCODERS_ENCODERS_HPP_
#define WD_TESTS_ENCODERS_ENCODERS_HPP_

#include <ostream>
#include <string>
#include <vector>

#include "fixtures/sample_bytes.hpp"
#include "wd/deflate.hpp"

namespace wd::test {

struct EncodedMessage {
  std::string how;  // the settings that made it
  Format format;
  Bytes packed;
  int window_bits = 15;
};

struct Encoder {
  const char* name;
  // The same message with all of its settings, or those that make streams of another kind. Aborts
  // with a message on standard error where the encoder is not to be had.
  std::vector<EncodedMessage> (*encode)(const Bytes& plain);
};
inline void PrintTo(const Encoder& encoder, std::ostream* out) {
  *out << encoder.name;
}

std::vector<EncodedMessage> encode_with_zlib(const Bytes& plain);
std::vector<EncodedMessage> encode_with_libdeflate(const Bytes& plain);
std::vector<EncodedMessage> encode_with_isal(const Bytes& plain);
std::vector<EncodedMessage> encode_with_pigz(const Bytes& plain);
std::vector<EncodedMessage> encode_with_zopfli(const Bytes& plain);
std::vector<EncodedMessage> encode_with_7zip(const Bytes& plain);

}  // namespace wd::test

#endif  // WD_TESTS_ENCODERS_ENCODERS_HPP_
