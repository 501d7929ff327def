// Whole messages through an accelerator.
#ifndef WD_STREAM_WHOLE_OFFLOAD_HPP_
#define WD_STREAM_WHOLE_OFFLOAD_HPP_

#include <cstddef>
#include <cstdint>

#include "engine/accelerator.hpp"
#include "framing/frame_writer.hpp"
#include "stream/whole_frame.hpp"
#include "wd/context.hpp"

WD_NAMESPACE_BEGIN

// Whether accelerators mean by these parameters what zlib means: level 0, strategies, small windows
// and exact output are zlib's own.
[[nodiscard]] inline bool suits_accelerators(const Context& context,
                                             const DeflateParameters& parameters) noexcept {
  return parameters.level >= 1 && parameters.strategy == Strategy::standard &&
         parameters.window_bits == kMaxWindowBits && !context.exact_compression();
}

[[nodiscard]] inline bool may_offload_whole(const Context& context,
                                            const DeflateParameters& parameters,
                                            std::size_t in_bytes) noexcept {
  return suits_accelerators(context, parameters) &&
         context.accelerator(Algorithm::deflate, in_bytes) != nullptr;
}

// The accelerator for a message, or for a stream that begins with so much input, or null: what
// keeps it from one is counted.
enum class OffloadKind : bool { message, stream };
[[nodiscard]] const Accelerator* deflate_accelerator(const Context& context, OffloadKind kind,
                                                     Format format,
                                                     const DeflateParameters& parameters,
                                                     std::size_t in_bytes) noexcept;
[[nodiscard]] const Accelerator* inflate_accelerator(const Context& context, Format format,
                                                     bool suits, std::size_t in_bytes) noexcept;

// As encode_frame(); bytes is 0, and counted, where it has to be done in software.
EncodedFrame encode_frame_on(const Accelerator& accelerator, const Context& context, Format format,
                             const DeflateParameters& parameters, const std::uint8_t* in,
                             std::size_t in_bytes, std::uint8_t* out,
                             std::size_t out_bytes) noexcept;

// encode_frame() by the accelerator for it, if there is one, else by the engine for whole messages.
EncodedFrame encode_whole(const Context& context, BorrowedScratch& scratch, Format format,
                          const DeflateParameters& parameters, const std::uint8_t* in,
                          std::size_t in_bytes, std::uint8_t* out, std::size_t out_bytes) noexcept;

// The checksum in the trailer that ends at `end`; of raw messages, where it stands still.
[[nodiscard]] std::uint32_t check_in_trailer(Format format, const std::uint8_t* end) noexcept;

[[nodiscard]] constexpr std::size_t trailer_bytes_of(Format format) noexcept {
  return format == Format::gzip ? 8 : format == Format::zlib ? 4 : 0;
}

WD_NAMESPACE_END

#endif  // WD_STREAM_WHOLE_OFFLOAD_HPP_
