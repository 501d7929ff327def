// Whole messages on a ZIP engine, frame included: header by us, body and trailer by the engine.
//
// Threading and ownership: as Lane. Input and output must not overlap. Whatever the engine cannot
// do, and whatever it cannot be told (dictionaries, headers that go wrong), is for software, which
// also finds the words for what is wrong with a message.
#ifndef WD_HISI_ZIP_MESSAGE_HPP_
#define WD_HISI_ZIP_MESSAGE_HPP_

#include <cstddef>
#include <cstdint>
#include <span>

#include "hisi/zip/lane.hpp"
#include "wd/deflate.hpp"
#include "wd/request.hpp"

WD_NAMESPACE_BEGIN

namespace hisi::zip {

enum class MessageEnd : std::uint8_t {
  done,
  does_not_fit,  // into this room
  for_software,  // nothing that the engine does, or a message that is not whole
  refused,       // decompression: the device finds it wrong
  fault,         // a device failed
  busy,
  forked,
};

struct MessageResult {
  MessageEnd end;
  std::size_t consumed;  // of nothing that is not done, either count is zero
  std::size_t produced;
};

struct MessageParameters {
  Format format = Format::zlib;  // decompression: also automatic
  int level = kDefaultLevel;     // for the header's words only
  int window_bits = kMaxWindowBits;
  int numa_node = -1;
};

MessageResult compress_message(Lane& lane, const MessageParameters& parameters, const void* in,
                               std::size_t in_bytes, void* out, std::size_t out_bytes) noexcept;
MessageResult decompress_message(Lane& lane, const MessageParameters& parameters, const void* in,
                                 std::size_t in_bytes, void* out, std::size_t out_bytes) noexcept;
// A body with its trailer, without the header. The format is not automatic.
MessageResult decompress_body(Lane& lane, const MessageParameters& parameters, const void* in,
                              std::size_t body_bytes, void* out, std::size_t out_bytes) noexcept;
// Pieces on either side, through scatter lists; up to 8 MiB of input.
MessageResult compress_scattered(Lane& lane, const MessageParameters& parameters,
                                 std::span<const ConstBuffer> in,
                                 std::span<const MutableBuffer> out) noexcept;

}  // namespace hisi::zip

WD_NAMESPACE_END

#endif  // WD_HISI_ZIP_MESSAGE_HPP_
