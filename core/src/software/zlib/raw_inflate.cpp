// RawInflate on the private zlib.
#include "wd/raw_inflate.hpp"

#include <bit>
#include <cstring>
#include <new>

#include "software/zlib/private_zlib.hpp"

WD_NAMESPACE_BEGIN

namespace {

z_stream* stream_of(std::byte* engine) noexcept {
  return std::launder(reinterpret_cast<z_stream*>(engine));
}

// zlib's query functions take pointers to non-const and change nothing.
z_stream* stream_of(const std::byte* engine) noexcept {
  return stream_of(const_cast<std::byte*>(engine));
}

void take_memory_from(z_stream& stream, const Allocator& memory) noexcept {
  if (stream.zalloc == memory.allocate && stream.zfree == memory.release &&
      stream.opaque == memory.opaque)
    return;
  stream.zalloc = memory.allocate;
  stream.zfree = memory.release;
  stream.opaque = memory.opaque;
}

}  // namespace

RawInflate::RawInflate() noexcept {
  static_assert(sizeof(z_stream) <= kEngineBytes);
  ::new (static_cast<void*>(engine_)) z_stream{};
}

StreamCode RawInflate::open(int window_bits, const Allocator& memory) noexcept {
  z_stream* stream = stream_of(engine_);
  *stream = {};
  stream->zalloc = memory.allocate;
  stream->zfree = memory.release;
  stream->opaque = memory.opaque;
  return StreamCode(wdz_inflateInit2_(stream, -window_bits, ZLIB_VERSION, sizeof(z_stream)));
}

void RawInflate::use_memory(const Allocator& memory) noexcept {
  take_memory_from(*stream_of(engine_), memory);
}

void RawInflate::close() noexcept {
  z_stream* stream = stream_of(engine_);
  if (stream->state != nullptr) wdz_inflateEnd(stream);
}

StreamCode RawInflate::reset(int window_bits) noexcept {
  return StreamCode(wdz_inflateReset2(stream_of(engine_), -window_bits));
}

StreamCode RawInflate::reset_keep_history() noexcept {
  return StreamCode(wdz_inflateResetKeep(stream_of(engine_)));
}

StreamCode RawInflate::copy_from(const RawInflate& source, const Allocator& memory) noexcept {
  // zlib's copy wants the very stream that its source belongs to, and allocates through it; the
  // source is written to only where its allocator has changed since.
  z_stream* original = stream_of(source.engine_);
  take_memory_from(*original, memory);
  const int code = wdz_inflateCopy(stream_of(engine_), original);
  return StreamCode(code);
}

RawInflate::Step RawInflate::run(const std::uint8_t* in, std::uint32_t in_bytes, std::uint8_t* out,
                                 std::uint32_t out_bytes, Flush flush) noexcept {
  z_stream* stream = stream_of(engine_);
  stream->next_in = const_cast<Bytef*>(in);
  stream->avail_in = in_bytes;
  stream->next_out = out;
  stream->avail_out = out_bytes;
  stream->msg = nullptr;
  const int code = wdz_inflate(stream, static_cast<int>(flush));
  return {stream->next_in - in, out_bytes - stream->avail_out, StreamCode(code), stream->data_type};
}

StreamCode RawInflate::prime(int bits, int value) noexcept {
  return StreamCode(wdz_inflatePrime(stream_of(engine_), bits, value));
}

StreamCode RawInflate::set_dictionary(const std::uint8_t* dictionary,
                                      std::uint32_t bytes) noexcept {
  return StreamCode(wdz_inflateSetDictionary(stream_of(engine_), dictionary, bytes));
}

StreamCode RawInflate::get_dictionary(std::uint8_t* dictionary,
                                      std::uint32_t* bytes) const noexcept {
  return StreamCode(wdz_inflateGetDictionary(stream_of(engine_), dictionary, bytes));
}

const char* RawInflate::message() const noexcept {
  return stream_of(engine_)->msg;
}
int RawInflate::data_type() const noexcept {
  return stream_of(engine_)->data_type;
}
long RawInflate::mark() const noexcept {
  return wdz_inflateMark(stream_of(engine_));
}
bool RawInflate::at_sync_point() const noexcept {
  return wdz_inflateSyncPoint(stream_of(engine_)) == 1;
}
unsigned long RawInflate::codes_used() const noexcept {
  return wdz_inflateCodesUsed(stream_of(engine_));
}

WD_NAMESPACE_END
