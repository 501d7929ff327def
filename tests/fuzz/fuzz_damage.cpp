// Valid streams, damaged as the fuzzer decides, through inflate() or uncompress2() on plain libz
// and the shim. Arbitrary bytes seldom get further than a header; these get anywhere, and with
// their trailer repaired to the very end.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <memory>
#include <unordered_map>

#include "choices.hpp"
#include "fail.hpp"
#include "material.hpp"
#include "pair.hpp"

namespace wd::test {
namespace {

constexpr std::size_t kMostOutput = 1u << 17;

void flip_bits(Choices& choices, Bytes& bytes, std::size_t at) {
  bytes[at] = static_cast<std::uint8_t>(bytes[at] ^ (1u << choices.below(8)));
}

// From here on all bits are moved up by one to seven, as they are behind a code of another length.
void shift_bits(Choices& choices, Bytes& bytes, std::size_t at) {
  const std::uint32_t by = 1 + choices.below(7);
  unsigned carry = choices.byte() & ((1u << by) - 1);
  for (; at < bytes.size(); ++at) {
    carry |= static_cast<unsigned>(bytes[at]) << by;
    bytes[at] = static_cast<std::uint8_t>(carry);
    carry >>= 8;
  }
}

void splice(Choices& choices, Bytes& bytes, std::size_t at) {
  const auto size = static_cast<std::uint32_t>(bytes.size());
  const std::uint32_t from = choices.below(size);
  const std::uint32_t length = std::min(1 + choices.skewed(300), size - from);
  const Bytes piece(bytes.begin() + from, bytes.begin() + from + length);
  if (choices.one_in(2))
    bytes.insert(bytes.begin() + static_cast<long>(at), piece.begin(), piece.end());
  else
    std::copy_n(piece.begin(), std::min(piece.size(), bytes.size() - at),
                bytes.begin() + static_cast<long>(at));
}

void damage_structure(Choices& choices, Bytes& bytes, std::size_t header) {
  for (std::uint32_t times = choices.below(6); times != 0 && bytes.size() > header; --times) {
    const auto body = static_cast<std::uint32_t>(bytes.size() - header);
    const std::size_t at =
        header + (choices.one_in(2) ? choices.skewed(body) : choices.below(body));
    switch (choices.below(6)) {
      case 0:
      case 1:
        flip_bits(choices, bytes, at);
        break;
      case 2:
        bytes[at] = choices.byte();
        break;
      case 3:
        shift_bits(choices, bytes, at);
        break;
      case 4:
        splice(choices, bytes, at);
        break;
      default:
        bytes.resize(choices.one_in(2) ? at : bytes.size());
    }
  }
}

// One of a thousand, made when it is first asked for: to make one takes longer than all the rest.
const CompressedStream& stream_of(std::uint32_t number) {
  static std::unordered_map<std::uint32_t, CompressedStream> made;
  const auto found = made.find(number);
  if (found != made.end()) return found->second;
  Choices choices(std::uint64_t{number});
  return made.emplace(number, make_stream(choices)).first->second;
}

// Puts the right trailer behind the body, if that still is one.
void repair_trailer(Bytes& bytes, std::size_t header, bool gzip, const Bytes& dictionary) {
  z_stream stream{};
  if (ref_inflateInit2_(&stream, -15, ZLIB_VERSION, sizeof(stream)) != Z_OK) std::abort();
  if (!dictionary.empty())
    ref_inflateSetDictionary(&stream, dictionary.data(), static_cast<uInt>(dictionary.size()));
  Bytes plain(kMostOutput);
  stream.next_in = bytes.data() + header;
  stream.avail_in = static_cast<uInt>(bytes.size() - header);
  stream.next_out = plain.data();
  stream.avail_out = static_cast<uInt>(plain.size());
  const int code = ref_inflate(&stream, Z_FINISH);
  const std::size_t end = header + stream.total_in;
  const auto length = static_cast<std::uint32_t>(stream.total_out);
  ref_inflateEnd(&stream);
  if (code != Z_STREAM_END) return;
  const auto check = static_cast<std::uint32_t>(gzip ? ref_crc32(0, plain.data(), length)
                                                     : ref_adler32(1, plain.data(), length));
  bytes.resize(std::max(bytes.size(), end + 8));
  for (unsigned i = 0; i < 4; ++i) {
    bytes[end + i] = static_cast<std::uint8_t>(check >> 8 * (gzip ? i : 3 - i));
    if (gzip) bytes[end + 4 + i] = static_cast<std::uint8_t>(length >> 8 * i);
  }
}

void run_calls(Choices& choices, const Bytes& bytes, int window, const Bytes& dictionary) {
  // Large ones where the fuzzer's bytes have run out: thousands of calls for a byte each find
  // little.
  const std::uint32_t in_step = choices.one_in(3) ? 70000 : 1 + choices.skewed(3000);
  const std::uint32_t out_step = choices.one_in(3) ? 70000 : 1 + choices.skewed(3000);
  Pair pair;
  z_stream& reference = pair.reference.stream;
  z_stream& shim = pair.shim.stream;
  if (ref_inflateInit2_(&reference, window, ZLIB_VERSION, sizeof(z_stream)) != Z_OK ||
      inflateInit2_(&shim, window, ZLIB_VERSION, sizeof(z_stream)) != Z_OK)
    std::abort();
  const auto set_dictionary = [&] {
    const auto length = static_cast<uInt>(dictionary.size());
    if (length == 0) return;
    const int codes[] = {ref_inflateSetDictionary(&reference, dictionary.data(), length),
                         inflateSetDictionary(&shim, dictionary.data(), length)};
    fail_if(pair.compare("inflateSetDictionary", codes[0], codes[1]));
  };
  if (window < 0) set_dictionary();
  std::unique_ptr<std::uint8_t[]> piece;
  std::size_t given = 0;
  for (int calls = 0, idle = 0; calls < 600 && idle < 2; ++calls) {
    if (reference.avail_in == 0) {
      const auto part =
          static_cast<std::uint32_t>(std::min<std::size_t>(in_step, bytes.size() - given));
      // Memory of exactly this length: the sanitizer sees a byte read too far.
      piece = std::make_unique<std::uint8_t[]>(part);
      std::copy_n(bytes.data() + given, part, piece.get());
      given += part;
      pair.give_input(piece.get(), part);
    }
    pair.give_output(choices.below(4) == 3 ? choices.skewed(out_step + 1) : out_step);
    const int flush = static_cast<int>(choices.below(7));
    const int codes[] = {ref_inflate(&reference, flush), inflate(&shim, flush)};
    fail_if(pair.compare("inflate", codes[0], codes[1]));
    if (ref_inflateMark(&reference) != inflateMark(&shim)) fail_if("inflateMark differs");
    if (ref_inflateCodesUsed(&reference) != inflateCodesUsed(&shim))
      fail_if("inflateCodesUsed differs");
    if (codes[0] == Z_NEED_DICT && !dictionary.empty())
      set_dictionary();
    else if (codes[0] != Z_OK && codes[0] != Z_BUF_ERROR)
      break;
    idle =
        given == bytes.size() && reference.avail_in == 0 && reference.avail_out != 0 ? idle + 1 : 0;
  }
  ref_inflateEnd(&reference);
  inflateEnd(&shim);
}

// Whole messages, in memory of exactly their length and a room of exactly that.
void run_uncompress(Choices& choices, const Bytes& bytes) {
  const uLong room = choices.one_in(2) ? choices.skewed(100000) : kMostOutput;
  const auto packed = std::make_unique<std::uint8_t[]>(bytes.size());
  std::copy(bytes.begin(), bytes.end(), packed.get());
  std::unique_ptr<std::uint8_t[]> rooms[2];
  for (auto& each : rooms) {
    each = std::make_unique<std::uint8_t[]>(room);
    std::memset(each.get(), 0x5a, room);
  }
  uLong produced[2] = {room, room};
  uLong consumed[2] = {bytes.size(), bytes.size()};
  const int codes[] = {ref_uncompress2(rooms[0].get(), &produced[0], packed.get(), &consumed[0]),
                       uncompress2(rooms[1].get(), &produced[1], packed.get(), &consumed[1])};
  if (codes[0] != codes[1])
    fail_if("uncompress2's code: zlib " + std::to_string(codes[0]) + ", shim " +
            std::to_string(codes[1]));
  if (produced[0] != produced[1] || consumed[0] != consumed[1])
    fail_if("uncompress2's counts differ");
  if (!std::equal(rooms[0].get(), rooms[0].get() + room, rooms[1].get()))
    fail_if("uncompress2's rooms differ");
}

}  // namespace
}  // namespace wd::test

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wd::test;
  if (size < 4) return 0;
  // Which stream it is takes few bytes; damage and calls take the rest, and keep it.
  const std::uint8_t mode = data[2];
  Choices choices(std::span<const std::uint8_t>(data + 3, size - 3));
  CompressedStream stream = stream_of((data[0] | data[1] << 8) % 1024u);
  const bool gzip = stream.window_bits > 15;
  // Headers with optional fields are fuzz_inflate's.
  std::size_t header = stream.window_bits < 0 ? 0 : gzip ? 10 : stream.dictionary.empty() ? 2 : 6;
  header = std::min(header, stream.bytes.size());
  damage_structure(choices, stream.bytes, header);
  if (stream.window_bits > 0 && mode % 4 != 0)
    repair_trailer(stream.bytes, header, gzip, stream.dictionary);
  if (stream.window_bits > 0 && !gzip && mode / 4 % 2 == 0)
    run_uncompress(choices, stream.bytes);
  else
    run_calls(choices, stream.bytes, stream.window_bits, stream.dictionary);
  return 0;
}
