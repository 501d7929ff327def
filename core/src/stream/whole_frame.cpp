#include "stream/whole_frame.hpp"

#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>

#include "base/overlap.hpp"
#include "context/served.hpp"
#include "framing/frame_writer.hpp"
#include "software/whole_codecs.hpp"
#include "stream/whole_offload.hpp"
#include "wd/checksum.hpp"
#include "wd/inflate_stream.hpp"
#include "wd/one_shot.hpp"

WD_NAMESPACE_BEGIN

namespace {

std::uint32_t checksum_of(Format format, const std::uint8_t* data, std::size_t bytes) noexcept {
  switch (format) {
    case Format::zlib:
      return adler32(kAdler32Start, data, bytes);
    case Format::gzip:
      return crc32(kCrc32Start, data, bytes);
    default:
      return kAdler32Start;
  }
}

// Engines want room to spare at the end; a short message, whose bound has little, is written
// beside.
constexpr std::size_t kShortBytes = 1024;

// A final block of fixed codes that holds its end only, which is shorter than an empty stored
// block.
std::size_t encode_nothing(std::uint8_t* out, std::size_t out_bytes) noexcept {
  constexpr std::uint8_t kNothing[] = {0x03, 0x00};
  if (out_bytes < sizeof(kNothing)) return 0;
  std::memcpy(out, kNothing, sizeof(kNothing));
  return sizeof(kNothing);
}

WholeResult encode_beside(const WholeCodec& codec, BorrowedScratch& scratch, int level,
                          const std::uint8_t* in, std::size_t in_bytes, std::uint8_t* out,
                          std::size_t out_bytes) noexcept {
  std::uint8_t beside[2 * kShortBytes];
  const WholeResult result = codec.deflate(scratch, level, in, in_bytes, beside, sizeof(beside));
  if (result.verdict != WholeVerdict::done) return result;
  if (result.produced > out_bytes) return {WholeVerdict::does_not_fit, 0, 0};
  std::memcpy(out, beside, result.produced);
  return result;
}

std::size_t encode_body(const Context& context, const WholeCodec& codec, BorrowedScratch& scratch,
                        int level, const std::uint8_t* in, std::size_t in_bytes, std::uint8_t* out,
                        std::size_t out_bytes) noexcept {
  if (in_bytes == 0) return encode_nothing(out, out_bytes);
  const bool cramped = in_bytes <= kShortBytes && out_bytes < codec.bound(in_bytes);
  const WholeResult result =
      cramped ? encode_beside(codec, scratch, level, in, in_bytes, out, out_bytes)
              : codec.deflate(scratch, level, in, in_bytes, out, out_bytes);
  if (result.verdict == WholeVerdict::done) return result.produced;
  if (result.verdict == WholeVerdict::refused) return 0;
  count_fallback(context, Algorithm::deflate, codec.engine, FallbackReason::does_not_fit);
  return store_whole(in, in_bytes, out, out_bytes);
}

// A decoding stream in the thread's scratch, for a scope: its memory is kept for the next.
class ScratchInflate {
 public:
  ScratchInflate(BorrowedScratch& scratch, const Context& context) noexcept {
    constexpr auto kSlot = ThreadScratch::Slot::decompressor;
    if (scratch->get(kSlot) == nullptr) {
      void* memory = std::malloc(sizeof(InflateStream) + RawInflate::kTableBytes);
      if (memory == nullptr) return;
      scratch->put(kSlot, memory, 0, std::free);
    }
    stream_ = ::new (scratch->get(kSlot)) InflateStream(context);
  }
  ~ScratchInflate() {
    if (stream_ != nullptr) stream_->close();
  }
  ScratchInflate(const ScratchInflate&) = delete;
  ScratchInflate& operator=(const ScratchInflate&) = delete;

  explicit operator bool() const noexcept { return stream_ != nullptr; }
  // Short streams are decoded sooner than a large table is made.
  void lend_table() noexcept { stream_->lend_table(stream_ + 1); }

  InflateStream* operator->() const noexcept { return stream_; }

 private:
  InflateStream* stream_ = nullptr;
};

}  // namespace

const WholeCodec* whole_encoder(const Context& context, const DeflateParameters& parameters,
                                const std::uint8_t* in, std::size_t in_bytes) noexcept {
  // Measured: below this, libdeflate's output is 1 to 4 % larger on binary data.
  constexpr std::size_t kLeastBytes = 512;
  if (in_bytes != 0 && in_bytes < kLeastBytes) return nullptr;
  const bool ordinary = parameters.level >= 1 && parameters.strategy == Strategy::standard &&
                        parameters.window_bits == kMaxWindowBits;
  return ordinary && !context.exact_compression() && kWholeEncoder.suits(in, in_bytes)
             ? &kWholeEncoder
             : nullptr;
}

EncodedFrame encode_frame(const Context& context, const WholeCodec& codec, BorrowedScratch& scratch,
                          Format format, const DeflateParameters& parameters,
                          const std::uint8_t* in, std::size_t in_bytes, std::uint8_t* out,
                          std::size_t out_bytes) noexcept {
  if (out_bytes <= plain_frame_bytes(format)) return {0, 0};
  std::size_t at = 0;
  if (format == Format::zlib) at = write_zlib_header(parameters, nullptr, out);
  if (format == Format::gzip) at = write_gzip_header(parameters, nullptr, out);
  const std::size_t room = out_bytes - plain_frame_bytes(format);
  const std::size_t body =
      encode_body(context, codec, scratch, parameters.level, in, in_bytes, out + at, room);
  if (body == 0) return {0, 0};
  const std::uint32_t check = checksum_of(format, in, in_bytes);
  at += body;
  at += write_trailer(format, check, static_cast<std::uint32_t>(in_bytes), out + at);
  count_served(context, Algorithm::deflate, codec.engine, in_bytes, at);
  return {at, check};
}

std::size_t compress_whole(const Context& context, Format format, int level, const void* in,
                           std::size_t in_bytes, void* out, std::size_t out_bytes) noexcept {
  const DeflateParameters parameters{.level = level};
  if (overlap(in, in_bytes, out, out_bytes)) return 0;
  const auto* from = static_cast<const std::uint8_t*>(in);
  auto* to = static_cast<std::uint8_t*>(out);
  const std::size_t limit = frame_bound(plain_frame_bytes(format), parameters, in_bytes);
  const std::size_t room = out_bytes < limit ? out_bytes : limit;
  if (const Accelerator* accelerator =
          deflate_accelerator(context, OffloadKind::message, format, parameters, in_bytes)) {
    const EncodedFrame frame =
        encode_frame_on(*accelerator, context, format, parameters, from, in_bytes, to, room);
    if (frame.bytes != 0) return frame.bytes;
  }
  const WholeCodec* codec = whole_encoder(context, parameters, from, in_bytes);
  if (codec == nullptr) return 0;
  BorrowedScratch scratch;
  if (!scratch) return 0;
  return encode_frame(context, *codec, scratch, format, parameters, from, in_bytes, to, room).bytes;
}

std::size_t compress_bound(Format format, std::size_t in_bytes) noexcept {
  return frame_bound(plain_frame_bytes(format), DeflateParameters{}, in_bytes);
}

bool decompress_zlib_whole(const Context& context, const void* in, std::size_t in_bytes, void* out,
                           std::size_t out_bytes, std::size_t* consumed,
                           std::size_t* produced) noexcept {
  constexpr std::size_t kMostBytes = std::numeric_limits<std::uint32_t>::max();
  if (in_bytes > kMostBytes || out_bytes > kMostBytes) return false;
  BorrowedScratch scratch;
  if (!scratch) return false;
  ScratchInflate stream(scratch, context);
  if (!stream ||
      stream->open(Format::zlib, kMaxWindowBits, Allocator::standard()) != StreamCode::ok)
    return false;
  constexpr std::size_t kLongBytes = 8192;
  if (in_bytes >= kLongBytes) stream.lend_table();
  const InflateStream::Step step =
      stream->run(static_cast<const std::uint8_t*>(in), static_cast<std::uint32_t>(in_bytes),
                  static_cast<std::uint8_t*>(out), static_cast<std::uint32_t>(out_bytes),
                  Flush::finish, nullptr);
  if (step.code != StreamCode::end) return false;
  *consumed = static_cast<std::size_t>(step.consumed);
  *produced = step.produced;
  return true;
}

WD_NAMESPACE_END
