#include <algorithm>
#include <string>

#include "sequences.hpp"

namespace wd::test {

namespace {

Difference differs(const char* what, long reference, long shim) {
  return std::string(what) + ": zlib " + std::to_string(reference) + ", shim " +
         std::to_string(shim);
}

Difference compare_checksums(Choices& choices, const Bytes& plain) {
  const auto size = static_cast<std::uint32_t>(plain.size());
  const std::uint32_t from = choices.below(size + 1);
  const std::uint32_t bytes = choices.below(size - from + 1);
  const Bytef* data = plain.data() + from;
  const uLong crc_start = choices.one_in(2) ? 0 : choices.below(~0u);
  const uLong adler_start =
      choices.one_in(2) ? 1 : choices.below(65521) << 16 | choices.below(65521);
  if (ref_crc32(crc_start, data, bytes) != crc32(crc_start, data, bytes)) return "crc32 differs";
  if (ref_adler32(adler_start, data, bytes) != adler32(adler_start, data, bytes))
    return "adler32 differs";
  if (crc32(5, Z_NULL, 7) != ref_crc32(5, Z_NULL, 7) ||
      adler32(5, Z_NULL, 7) != ref_adler32(5, Z_NULL, 7))
    return "a checksum of no buffer differs";
  const uLong first = choices.below(~0u);
  const uLong second = choices.below(~0u);
  const z_off_t length = choices.one_in(2) ? bytes : choices.below(~0u);
  if (ref_crc32_combine(first, second, length) != crc32_combine(first, second, length))
    return "crc32_combine differs";
  if (ref_crc32_combine_gen(length) != crc32_combine_gen(length))
    return "crc32_combine_gen differs";
  const uLong adlers[] = {choices.below(65521) << 16 | choices.below(65521),
                          choices.below(65521) << 16 | choices.below(65521)};
  if (ref_adler32_combine(adlers[0], adlers[1], length) !=
      adler32_combine(adlers[0], adlers[1], length))
    return "adler32_combine differs";
  return {};
}

Difference compare_uncompress(Choices& choices, const Bytes& packed, uLong room) {
  Bytes outputs[2] = {Bytes(room + 1, 7), Bytes(room + 1, 7)};
  uLong produced[2] = {room, room};
  uLong consumed[2] = {packed.size(), packed.size()};
  int codes[2];
  if (choices.one_in(2)) {
    codes[0] = ref_uncompress2(outputs[0].data(), &produced[0], packed.data(), &consumed[0]);
    codes[1] = uncompress2(outputs[1].data(), &produced[1], packed.data(), &consumed[1]);
  } else {
    codes[0] = ref_uncompress(outputs[0].data(), &produced[0], packed.data(), packed.size());
    codes[1] = uncompress(outputs[1].data(), &produced[1], packed.data(), packed.size());
  }
  if (codes[0] != codes[1]) return differs("uncompress's code", codes[0], codes[1]);
  if (produced[0] != produced[1])
    return differs("uncompress's output", static_cast<long>(produced[0]),
                   static_cast<long>(produced[1]));
  if (consumed[0] != consumed[1])
    return differs("uncompress's input", static_cast<long>(consumed[0]),
                   static_cast<long>(consumed[1]));
  if (!std::equal(outputs[0].begin(), outputs[0].begin() + static_cast<long>(produced[0]),
                  outputs[1].begin()))
    return "uncompress's bytes differ";
  return outputs[1][room] == 7 ? Difference{} : Difference{"uncompress wrote past its room"};
}

Difference check_compress(Choices& choices, const Bytes& plain, Bytes& packed) {
  const uLong bound = compressBound(plain.size());
  if (bound != ref_compressBound(plain.size())) return "compressBound differs";
  const int level = static_cast<int>(choices.below(13)) - 2;
  const uLong room =
      choices.one_in(3) ? choices.below(static_cast<std::uint32_t>(bound) + 1) : bound;
  if (level < -1 || level == 0 || level > 9 || room < bound) choices.not_for_devices();
  Bytes outputs[2] = {Bytes(room + 1, 7), Bytes(room + 1, 7)};
  uLong produced[2] = {room, room};
  const int codes[2] = {
      ref_compress2(outputs[0].data(), &produced[0], plain.data(), plain.size(), level),
      compress2(outputs[1].data(), &produced[1], plain.data(), plain.size(), level)};
  if (outputs[1][room] != 7) return "compress2 wrote past its room";
  // A room between the two libraries' sizes decides differently; nothing else may.
  if (codes[0] != codes[1] && !(codes[1] == Z_OK && codes[0] == Z_BUF_ERROR) &&
      !(codes[1] == Z_BUF_ERROR && codes[0] == Z_OK && room < bound))
    return differs("compress2's code", codes[0], codes[1]);
  if (codes[1] != Z_OK) return {};
  packed.assign(outputs[1].begin(), outputs[1].begin() + static_cast<long>(produced[1]));
  Bytes back(plain.size() + 1);
  uLong back_bytes = back.size();
  if (ref_uncompress(back.data(), &back_bytes, packed.data(), packed.size()) != Z_OK ||
      back_bytes != plain.size() || !std::equal(plain.begin(), plain.end(), back.begin()))
    return "plain libz does not get back what compress2 was given";
  return {};
}

}  // namespace

Difference run_whole_sequence(Choices& choices) {
  const Bytes plain = make_plain(choices, choices.one_in(5) ? 150000 : 5000);
  Difference difference = compare_checksums(choices, plain);
  if (!difference.empty()) return difference;
  Bytes packed;
  difference = check_compress(choices, plain, packed);
  if (!difference.empty()) return difference;
  if (packed.empty() || choices.one_in(2)) {
    choices.not_for_devices();  // of any format, and of any size
    packed = make_stream(choices).bytes;
  }
  if (choices.one_in(2)) {
    choices.not_for_devices();
    damage(choices, packed);
  }
  const uLong room = choices.one_in(2) ? plain.size() + choices.below(3) : choices.skewed(100000);
  if (room < plain.size()) choices.not_for_devices();
  return compare_uncompress(choices, packed, room);
}

}  // namespace wd::test
