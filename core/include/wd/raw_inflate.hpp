// A raw DEFLATE decoder in progress (RFC 1951): no header, no checksum, no counters. Those are
// InflateStream's; this is what an engine does.
//
// Threading: one thread at a time. Ownership: all its memory comes from the Allocator given at
// open(); when that memory is dropped as a whole, nothing else needs to be released. Does not move:
// the engine keeps its address. Windows of 2^8 to 2^15 bytes; a step takes up to 2^32-1 bytes.
#ifndef WD_RAW_INFLATE_HPP_
#define WD_RAW_INFLATE_HPP_

#include <cstddef>
#include <cstdint>

#include "wd/allocator.hpp"
#include "wd/deflate.hpp"

WD_NAMESPACE_BEGIN

class WD_API RawInflate {
 public:
  struct Step {
    // May be negative: bits primed by the caller are given back as input when they were not needed.
    std::int64_t consumed;
    std::uint32_t produced;
    StreamCode code;
  };

  RawInflate() noexcept;
  ~RawInflate() noexcept = default;  // close() first; an arena's owner may simply drop it
  RawInflate(const RawInflate&) = delete;
  RawInflate& operator=(const RawInflate&) = delete;

  // Starts a stream. ok, no_memory or stream_error (window_bits out of range).
  StreamCode open(int window_bits, const Allocator& memory) noexcept;
  // An allocator that has taken the place of the one given to open().
  void use_memory(const Allocator& memory) noexcept { memory_ = memory; }
  void close() noexcept;
  // Makes decoding 2 to 3 % faster where codes are long, by memory beside: kTableBytes of it,
  // aligned to 4, behind open() and before the first step; the caller's until close().
  static constexpr std::size_t kTableBytes = 2342 * sizeof(std::uint32_t);
  void lend_table(void* memory) noexcept;
  // Starts anew with this window; history is forgotten. Here also 0, a window of one byte: zlib has
  // that where a header was to say how large it is, and was skipped by inflateSync().
  StreamCode reset(int window_bits) noexcept;
  // Starts anew but keeps the history.
  StreamCode reset_keep_history() noexcept;
  // Becomes a copy of `source`, with memory of its own. ok, no_memory or stream_error.
  StreamCode copy_from(const RawInflate& source, const Allocator& memory) noexcept;

  // What comes behind the end of the data.
  enum class Behind : bool {
    nothing,
    trailer,  // the caller reads on, and says then whether to remember() what the last step
              // produced
  };

  // Decodes from `in` to `out`. Progress is zlib's for the same buffers and flush, to the byte.
  Step run(const std::uint8_t* in, std::uint32_t in_bytes, std::uint8_t* out,
           std::uint32_t out_bytes, Flush flush, Behind behind = Behind::nothing) noexcept;
  // A step that begins and ends within stored blocks, where it is no more than a copy; consumed is
  // 0 where run() has to look. Not for flushes that stop at blocks.
  Step pass_stored(const std::uint8_t* in, std::uint32_t in_bytes, std::uint8_t* out,
                   std::uint32_t out_bytes) noexcept;
  // Keeps history of `produced` bytes that end at `end`, where zlib would for a step with `flush`.
  // ok, or no_memory from now on.
  StreamCode remember(const std::uint8_t* end, std::uint32_t produced, Flush flush) noexcept;

  StreamCode prime(int bits, int value) noexcept;
  StreamCode set_dictionary(const std::uint8_t* dictionary, std::uint32_t bytes) noexcept;
  // Copies the history (up to the window's size) to `dictionary` unless null; its length to `bytes`
  // unless null.
  StreamCode get_dictionary(std::uint8_t* dictionary, std::uint32_t* bytes) const noexcept;

  // Why the last step was a data_error: a string literal in zlib's words, or null.
  [[nodiscard]] const char* message() const noexcept;
  // zlib's data_type: bits held, 64 in the last block, 128 behind a block, 256 behind a block's
  // header.
  [[nodiscard]] int data_type() const noexcept;
  // Bits taken from input, or primed, and not used yet: at most 32, the next one lowest.
  [[nodiscard]] std::uint32_t held() const noexcept;
  [[nodiscard]] unsigned held_bits() const noexcept;
  [[nodiscard]] long mark() const noexcept;
  [[nodiscard]] bool at_sync_point() const noexcept;
  [[nodiscard]] unsigned long codes_used() const noexcept;

 private:
  static constexpr std::size_t kEngineBytes = 7448;
  Allocator memory_{};
  alignas(8) std::byte engine_[kEngineBytes];
};

WD_NAMESPACE_END

#endif  // WD_RAW_INFLATE_HPP_
