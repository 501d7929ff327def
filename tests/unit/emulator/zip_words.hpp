// Requests to the ZIP engine, word by word as the hardware's sheet has them.
#ifndef WD_TESTS_UNIT_EMULATOR_ZIP_WORDS_HPP_
#define WD_TESTS_UNIT_EMULATOR_ZIP_WORDS_HPP_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "fixtures/sample_bytes.hpp"
#include "tiny_driver.hpp"

namespace wd::test {

inline constexpr std::uint32_t kDeflate = 1;
inline constexpr std::uint32_t kZlib = 2;
inline constexpr std::uint32_t kGzip = 3;

inline constexpr std::uint32_t kFinish = 1U << 25;
inline constexpr std::uint32_t kStateful = 1U << 26;
inline constexpr std::uint32_t kNewStream = 1U << 27;
inline constexpr std::uint32_t kTypeV3 = 3U << 28;
inline constexpr std::uint32_t kScattered = 1U << 8;

inline constexpr std::uint32_t kLastBlock = 1U << 8;
inline constexpr std::uint32_t kStreamEnd = 0x13;

inline void put_address(Words& words, std::size_t at, const void* address) {
  const auto value = reinterpret_cast<std::uint64_t>(address);
  words[at] = static_cast<std::uint32_t>(value);
  words[at + 1] = static_cast<std::uint32_t>(value >> 32);
}

// A whole message, between two flat buffers. Window 32 KiB.
inline Words whole(std::uint32_t format, const void* in, std::size_t in_bytes, void* out,
                   std::size_t out_bytes, std::uint32_t type = kTypeV3) {
  Words words{};
  words[4] = static_cast<std::uint32_t>(in_bytes);
  words[7] = type;
  words[9] = format | 4U << 12;
  words[14] = static_cast<std::uint32_t>(out_bytes);
  put_address(words, 18, in);
  put_address(words, 20, out);
  return words;
}

inline Words whole(std::uint32_t format, const Bytes& in, Bytes& out,
                   std::uint32_t type = kTypeV3) {
  return whole(format, in.data(), in.size(), out.data(), out.size(), type);
}

inline std::uint32_t status_of(const Words& answer) {
  return answer[3] & 0xff;
}
inline bool saw_last_block(const Words& answer) {
  return (answer[3] & kLastBlock) != 0;
}

// A stream's context and the words that go from request to request with it.
struct Stream {
  std::uint32_t format;
  Bytes context = Bytes(65536, 0);
  bool is_new = true;
  std::uint32_t word15 = 0, word28 = 0, word29 = 0, word30 = 0, word31 = 0;

  [[nodiscard]] Words piece(const void* in, std::size_t in_bytes, void* out, std::size_t out_bytes,
                            bool finish, std::uint32_t type = kTypeV3) const {
    Words words = whole(format, in, in_bytes, out, out_bytes, type);
    words[7] |= kStateful | (is_new ? kNewStream : 0) | (finish ? kFinish : 0);
    put_address(words, 22, context.data() + 64);
    words[15] = word15;
    words[28] = word28;
    words[29] = word29;
    words[30] = word30;
    words[31] = word31;
    return words;
  }
  void take(const Words& answer) {
    is_new = false;
    word15 = answer[15];
    word28 = answer[28];
    word29 = answer[29];
    word30 = answer[30];
    word31 = answer[31];
  }
  [[nodiscard]] unsigned state() const { return word15 & 0xf; }
  [[nodiscard]] bool last_block_begun() const { return (word15 & 0x80) != 0; }
  [[nodiscard]] unsigned cached_bits() const { return (word15 >> 10) & 0x3f; }
};

// What the software writes and skips: the hardware knows no headers.
inline Bytes header_of(std::uint32_t format) {
  if (format == kZlib) return {0x78, 0x9c};
  if (format == kGzip) return {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3};
  return {};
}

}  // namespace wd::test

#endif  // WD_TESTS_UNIT_EMULATOR_ZIP_WORDS_HPP_
