// zlib's ABI as the shim meets it: what a z_stream's state can be, and words that recur.
#ifndef WD_SHIM_ABI_HPP_
#define WD_SHIM_ABI_HPP_

#include <zlib.h>

#include <cstdint>

#include "wd/allocator.hpp"
#include "wd/deflate.hpp"

// What libwd_z.so exports.
#define WD_EXPORT extern "C" __attribute__((visibility("default")))

namespace wd::shim {

// The first member of every state of ours, as of zlib's own: whom it belongs to; then a number that
// no zlib has in this place, where all versions keep a status.
struct StateHead {
  z_streamp owner;
  std::uint64_t magic;
};

inline constexpr std::uint64_t kDeflateMagic = 0x3145'5441'4c46'4457;
inline constexpr std::uint64_t kInflateMagic = 0x3145'5441'4c4e'4957;
inline constexpr std::uint64_t kInflateBackMagic = 0x314b'4341'424e'4957;

// A state that the private zlib owns is marked in the pointer's lowest bit, which is zero in every
// other: its memory is laid out as the system's zlib lays out its own, and nothing else tells whose
// it is.
inline constexpr std::uintptr_t kHandedOver = 1;  // deflate, framing included

enum class Owner : std::uint8_t {
  nobody,   // no stream, no state, no allocator, or not this stream's state
  deflate,  // a DeflateState
  inflate,  // an InflateState
  handed_over,
  inflate_back,
  foreign,  // another zlib's
};

[[nodiscard]] inline std::uintptr_t state_bits(const z_stream& stream) noexcept {
  return reinterpret_cast<std::uintptr_t>(stream.state);
}

// The state of a stream of ours, if it is one of this kind.
template <class State>
[[nodiscard]] inline State* state_of(z_streamp stream, std::uint64_t magic) noexcept {
  if (stream == Z_NULL || stream->state == Z_NULL || stream->zalloc == Z_NULL ||
      stream->zfree == Z_NULL || (state_bits(*stream) & kHandedOver) != 0)
    return nullptr;
  auto* head = reinterpret_cast<StateHead*>(stream->state);
  if (head->magic != magic || head->owner != stream) return nullptr;
  return reinterpret_cast<State*>(stream->state);
}

[[nodiscard]] inline Owner owner_of(const z_stream* stream) noexcept {
  if (stream == Z_NULL || stream->state == Z_NULL || stream->zalloc == Z_NULL ||
      stream->zfree == Z_NULL)
    return Owner::nobody;
  if ((state_bits(*stream) & kHandedOver) != 0) return Owner::handed_over;
  const auto* head = reinterpret_cast<const StateHead*>(stream->state);
  if (head->magic == kInflateBackMagic) return Owner::inflate_back;
  if (head->magic != kDeflateMagic && head->magic != kInflateMagic) return Owner::foreign;
  if (head->owner != stream) return Owner::nobody;
  return head->magic == kDeflateMagic ? Owner::deflate : Owner::inflate;
}

// For the length of a scope, a marked state's pointer is the plain one that the private zlib knows.
class PlainState {
 public:
  PlainState(z_streamp stream, std::uintptr_t mark) noexcept : stream_(stream), mark_(mark) {
    stream_->state = reinterpret_cast<internal_state*>(state_bits(*stream) & ~mark);
  }
  // A call that ended the stream left no state to mark.
  ~PlainState() {
    if (stream_->state != Z_NULL)
      stream_->state = reinterpret_cast<internal_state*>(state_bits(*stream_) | mark_);
  }
  PlainState(const PlainState&) = delete;
  PlainState& operator=(const PlainState&) = delete;

 private:
  z_streamp stream_;
  std::uintptr_t mark_;
};

inline constexpr const char* kStreamErrorText = "stream error";
inline constexpr const char* kBufferErrorText = "buffer error";
inline constexpr const char* kNoMemoryText = "insufficient memory";

inline void set_message(z_streamp stream, const char* text) noexcept {
  stream->msg = const_cast<char*>(text);
}

[[nodiscard]] inline bool version_matches(const char* version, int stream_size) noexcept {
  return version != Z_NULL && version[0] == ZLIB_VERSION[0] &&
         stream_size == static_cast<int>(sizeof(z_stream));
}

// Fills in the standard allocator where the caller gave none, visibly, as zlib does. True if the
// caller gave one.
inline bool settle_allocator(z_streamp stream) noexcept {
  const Allocator standard = Allocator::standard();
  // The standard one may have been left in the stream by an Init before.
  const bool own = (stream->zalloc != Z_NULL && stream->zalloc != standard.allocate) ||
                   (stream->zfree != Z_NULL && stream->zfree != standard.release);
  if (stream->zalloc == Z_NULL) {
    stream->zalloc = standard.allocate;
    stream->opaque = Z_NULL;
  }
  if (stream->zfree == Z_NULL) stream->zfree = standard.release;
  return own;
}

[[nodiscard]] inline Allocator allocator_of(const z_stream& stream) noexcept {
  return {stream.zalloc, stream.zfree, stream.opaque};
}

// Takes the progress of a step into the caller's fields. The totals are added to, never set:
// callers keep their own count there.
inline void advance(z_streamp stream, std::int64_t consumed, std::uint32_t produced) noexcept {
  stream->next_in += consumed;
  stream->avail_in -= static_cast<uInt>(consumed);
  stream->next_out += produced;
  stream->avail_out -= produced;
}

inline void count(z_streamp stream, std::int64_t consumed, std::uint32_t produced) noexcept {
  stream->total_in +=
      static_cast<uInt>(consumed);  // zlib, too, adds 32 bits, also of a negative number
  stream->total_out += produced;
}

}  // namespace wd::shim

#endif  // WD_SHIM_ABI_HPP_
