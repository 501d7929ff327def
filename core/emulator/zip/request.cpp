#include "zip/request.hpp"

#include <array>

namespace wd::emulator::zip {
namespace {

constexpr std::uint32_t bits(std::uint32_t word, unsigned high, unsigned low) {
  return (word >> low) & ((2U << (high - low)) - 1);
}

std::uint64_t address(const Descriptor& words, std::size_t low) {
  return words[low] | std::uint64_t{words[low + 1]} << 32;
}

// Longest flat buffer; lists have no limit of their own.
constexpr std::uint32_t kMostFlatBytes = 8U << 20;

constexpr std::array<std::uint32_t, 5> kWindows{4096, 8192, 16384, 24576, 32768};

// The same with more effort, which makes no difference here.
constexpr std::uint32_t kLz77ZstdByPrice = 0x42;

constexpr std::uint32_t kTypeOfV2 = 0;
constexpr std::uint32_t kTypeOfV3 = 3;

// Answers, protection information, storage ciphers: nothing that a compression request sets.
constexpr std::array<std::size_t, 11> kZeroWords{0, 1, 2, 3, 5, 6, 10, 11, 12, 16, 17};

bool reserved_is_zero(const Descriptor& words, Format format, Api api) {
  for (const std::size_t word : kZeroWords)
    if (words[word] != 0) return false;
  if (bits(words[7], 24, 24) != 0 || bits(words[8], 31, 24) != 0 || bits(words[9], 31, 16) != 0)
    return false;
  const bool has_literals = format == Format::lz77_zstd;
  if (!has_literals && (words[24] != 0 || words[25] != 0)) return false;
  // The tag's place in one of the two, the room for literals or a second key in the other.
  if (api == Api::v2) return words[26] == 0 && words[27] == 0;
  return has_literals || words[13] == 0;
}

bool known(std::uint32_t format, Api api) {
  switch (static_cast<Format>(format)) {
    case Format::zlib:
    case Format::gzip:
      return true;
    case Format::deflate:
    case Format::lz77_zstd:
      return api != Api::v2;
  }
  return false;
}

}  // namespace

bool decode(const Descriptor& words, Api api, Request& request) {
  const std::uint32_t type = bits(words[7], 31, 28);
  std::uint32_t format = bits(words[9], 7, 0);
  if (format == kLz77ZstdByPrice) format = static_cast<std::uint32_t>(Format::lz77_zstd);
  const std::uint32_t buffers = bits(words[9], 11, 8);
  const std::uint32_t window = bits(words[9], 15, 12);
  if (type != (api == Api::v2 ? kTypeOfV2 : kTypeOfV3) || !known(format, api)) return false;
  if (buffers > 1 || window >= kWindows.size()) return false;
  request.format = static_cast<Format>(format);
  if (!reserved_is_zero(words, request.format, api)) return false;
  request.input_bytes = words[4];
  request.input_offset = bits(words[7], 23, 0);
  request.finish = bits(words[7], 25, 25) != 0;
  request.stateful = bits(words[7], 26, 26) != 0;
  request.is_new = bits(words[7], 27, 27) != 0;
  request.room_offset = bits(words[8], 23, 0);
  request.scattered = buffers == 1;
  request.window_bytes = kWindows[window];
  request.literals_room = words[13];
  request.room_bytes = words[14];
  request.source = address(words, 18);
  request.destination = address(words, 20);
  request.context = address(words, 22);
  request.literals = address(words, 24);
  request.stream = {.word0 = words[15],
                    .word1 = words[28],
                    .word2 = words[29],
                    .total = words[30],
                    .checksum = words[31]};
  if (request.scattered) return true;
  // Offsets are for lists only.
  return request.input_bytes <= kMostFlatBytes && request.room_bytes <= kMostFlatBytes &&
         request.input_offset == 0 && request.room_offset == 0;
}

void encode(const Answer& answer, Descriptor& words) {
  constexpr std::uint32_t kLastBlock = 1U << 8;
  words[0] = answer.consumed;
  words[1] = answer.produced;
  words[2] = answer.literals;
  words[3] = static_cast<std::uint32_t>(answer.status) | (answer.last_block ? kLastBlock : 0);
  words[15] = answer.stream.word0;
  words[28] = answer.stream.word1;
  words[29] = answer.stream.word2;
  words[30] = answer.stream.total;
  words[31] = answer.stream.checksum;
}

}  // namespace wd::emulator::zip
