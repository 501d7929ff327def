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
    int data_type;  // as data_type() says behind this step
  };

  RawInflate() noexcept;
  ~RawInflate() noexcept = default;  // close() first; an arena's owner may simply drop it
  RawInflate(const RawInflate&) = delete;
  RawInflate& operator=(const RawInflate&) = delete;

  // Starts a stream. ok, no_memory or stream_error (window_bits out of range).
  StreamCode open(int window_bits, const Allocator& memory) noexcept;
  // An allocator that has taken the place of the one given to open().
  void use_memory(const Allocator& memory) noexcept;
  void close() noexcept;
  // Starts anew with this window; history is forgotten.
  StreamCode reset(int window_bits) noexcept;
  // Starts anew but keeps the history.
  StreamCode reset_keep_history() noexcept;
  // Becomes a copy of `source`, with memory of its own. ok, no_memory or stream_error.
  StreamCode copy_from(const RawInflate& source, const Allocator& memory) noexcept;

  // Decodes from `in` to `out`. Progress is zlib's for the same buffers and flush, to the byte.
  Step run(const std::uint8_t* in, std::uint32_t in_bytes, std::uint8_t* out,
           std::uint32_t out_bytes, Flush flush) noexcept;

  StreamCode prime(int bits, int value) noexcept;
  StreamCode set_dictionary(const std::uint8_t* dictionary, std::uint32_t bytes) noexcept;
  // Copies the history (up to the window's size) to `dictionary` unless null; its length to `bytes`
  // unless null.
  StreamCode get_dictionary(std::uint8_t* dictionary, std::uint32_t* bytes) const noexcept;

  // Why the last step was a data_error: a string literal in zlib's words, or null.
  [[nodiscard]] const char* message() const noexcept;
  // zlib's data_type: bits of the last byte not used yet, 64 in the last block, 128 behind a block,
  // 256 behind a block's header.
  [[nodiscard]] int data_type() const noexcept;
  [[nodiscard]] long mark() const noexcept;
  [[nodiscard]] bool at_sync_point() const noexcept;
  [[nodiscard]] unsigned long codes_used() const noexcept;

 private:
  static constexpr std::size_t kEngineBytes = 112;
  alignas(8) std::byte engine_[kEngineBytes];
};

WD_NAMESPACE_END

#endif  // WD_RAW_INFLATE_HPP_
