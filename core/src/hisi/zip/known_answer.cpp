#include "hisi/zip/known_answer.hpp"

#include <cstring>
#include <iterator>

#include "hisi/zip/lane.hpp"
#include "wd/checksum.hpp"
#include "wd/raw_inflate.hpp"

WD_NAMESPACE_BEGIN

namespace hisi::zip {

namespace {

// A text of twenty lines that count bottles, as zlib compresses it at level 9, and its Adler-32.
constexpr std::uint8_t kKnownBody[] = {
    0xa5, 0xd2, 0x5b, 0x0a, 0xc3, 0x20, 0x10, 0x46, 0xe1, 0xf7, 0xae, 0x62, 0x56, 0x50, 0xa2,
    0xb9, 0x93, 0xd5, 0x18, 0xa2, 0xa4, 0x60, 0x23, 0x54, 0xa1, 0xdb, 0xcf, 0xc9, 0x1a, 0xfe,
    0x07, 0x61, 0x1c, 0x98, 0xf3, 0xf4, 0xf9, 0xce, 0xf6, 0xd2, 0x5a, 0x8e, 0xd5, 0x6a, 0x0b,
    0xd7, 0x61, 0xe5, 0xb2, 0x76, 0x46, 0xfb, 0x87, 0x9c, 0x37, 0xfb, 0x24, 0xfe, 0xd1, 0x4a,
    0x7a, 0x76, 0x5f, 0x4b, 0x2c, 0xeb, 0x33, 0xfe, 0xa2, 0x05, 0x9e, 0x5b, 0xdf, 0x2f, 0xb7,
    0x2a, 0x81, 0x85, 0xc0, 0xa2, 0x04, 0x66, 0x02, 0xb3, 0x12, 0x98, 0x08, 0x4c, 0x4a, 0x60,
    0x24, 0x30, 0x2a, 0x81, 0x81, 0xc0, 0xa0, 0x04, 0x7a, 0x02, 0xbd, 0x12, 0xf0, 0x04, 0xbc,
    0x12, 0x70, 0x04, 0x9c, 0x12, 0xe8, 0x08, 0x28, 0x12, 0x81, 0xa8, 0x38, 0x84, 0xa1, 0xa2,
    0x10, 0x84, 0x8a, 0x41, 0x08, 0x2a, 0x02, 0x01, 0xa8, 0xf8, 0x83, 0x9f, 0xa2, 0x0f, 0x7c,
    0x8a, 0x3d, 0xe8, 0x49, 0xf2, 0x70, 0x23, 0x9c, 0xc3, 0xee, 0x06, 0x49, 0x33, 0xae, 0xe2,
};
constexpr std::size_t kTrailerBytes = 4;
constexpr std::size_t kMostTextBytes = 2048;
// One buffer holds all that the device sees, so that nothing else could be hit.
constexpr std::size_t kRoomBytes = 4096;

std::uint64_t address_of(const void* at) noexcept {
  return reinterpret_cast<std::uintptr_t>(at);
}

// As our own decoder reads it; 0 if it does not.
std::size_t decoded(const std::uint8_t* body, std::size_t body_bytes, std::uint8_t* text,
                    std::size_t room) noexcept {
  RawInflate inflate;
  if (inflate.open(kMaxWindowBits, Allocator::standard()) != StreamCode::ok) return 0;
  const RawInflate::Step step = inflate.run(body, static_cast<std::uint32_t>(body_bytes), text,
                                            static_cast<std::uint32_t>(room), Flush::finish);
  inflate.close();
  const bool all =
      step.code == StreamCode::end && step.consumed + static_cast<std::int64_t>(kTrailerBytes) ==
                                          static_cast<std::int64_t>(body_bytes);
  if (!all) return 0;
  const std::uint32_t check = adler32(kAdler32Start, text, step.produced);
  const std::uint8_t* trailer = body + step.consumed;
  const std::uint32_t given = std::uint32_t{trailer[0]} << 24 | std::uint32_t{trailer[1]} << 16 |
                              std::uint32_t{trailer[2]} << 8 | trailer[3];
  return check == given ? step.produced : 0;
}

Result<Outcome> ask(Lane& lane, const std::uint8_t* in, std::size_t in_bytes, std::uint8_t* out,
                    std::size_t out_bytes) noexcept {
  Request request;
  request.coding = Coding::zlib;  // which every generation has
  request.source = address_of(in);
  request.source_bytes = static_cast<std::uint32_t>(in_bytes);
  request.destination = address_of(out);
  request.destination_bytes = static_cast<std::uint32_t>(out_bytes);
  return lane.run(request);
}

}  // namespace

bool gives_known_answer(Queue& queue, const DeviceInfo& device, QueueKind kind) noexcept {
  std::uint8_t text[kMostTextBytes];
  const std::size_t text_bytes = decoded(kKnownBody, sizeof(kKnownBody), text, sizeof(text));
  if (text_bytes == 0) return false;
  Lane lane(queue, device.api.version);
  std::uint8_t out[kRoomBytes];
  if (static_cast<Direction>(kind) == Direction::decompress) {
    const auto outcome = ask(lane, kKnownBody, sizeof(kKnownBody), out, sizeof(out));
    return outcome && (outcome->verdict == Verdict::done || outcome->verdict == Verdict::end) &&
           outcome->consumed == sizeof(kKnownBody) && outcome->produced == text_bytes &&
           std::memcmp(out, text, text_bytes) == 0;
  }
  const auto outcome = ask(lane, text, text_bytes, out, sizeof(out));
  if (!outcome || outcome->verdict != Verdict::done || outcome->consumed != text_bytes)
    return false;
  std::uint8_t back[kMostTextBytes];
  return decoded(out, outcome->produced, back, sizeof(back)) == text_bytes &&
         std::memcmp(back, text, text_bytes) == 0;
}

}  // namespace hisi::zip

WD_NAMESPACE_END
