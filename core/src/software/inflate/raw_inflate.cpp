// RawInflate on the decoder of our own.
#include "wd/raw_inflate.hpp"

#include <new>

#include "software/inflate/decoder.hpp"

WD_NAMESPACE_BEGIN

using inflate::Cursor;
using inflate::Decoder;

namespace {

Decoder& decoder_of(std::byte* engine) noexcept {
  return *std::launder(reinterpret_cast<Decoder*>(engine));
}

const Decoder& decoder_of(const std::byte* engine) noexcept {
  return *std::launder(reinterpret_cast<const Decoder*>(engine));
}

bool is_window_size(int window_bits) noexcept {
  return window_bits >= kMinWindowBits && window_bits <= kMaxWindowBits;
}

}  // namespace

RawInflate::RawInflate() noexcept {
  static_assert(sizeof(Decoder) <= kEngineBytes && alignof(Decoder) <= alignof(RawInflate));
  ::new (static_cast<void*>(engine_)) Decoder;
}

StreamCode RawInflate::open(int window_bits, const Allocator& memory) noexcept {
  if (!is_window_size(window_bits)) return StreamCode::stream_error;
  memory_ = memory;
  decoder_of(engine_).open(window_bits);
  return StreamCode::ok;
}

void RawInflate::lend_table(void* memory) noexcept {
  static_assert(kTableBytes == inflate::kLargeLitlenEntries * sizeof(inflate::Entry));
  decoder_of(engine_).lend_table(static_cast<inflate::Entry*>(memory));
}

void RawInflate::close() noexcept {
  decoder_of(engine_).close(memory_);
}

StreamCode RawInflate::reset(int window_bits) noexcept {
  if (window_bits != 0 && !is_window_size(window_bits)) return StreamCode::stream_error;
  decoder_of(engine_).reset(window_bits, memory_);
  return StreamCode::ok;
}

StreamCode RawInflate::reset_keep_history() noexcept {
  decoder_of(engine_).reset_keep_history();
  return StreamCode::ok;
}

StreamCode RawInflate::copy_from(const RawInflate& source, const Allocator& memory) noexcept {
  memory_ = memory;
  return decoder_of(engine_).copy_from(decoder_of(source.engine_), memory) ? StreamCode::ok
                                                                           : StreamCode::no_memory;
}

RawInflate::Step RawInflate::run(const std::uint8_t* in, std::uint32_t in_bytes, std::uint8_t* out,
                                 std::uint32_t out_bytes, Flush flush, Behind behind) noexcept {
  Decoder& decoder = decoder_of(engine_);
  if (decoder.state() == Decoder::State::no_memory) return {0, 0, StreamCode::no_memory};
  Cursor cursor = decoder.begin(in, in_bytes, out, out_bytes);
  decoder.run(cursor, flush);
  StreamCode code = StreamCode::ok;
  if (decoder.state() == Decoder::State::ended) code = StreamCode::end;
  if (decoder.state() == Decoder::State::bad) code = StreamCode::data_error;
  const std::int64_t consumed = cursor.in - in;
  const auto produced = static_cast<std::uint32_t>(cursor.produced());
  const bool left_to_caller = code == StreamCode::end && behind == Behind::trailer;
  if (!left_to_caller && !decoder.remember(cursor.out, produced, flush, memory_))
    code = StreamCode::no_memory;
  const bool stuck = (consumed == 0 && produced == 0) || flush == Flush::finish;
  if (stuck && code == StreamCode::ok) code = StreamCode::buffer_error;
  return {consumed, produced, code};
}

RawInflate::Step RawInflate::pass_stored(const std::uint8_t* in, std::uint32_t in_bytes,
                                         std::uint8_t* out, std::uint32_t out_bytes) noexcept {
  const Decoder::Passed passed = decoder_of(engine_).pass_stored(in, in_bytes, out, out_bytes);
  return {passed.consumed, passed.produced, StreamCode::ok};
}

StreamCode RawInflate::remember(const std::uint8_t* end, std::uint32_t produced,
                                Flush flush) noexcept {
  return decoder_of(engine_).remember(end, produced, flush, memory_) ? StreamCode::ok
                                                                     : StreamCode::no_memory;
}

StreamCode RawInflate::prime(int bits, int value) noexcept {
  return decoder_of(engine_).prime(bits, value) ? StreamCode::ok : StreamCode::stream_error;
}

StreamCode RawInflate::set_dictionary(const std::uint8_t* dictionary,
                                      std::uint32_t bytes) noexcept {
  return decoder_of(engine_).set_dictionary(dictionary + bytes, bytes, memory_)
             ? StreamCode::ok
             : StreamCode::no_memory;
}

StreamCode RawInflate::get_dictionary(std::uint8_t* dictionary,
                                      std::uint32_t* bytes) const noexcept {
  const inflate::Window& window = decoder_of(engine_).window();
  if (dictionary != nullptr) window.copy_to(dictionary);
  if (bytes != nullptr) *bytes = window.have();
  return StreamCode::ok;
}

const char* RawInflate::message() const noexcept {
  return decoder_of(engine_).message();
}
int RawInflate::data_type() const noexcept {
  return decoder_of(engine_).data_type();
}
std::uint32_t RawInflate::held() const noexcept {
  return decoder_of(engine_).held();
}
unsigned RawInflate::held_bits() const noexcept {
  return decoder_of(engine_).held_bits();
}
long RawInflate::mark() const noexcept {
  return decoder_of(engine_).mark();
}
bool RawInflate::at_sync_point() const noexcept {
  return decoder_of(engine_).at_sync_point();
}
unsigned long RawInflate::codes_used() const noexcept {
  return decoder_of(engine_).codes_used();
}

WD_NAMESPACE_END
