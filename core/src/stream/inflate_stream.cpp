#include "wd/inflate_stream.hpp"

#include <algorithm>
#include <cstring>

#include "context/served.hpp"
#include "engine/accelerator.hpp"
#include "wd/checksum.hpp"
#include "wd/context.hpp"

WD_NAMESPACE_BEGIN

using State = FrameReader::State;

StreamCode InflateStream::open(Format format, int window_bits, const Allocator& memory) noexcept {
  const StreamCode code = raw_.open(engine_window_bits(window_bits), memory);
  if (code != StreamCode::ok) return code;
  standard_memory_ = memory.allocate == Allocator::standard().allocate;
  frame_.start(format, window_bits);
  begin_frame();
  return StreamCode::ok;
}

void InflateStream::close() noexcept {
  drop_offload();
  raw_.close();
}

StreamCode InflateStream::reset() noexcept {
  drop_offload();
  const StreamCode code = raw_.reset(engine_window_bits(frame_.window_bits()));
  if (code != StreamCode::ok) return code;
  frame_.reset();
  begin_frame();
  return StreamCode::ok;
}

StreamCode InflateStream::reset(Format format, int window_bits) noexcept {
  frame_.start(format, window_bits);
  return reset();
}

StreamCode InflateStream::reset_keep_history() noexcept {
  come_back();
  drop_offload();
  const StreamCode code = raw_.reset_keep_history();
  if (code != StreamCode::ok) return code;
  frame_.reset();
  begin_frame();
  return StreamCode::ok;
}

void InflateStream::begin_frame() noexcept {
  body_bytes_ = 0;
  body_begun_ = false;
  in_body_when_bad_ = false;
  out_of_memory_ = doubted_ = false;
  // A raw stream begins with its body, which an accelerator may get.
  aside_ = offload_ != nullptr || frame_.state() == State::body;
  message_ = nullptr;
  adler_changed_ = false;
  // zlib shows 1 where it may read a zlib header, 0 for gzip alone, and leaves raw streams alone.
  if (frame_.framed()) show_adler(frame_.may_be_zlib() ? kAdler32Start : kCrc32Start);
}

StreamCode InflateStream::copy_from(const InflateStream& source, const Allocator& memory) noexcept {
  const StreamCode code = raw_.copy_from(source.raw_, memory);
  if (code != StreamCode::ok) return code;
  context_ = source.context_;
  standard_memory_ = source.standard_memory_;
  if (source.offload_ != nullptr)
    if (const StreamCode copied = copy_offload(source); copied != StreamCode::ok) {
      raw_.close();
      return copied;
    }
  aside_ = source.aside_;
  frame_ = source.frame_;
  check_ = source.check_;
  body_bytes_ = source.body_bytes_;
  adler_ = source.adler_;
  body_begun_ = source.body_begun_;
  data_type_ = source.data_type_;
  adler_changed_ = false;
  in_body_when_bad_ = source.in_body_when_bad_;
  out_of_memory_ = source.out_of_memory_;
  message_ = source.message_;
  return StreamCode::ok;
}

void InflateStream::update_check(const std::uint8_t* data, std::uint32_t bytes) noexcept {
  check_ = frame_.crc_body() ? crc32(check_, data, bytes) : adler32(check_, data, bytes);
  show_adler(check_);
}

void InflateStream::show_adler(std::uint32_t value) noexcept {
  adler_ = value;
  adler_changed_ = true;
}

RawInflate::Step InflateStream::pass_stored(const std::uint8_t* in, std::uint32_t in_bytes,
                                            std::uint8_t* out, std::uint32_t out_bytes) noexcept {
  if (frame_.state() != State::body || aside_) return {0, 0, StreamCode::ok};
  const RawInflate::Step step = raw_.pass_stored(in, in_bytes, out, out_bytes);
  if (step.consumed == 0) return step;
  adler_changed_ = false;
  body_bytes_ += step.produced;
  body_begun_ = true;
  data_type_ = raw_.data_type();
  if (frame_.verifies() && step.produced != 0) update_check(out, step.produced);
  count_served(*context_, Algorithm::inflate, Engine::inflate,
               static_cast<std::uint64_t>(step.consumed), step.produced);
  return step;
}

InflateStream::Step InflateStream::run_on(const std::uint8_t* in, std::uint32_t in_bytes,
                                          std::uint8_t* out, std::uint32_t out_bytes, Flush flush,
                                          GzipHeader* header) noexcept {
  adler_changed_ = false;
  if (frame_.state() == State::body && !aside_) [[likely]] {
    // Most calls begin and end here.
    InputCursor cursor{in, in_bytes};
    std::uint32_t out_left = out_bytes;
    const StreamCode code = decode_body(cursor, out, out_left, flush);
    if (frame_.state() == State::body && code == StreamCode::ok) {
      count_served(*context_, Algorithm::inflate, Engine::inflate,
                   static_cast<std::uint64_t>(cursor.next - in), out_bytes - out_left);
      return progress(cursor.next - in, out_bytes - out_left, raw_.data_type(), flush, code);
    }
    counted_ = false;
    return finish_step(in, cursor, out, out_bytes, out_left, flush, code);
  }
  counted_ = false;
  if (replaying_) return run_behind_replay(in, in_bytes, out, out_bytes, flush);
  if (offload_ != nullptr && frame_.state() == State::body)
    return run_offloaded(in, in_bytes, out, out_bytes, flush);
  return run_from(in, in_bytes, out, out_bytes, flush, header);
}

InflateStream::Step InflateStream::run_from(const std::uint8_t* in, std::uint32_t in_bytes,
                                            std::uint8_t* out, std::uint32_t out_bytes, Flush flush,
                                            GzipHeader* header) noexcept {
  InputCursor cursor{in, in_bytes};
  std::uint32_t out_left = out_bytes;
  StreamCode code = StreamCode::ok;
  if (frame_.state() == State::sync) return {0, 0, StreamCode::stream_error, true};
  if (out_of_memory_) return {0, 0, StreamCode::no_memory, true};
  if (frame_.state() == State::body_ahead) frame_.enter_body();
  const bool header_first = frame_.in_header();
  if (header_first) code = read_header(cursor, header, flush);
  if (code == StreamCode::need_dictionary) return {cursor.next - in, 0, code, false};
  if (frame_.state() == State::body) {
    const std::int64_t header_bytes = cursor.next - in;
    if (!body_begun_ && begin_offload(cursor, out, out_left, flush)) {
      count_part(*context_, Algorithm::inflate, accelerator_->engine,
                 static_cast<std::uint64_t>(header_bytes), 0);
      if (frame_.state() == State::done)
        return progress(cursor.next - in, out_bytes - out_left, current_data_type(), flush,
                        StreamCode::end);
      Step step = run_offloaded(cursor.next, cursor.left, out, out_left, flush);
      step.consumed += header_bytes;
      // What the header was progress is.
      if (step.code == StreamCode::buffer_error && header_bytes != 0 && flush != Flush::finish)
        step.code = StreamCode::ok;
      return step;
    }
    if (cursor.left != 0) aside_ = offload_ != nullptr;
    code = decode_body(cursor, out, out_left, flush);
    if (header_first) wait_at_body();
  }
  return finish_step(in, cursor, out, out_bytes, out_left, flush, code);
}

// A call may be served by an accelerator and by software, one after the other.
void InflateStream::count_call(Engine engine, std::uint64_t bytes_in,
                               std::uint64_t bytes_out) noexcept {
  if (counted_)
    count_part(*context_, Algorithm::inflate, engine, bytes_in, bytes_out);
  else
    count_served(*context_, Algorithm::inflate, engine, bytes_in, bytes_out);
  counted_ = true;
}

// What comes behind the body, and the end of a step.
InflateStream::Step InflateStream::finish_step(const std::uint8_t* in, InputCursor& cursor,
                                               const std::uint8_t* out_end, std::uint32_t out_bytes,
                                               std::uint32_t out_left, Flush flush,
                                               StreamCode code) noexcept {
  if (frame_.in_trailer()) {
    frame_.read_trailer(cursor, check_, body_bytes_);
    // zlib forgets what the body's last step produced once it has compared the checksum.
    if (frame_.waits_for_check() && out_left != out_bytes &&
        raw_.remember(out_end, out_bytes - out_left, flush) == StreamCode::no_memory) {
      out_of_memory_ = aside_ = true;
      code = StreamCode::no_memory;
    }
  }
  if (frame_.state() == State::done && code == StreamCode::ok) {
    code = StreamCode::end;
    if (doubted_) [[unlikely]]
      settle_doubt();
  }
  if (frame_.state() == State::bad) {
    code = StreamCode::data_error;
    if (!in_body_when_bad_) message_ = frame_.message();
  }

  const std::int64_t consumed = cursor.next - in;
  const std::uint32_t produced = out_bytes - out_left;
  if (code == StreamCode::no_memory) return {consumed, produced, code, false};
  count_call(Engine::inflate, static_cast<std::uint64_t>(consumed), produced);
  return progress(consumed, produced, current_data_type(), flush, code);
}

InflateStream::Step InflateStream::progress(std::int64_t consumed, std::uint32_t produced,
                                            int data_type, Flush flush, StreamCode code) noexcept {
  data_type_ = data_type;
  const bool stuck = (consumed == 0 && produced == 0) || flush == Flush::finish;
  if (stuck && code == StreamCode::ok) code = StreamCode::buffer_error;
  return {consumed, produced, code, true};
}

// Leaves the frame in its body unless input ran out, it is bad, or a stop at block borders was
// asked for.
StreamCode InflateStream::read_header(InputCursor& in, GzipHeader* header, Flush flush) noexcept {
  const int window_bits = frame_.window_bits();
  frame_.read_header(in, header);
  if (frame_.window_bits() != window_bits) raw_.reset(engine_window_bits(frame_.window_bits()));
  switch (frame_.state()) {
    case State::dictionary:
      show_adler(frame_.header_check());
      return StreamCode::need_dictionary;
    case State::body_ahead:
      check_ = frame_.start_checksum();
      show_adler(check_);
      move_held_to_body();
      if (flush != Flush::block && flush != Flush::trees) frame_.enter_body();
      return StreamCode::ok;
    default:
      return StreamCode::ok;
  }
}

// Bits primed in the midst of a gzip header wait there for the body.
void InflateStream::move_held_to_body() noexcept {
  std::uint32_t held = frame_.held();
  for (unsigned left = frame_.held_bits(); left != 0;) {
    const unsigned bits = std::min(left, 16u);
    prime(static_cast<int>(bits), static_cast<int>(held & 0xffff));
    held >>= bits;
    left -= bits;
  }
  frame_.drop_held();
}

// zlib stands ahead of the body, and shows it, until the call behind the header's last, or until
// there are the three bits that a block begins with.
void InflateStream::wait_at_body() noexcept {
  if (frame_.state() == State::body && raw_.data_type() < 3 && !body_begun_) frame_.leave_body();
}

StreamCode InflateStream::decode_body(InputCursor& in, std::uint8_t*& out, std::uint32_t& out_left,
                                      Flush flush) noexcept {
  const unsigned held_bits = raw_.held_bits();
  const RawInflate::Step step =
      raw_.run(in.next, in.left, out, out_left, flush,
               frame_.framed() ? RawInflate::Behind::trailer : RawInflate::Behind::nothing);
  in.next += step.consumed;
  in.left -= static_cast<std::uint32_t>(step.consumed);
  if (frame_.verifies() && step.produced != 0) update_check(out, step.produced);
  body_bytes_ += step.produced;
  out += step.produced;
  out_left -= step.produced;
  body_begun_ = body_begun_ || step.consumed != 0 || raw_.held_bits() != held_bits;
  switch (step.code) {
    case StreamCode::end:
      frame_.enter_trailer(raw_.held(), raw_.held_bits());
      return StreamCode::ok;
    case StreamCode::data_error:
      in_body_when_bad_ = true;
      message_ = raw_.message();
      frame_.fail(message_);
      return StreamCode::data_error;
    case StreamCode::no_memory:
      out_of_memory_ = aside_ = true;
      return StreamCode::no_memory;
    default:
      return StreamCode::ok;  // no progress is judged by the caller, over the whole call
  }
}

int InflateStream::current_data_type() const noexcept {
  if (frame_.state() == State::body || in_body_when_bad_) return raw_.data_type();
  const int bits = static_cast<int>(frame_.held_bits());
  if (frame_.in_header()) return bits;
  if (frame_.state() == State::body_ahead) return static_cast<int>(raw_.held_bits()) + 128;
  if (frame_.state() == State::bad && !frame_.body_ended()) return bits;
  return bits + 64;
}

InflateStream::Step InflateStream::sync(const std::uint8_t* in, std::uint32_t in_bytes) noexcept {
  come_back();
  if (replaying_) {
    // What an accelerator had consumed comes before the caller's input.
    const auto rest = replay_left();
    Step step = search_sync(rest.data(), static_cast<std::uint32_t>(rest.size()));
    replayed_ += static_cast<std::size_t>(step.consumed);
    step.consumed = 0;
    if (step.code == StreamCode::ok) return step;
    drop_offload();
    if (in_bytes == 0) return step;
  }
  return search_sync(in, in_bytes);
}

InflateStream::Step InflateStream::search_sync(const std::uint8_t* in,
                                               std::uint32_t in_bytes) noexcept {
  adler_changed_ = false;
  const bool searching = frame_.state() == State::sync;
  const bool in_body = engine_holds_bits();
  const unsigned held_bits = in_body && !searching ? raw_.held_bits() : frame_.held_bits();
  if (in_bytes == 0 && held_bits < 8) return {0, 0, StreamCode::buffer_error, true};
  if (!searching) {
    // zlib keeps header and body checksum in one place, which shows if checking is switched on
    // again.
    if (frame_.in_header()) check_ = frame_.header_check();
    frame_.begin_sync(in_body ? raw_.held() : frame_.held(), held_bits);
    in_body_when_bad_ = false;
  }
  InputCursor cursor{in, in_bytes};
  const bool found = frame_.search_sync(cursor);
  const std::int64_t consumed = cursor.next - in;
  if (!found) return {consumed, 0, StreamCode::data_error, true};
  raw_.reset(std::min(frame_.window_bits(), kMaxWindowBits));
  frame_.resume_after_sync();
  begin_frame();
  return {consumed, 0, StreamCode::ok, true};
}

StreamCode InflateStream::prime(int bits, int value) noexcept {
  if (bits == 0) return StreamCode::ok;
  come_back();
  if (!engine_holds_bits())
    return frame_.prime(bits, value) ? StreamCode::ok : StreamCode::stream_error;
  return raw_.prime(bits, value);
}

StreamCode InflateStream::set_dictionary(const std::uint8_t* dictionary,
                                         std::uint32_t bytes) noexcept {
  const bool asked_for =
      frame_.state() == State::dictionary || frame_.state() == State::dictionary_given;
  // As for zlib, a frame whose dictionary found no memory once is past asking for it.
  if (frame_.framed() && (!asked_for || out_of_memory_)) return StreamCode::stream_error;
  if (asked_for && adler32(kAdler32Start, dictionary, bytes) != frame_.header_check())
    return StreamCode::data_error;
  come_back();
  const StreamCode code = raw_.set_dictionary(dictionary, bytes);
  if (code == StreamCode::no_memory) out_of_memory_ = aside_ = true;
  if (code != StreamCode::ok) return code;
  if (asked_for) frame_.dictionary_given();
  return StreamCode::ok;
}

StreamCode InflateStream::get_dictionary(std::uint8_t* dictionary, std::uint32_t* bytes) noexcept {
  come_back();
  return raw_.get_dictionary(dictionary, bytes);
}

long InflateStream::mark() noexcept {
  come_back();
  // The upper half tells how far back a code can be given back, the lower one how much of a copy is
  // left; a stream that is being searched copies nothing.
  const long mark = raw_.mark();
  return frame_.state() == State::body ? mark : mark & ~0xffffL;
}

unsigned long InflateStream::codes_used() noexcept {
  come_back();
  return raw_.codes_used();
}

bool InflateStream::at_sync_point() noexcept {
  come_back();
  return frame_.state() == State::body && raw_.at_sync_point();
}

WD_NAMESPACE_END
