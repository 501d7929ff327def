#include "stream/whole_offload.hpp"

#include <cstring>

#include "context/served.hpp"
#include "stream/body_check.hpp"
#include "wd/checksum.hpp"

WD_NAMESPACE_BEGIN

namespace {

// `either`: as long as it takes zlib's or raw streams.
const Accelerator* accelerator_for(const Context& context, Algorithm algorithm, Format format,
                                   bool either, bool suits, std::size_t in_bytes) noexcept {
  const Accelerator* accelerator = context.accelerator(algorithm, in_bytes);
  if (accelerator == nullptr) [[likely]]
    return nullptr;
  if (suits && (accelerator->does(accelerator->world, format) ||
                (either && accelerator->does(accelerator->world, Format::zlib))))
    return accelerator;
  const bool there = accelerator->does(accelerator->world, Format::zlib);
  count_fallback(context, algorithm, accelerator->engine,
                 there ? FallbackReason::unsupported : FallbackReason::no_device);
  return nullptr;
}

// Whether a whole frame holds this; its trailer has been compared already.
bool frame_agrees(Format format, const std::uint8_t* frame, std::size_t frame_bytes,
                  const std::uint8_t* plain, std::size_t plain_bytes) noexcept {
  BodyCheck* check = BodyCheck::open();
  if (check == nullptr) return false;
  const std::size_t header = plain_frame_bytes(format) - trailer_bytes_of(format);
  const bool agrees =
      check->agrees({frame + header, frame_bytes - header}, {plain, plain_bytes}) && check->ended();
  BodyCheck::close(check);
  return agrees;
}

}  // namespace

const Accelerator* deflate_accelerator(const Context& context, OffloadKind kind, Format format,
                                       const DeflateParameters& parameters,
                                       std::size_t in_bytes) noexcept {
  // Bodies of raw streams can be made by whatever makes zlib's.
  return accelerator_for(context, Algorithm::deflate, format, kind == OffloadKind::stream,
                         suits_accelerators(context, parameters), in_bytes);
}

const Accelerator* inflate_accelerator(const Context& context, Format format, bool suits,
                                       std::size_t in_bytes) noexcept {
  return accelerator_for(context, Algorithm::inflate, format, false, suits, in_bytes);
}

std::uint32_t check_in_trailer(Format format, const std::uint8_t* end) noexcept {
  std::uint32_t check = kAdler32Start;
  if (format == Format::zlib) {
    std::memcpy(&check, end - 4, sizeof(check));
    return __builtin_bswap32(check);
  }
  if (format == Format::gzip) std::memcpy(&check, end - 8, sizeof(check));
  return check;
}

EncodedFrame encode_frame_on(const Accelerator& accelerator, const Context& context, Format format,
                             const DeflateParameters& parameters, const std::uint8_t* in,
                             std::size_t in_bytes, std::uint8_t* out,
                             std::size_t out_bytes) noexcept {
  OffloadStep step = accelerator.deflate_whole(accelerator.world, format, parameters.level,
                                               {in, in_bytes}, {out, out_bytes});
  if (step.end == OffloadEnd::done && context.config().verify &&
      !frame_agrees(format, out, step.produced, in, in_bytes))
    step = {OffloadEnd::failed, FallbackReason::device_fault, 0, 0};
  if (step.end != OffloadEnd::done) {
    count_fallback(context, Algorithm::deflate, accelerator.engine,
                   step.end == OffloadEnd::failed         ? step.reason
                   : step.end == OffloadEnd::does_not_fit ? FallbackReason::does_not_fit
                                                          : FallbackReason::unsupported);
    return {0, 0};
  }
  count_served(context, Algorithm::deflate, accelerator.engine, in_bytes, step.produced);
  return {step.produced, check_in_trailer(format, out + step.produced)};
}

EncodedFrame encode_whole(const Context& context, BorrowedScratch& scratch, Format format,
                          const DeflateParameters& parameters, const std::uint8_t* in,
                          std::size_t in_bytes, std::uint8_t* out, std::size_t out_bytes) noexcept {
  if (const Accelerator* accelerator =
          deflate_accelerator(context, OffloadKind::message, format, parameters, in_bytes)) {
    const EncodedFrame frame =
        encode_frame_on(*accelerator, context, format, parameters, in, in_bytes, out, out_bytes);
    if (frame.bytes != 0) return frame;
  }
  const WholeCodec* codec = whole_encoder(context, parameters, in, in_bytes);
  if (codec == nullptr) return {0, 0};
  return encode_frame(context, *codec, scratch, format, parameters, in, in_bytes, out, out_bytes);
}

WD_NAMESPACE_END
