// Whole messages, frame included, through an engine that needs all input and enough output at hand.
#ifndef WD_STREAM_WHOLE_FRAME_HPP_
#define WD_STREAM_WHOLE_FRAME_HPP_

#include <cstddef>
#include <cstdint>

#include "base/thread_scratch.hpp"
#include "engine/whole_codec.hpp"
#include "wd/context.hpp"
#include "wd/raw_deflate.hpp"

WD_NAMESPACE_BEGIN

// The engine for whole messages with these parameters, or null: then only zlib means what they say
// (level 0, strategies, small windows, exact output), or its output is smaller (messages below 512
// bytes, or of few different bytes).
const WholeCodec* whole_encoder(const Context& context, const DeflateParameters& parameters,
                                const std::uint8_t* in, std::size_t in_bytes) noexcept;

struct EncodedFrame {
  std::size_t bytes;    // 0: does not fit, or no memory
  std::uint32_t check;  // of the body
};

// Header, body and trailer, in stored blocks if the engine's output does not fit and those do.
EncodedFrame encode_frame(const Context& context, const WholeCodec& codec, BorrowedScratch& scratch,
                          Format format, const DeflateParameters& parameters,
                          const std::uint8_t* in, std::size_t in_bytes, std::uint8_t* out,
                          std::size_t out_bytes) noexcept;

// The most that encode_frame() is allowed to make: zlib's bound for these parameters.
inline std::size_t frame_bound(std::size_t frame_bytes, const DeflateParameters& parameters,
                               std::size_t in_bytes) noexcept {
  return RawDeflate::bound(parameters, in_bytes) + frame_bytes;
}

WD_NAMESPACE_END

#endif  // WD_STREAM_WHOLE_FRAME_HPP_
