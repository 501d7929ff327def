#include "material.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "zlib_api.hpp"

namespace wd::test {

namespace {

constexpr std::string_view kWords[] = {"the ",      "queue",      " of",    " a",       " device",
                                       "\n",        "shared ",    "memory", " is",      "0",
                                       "1",         "<tag>",      "</tag>", "  ",       ",",
                                       "\"key\": ", "descriptor", "\t",     "doorbell", "wrap"};

void append_text(Choices& choices, Bytes& to, std::uint32_t bytes) {
  while (bytes-- != 0) {
    const std::string_view word = kWords[choices.below(std::size(kWords))];
    to.insert(to.end(), word.begin(), word.end());
  }
}

void append_copy(Choices& choices, Bytes& to, std::uint32_t bytes) {
  if (to.empty()) return;
  const std::size_t distance =
      1 + choices.below(static_cast<std::uint32_t>(std::min<std::size_t>(to.size(), 40000)));
  for (; bytes != 0; --bytes) to.push_back(to[to.size() - distance]);
}

}  // namespace

Bytes make_plain(Choices& choices, std::uint32_t most) {
  Bytes plain;
  const std::uint32_t size = choices.skewed(most + 1);
  while (plain.size() < size) {
    const std::uint32_t part = 1 + choices.skewed(2000);
    switch (choices.below(5)) {
      case 0:
        append_text(choices, plain, part / 8 + 1);
        break;
      case 1:
        plain.insert(plain.end(), part, choices.byte());
        break;
      case 2:
        for (std::uint32_t i = 0; i < part; ++i) plain.push_back(choices.byte());
        break;
      case 3:
        append_copy(choices, plain, part);
        break;
      default:
        for (std::uint32_t i = 0; i < part; ++i)
          plain.push_back(static_cast<std::uint8_t>('a' + choices.below(1 + part % 20)));
    }
    if (choices.exhausted()) break;
  }
  plain.resize(std::min<std::size_t>(plain.size(), size));
  return plain;
}

CompressedStream make_stream(Choices& choices) {
  CompressedStream made;
  const int format = static_cast<int>(choices.below(3));
  int bits = choices.one_in(3) ? 9 + static_cast<int>(choices.below(7)) : 15;
  const int argument = format == 0 ? bits : format == 1 ? -bits : bits + 16;
  made.window_bits = argument;
  const Bytes plain = make_plain(choices, choices.one_in(8) ? 90000 : 6000);

  z_stream stream{};
  if (ref_deflateInit2_(&stream, static_cast<int>(choices.below(10)), Z_DEFLATED, argument,
                        1 + static_cast<int>(choices.below(9)), static_cast<int>(choices.below(5)),
                        ZLIB_VERSION, sizeof(stream)) != Z_OK)
    std::abort();
  Bytes extra = make_plain(choices, 40);
  Bytes name = {'n', 'a', 'm', 'e', 0};
  Bytes comment = {'w', 'h', 'y', ' ', 'n', 'o', 't', 0};
  gz_header header{};
  if (format == 2 && choices.one_in(2)) {
    header.text = static_cast<int>(choices.below(2));
    header.time = choices.below(1u << 31);
    header.os = choices.byte();
    if (choices.one_in(2)) {
      header.extra = extra.data();
      header.extra_len = static_cast<uInt>(extra.size());
      if (extra.empty()) header.extra = Z_NULL;
    }
    if (choices.one_in(2)) header.name = name.data();
    if (choices.one_in(2)) header.comment = comment.data();
    header.hcrc = static_cast<int>(choices.below(2));
    ref_deflateSetHeader(&stream, &header);
  }
  if (format != 2 && choices.one_in(4)) {
    made.dictionary = make_plain(choices, 3000);
    made.dictionary.push_back('x');
    ref_deflateSetDictionary(&stream, made.dictionary.data(),
                             static_cast<uInt>(made.dictionary.size()));
  }

  made.bytes.resize(plain.size() * 2 + 20000);
  stream.next_out = made.bytes.data();
  stream.avail_out = static_cast<uInt>(made.bytes.size());
  std::size_t given = 0;
  while (given < plain.size() && stream.avail_out > 4000) {
    const auto part = std::min<std::size_t>(plain.size() - given, 1 + choices.skewed(20000));
    stream.next_in = const_cast<Bytef*>(plain.data() + given);
    stream.avail_in = static_cast<uInt>(part);
    constexpr int kFlushes[] = {Z_NO_FLUSH,   Z_NO_FLUSH,   Z_NO_FLUSH, Z_PARTIAL_FLUSH,
                                Z_SYNC_FLUSH, Z_FULL_FLUSH, Z_BLOCK};
    ref_deflate(&stream, kFlushes[choices.below(std::size(kFlushes))]);
    given += part - stream.avail_in;
    if (choices.one_in(20))
      ref_deflateParams(&stream, static_cast<int>(choices.below(10)),
                        static_cast<int>(choices.below(5)));
  }
  stream.avail_in = 0;
  ref_deflate(&stream, Z_FINISH);
  made.bytes.resize(made.bytes.size() - stream.avail_out);
  ref_deflateEnd(&stream);
  if (choices.one_in(4))
    for (std::uint32_t i = choices.skewed(50); i != 0; --i) made.bytes.push_back(choices.byte());
  return made;
}

void damage(Choices& choices, Bytes& bytes) {
  for (std::uint32_t times = choices.below(4); times != 0 && !bytes.empty(); --times) {
    const std::uint32_t size = static_cast<std::uint32_t>(bytes.size());
    // The beginning decides more than the rest: headers and code tables are there.
    const std::uint32_t at = choices.one_in(2) ? choices.skewed(size) : choices.below(size);
    switch (choices.below(4)) {
      case 0:
        bytes[at] = static_cast<std::uint8_t>(bytes[at] ^ (1u << choices.below(8)));
        break;
      case 1:
        bytes[at] = choices.byte();
        break;
      case 2:
        bytes.erase(bytes.begin() + at);
        break;
      default:
        if (choices.one_in(2))
          bytes.insert(bytes.begin() + at, choices.byte());
        else
          bytes.resize(at);
    }
  }
}

}  // namespace wd::test
