#include "wd/deflate_stream.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/overlap.hpp"
#include "context/served.hpp"
#include "engine/accelerator.hpp"
#include "framing/frame_writer.hpp"
#include "stream/data_type.hpp"
#include "stream/deflate_outside.hpp"
#include "stream/whole_frame.hpp"
#include "stream/whole_offload.hpp"
#include "wd/checksum.hpp"

WD_NAMESPACE_BEGIN

namespace {

constexpr const char* kStreamError = "stream error";
constexpr const char* kBufferError = "buffer error";

// Scratch for a message whose output may not fit: beyond this, streaming is as good.
constexpr std::size_t kMaxScratchBytes = std::size_t{1} << 20;

constexpr std::uint32_t start_check(Format format) noexcept {
  return format == Format::gzip ? kCrc32Start : kAdler32Start;
}

}  // namespace

DeflateStream::DeflateStream(const Context& context, Format format,
                             const DeflateParameters& parameters, const DeflateArena& arena,
                             bool confined) noexcept
    : context_(&context),
      arena_(arena),
      parameters_(parameters),
      format_(format),
      confined_(confined) {
  reset();
}

StreamCode DeflateStream::close() noexcept {
  const StreamCode engine = engine_ == EngineState::ready ? raw_.close() : StreamCode::ok;
  engine_ = EngineState::closed;
  const bool offloaded = offload_state_ != OffloadState::none;
  const bool offload_ended = offloaded && offload_has_ended();
  drop_offload();
  close_outside();
  if (status_ != Status::body || offload_ended) return StreamCode::ok;
  if (offloaded) return StreamCode::data_error;
  // The engine knows whether all is compressed though not all of it is out; if it has not been
  // reached yet, it is not.
  return engine_ran_ ? engine : StreamCode::data_error;
}

void DeflateStream::reset() noexcept {
  if (offload_state_ == OffloadState::leaving) drop_offload();
  if (engine_ == EngineState::ready) engine_ = EngineState::stale;
  status_ = Status::start;
  engine_ran_ = false;
  offload_state_ = OffloadState::none;
  last_flush_ = kNothingYet;
  has_dictionary_ = dictionary_only_ = false;
  tuned_ = false;
  frame_at_ = frame_size_ = 0;
  remains_.clear();
  check_ = start_check(format_);
  body_bytes_ = passed_bytes_ = 0;
  data_type_ = kDataTypeUnknown;
  message_ = nullptr;
}

void DeflateStream::reset_keep_history() noexcept {
  const bool open = engine_ == EngineState::ready && offload_state_ == OffloadState::none;
  reset();
  if (open && raw_.reset_keep_history() == StreamCode::ok) engine_ = EngineState::ready;
}

StreamCode DeflateStream::copy_from(const DeflateStream& source) noexcept {
  if (source.offload_state_ != OffloadState::none || (confined_ && source.outside_ != nullptr))
    if (const StreamCode code = copy_offload(source); code != StreamCode::ok) return code;
  if (source.engine_ == EngineState::ready) {
    StreamCode code = ready_engine_memory();
    if (code == StreamCode::ok) code = raw_.copy_from(source.raw_, engine_memory());
    if (code != StreamCode::ok) {
      drop_offload();
      close_outside();
      return code;
    }
    engine_ = EngineState::ready;
    remains_.clear();
  } else {
    engine_ = EngineState::closed;
    remains_.copy_from(source.remains_, source.arena_, arena_);
  }
  status_ = source.status_;
  engine_ran_ = source.engine_ran_;
  has_dictionary_ = source.has_dictionary_;
  dictionary_only_ = source.dictionary_only_;
  tuned_ = source.tuned_;
  tuning_ = source.tuning_;
  last_flush_ = source.last_flush_;
  frame_at_ = source.frame_at_;
  frame_size_ = source.frame_size_;
  std::copy(std::begin(source.frame_), std::end(source.frame_), std::begin(frame_));
  check_ = source.check_;
  header_crc_ = source.header_crc_;
  body_bytes_ = source.body_bytes_;
  passed_bytes_ = source.passed_bytes_;
  optional_at_ = source.optional_at_;
  data_type_ = source.data_type_;
  message_ = source.message_;
  return StreamCode::ok;
}

bool DeflateStream::takes_whole(const std::uint8_t* in, std::uint32_t in_bytes,
                                std::uint32_t out_bytes, Flush flush,
                                const GzipHeader* header) const noexcept {
  if (flush != Flush::finish || status_ != Status::start || engine_ == EngineState::ready ||
      tuned_ || header != nullptr ||
      (whole_encoder(*context_, parameters_, in, in_bytes) == nullptr &&
       !may_offload_whole(*context_, parameters_, in_bytes)))
    return false;
  const std::size_t most = frame_bound(plain_frame_bytes(format_), parameters_, in_bytes);
  return out_bytes >= most ||
         (most <= kMaxScratchBytes && most - out_bytes <= DeflateRemains::output_capacity(arena_));
}

DeflateStream::Step DeflateStream::run(const std::uint8_t* in, std::uint32_t in_bytes,
                                       std::uint8_t* out_data, std::uint32_t out_bytes, Flush flush,
                                       const GzipHeader* header) noexcept {
  message_ = nullptr;
  if (status_ == Status::ended && flush != Flush::finish) {
    message_ = kStreamError;
    return {0, 0, StreamCode::stream_error};
  }
  if (out_bytes == 0) return refuse_no_room(in, in_bytes, out_data, flush);
  Output out{out_data, out_bytes};
  std::uint32_t consumed = 0;
  const auto step = [&](StreamCode code) { return Step{consumed, out_bytes - out.left, code}; };
  // zlib's rule for a call whose output did not fit: the same call again is no repetition.
  const auto cut_short = [&] {
    last_flush_ = kCutShort;
    return step(StreamCode::ok);
  };

  if (output_waits()) {
    drain(out);
    if (out.left == 0) return cut_short();
  }
  if (status_ == Status::ended) {
    if (in_bytes == 0) return step(StreamCode::end);
    message_ = kBufferError;
    return step(StreamCode::buffer_error);
  }
  if (takes_whole(in, in_bytes, out_bytes, flush, header) &&
      !overlap(in, in_bytes, out_data, out_bytes)) {
    const StreamCode code = run_whole(in, in_bytes, out);
    if (code != StreamCode::no_memory) {
      consumed = in_bytes;
      last_flush_ = static_cast<std::int8_t>(flush);
      return step(code);
    }
  }
  // Before there is any output of it somebody else can still have the whole stream.
  if (confined_ && outside_ == nullptr && !begins_offloaded(in_bytes))
    return step(StreamCode::no_memory);
  if (status_ < Status::body && !put_header(out, header)) return cut_short();
  // zlib goes on behind a header that fills the room to the byte, and takes input. The engine would
  // not without room, and with a byte of it would go further than zlib; so the next call goes on.
  if (out.left == 0) return cut_short();

  const bool frame_progress = out.left != out_bytes;
  const std::int8_t flush_before = std::exchange(last_flush_, static_cast<std::int8_t>(flush));
  StreamCode code = StreamCode::ok;
  if (offload_state_ != OffloadState::none || (!engine_ran_ && begins_offloaded(in_bytes)))
      [[unlikely]] {
    code = run_offloaded(in, in_bytes, out, flush, flush_before, consumed);
  } else {
    code = run_engine(in, in_bytes, out, flush, consumed);
    count_served(*context_, Algorithm::deflate, Engine::zlib, consumed, out_bytes - out.left);
  }
  if (code == StreamCode::buffer_error && frame_progress) {
    message_ = nullptr;
    return step(StreamCode::ok);
  }
  return step(code);
}

DeflateStream::Step DeflateStream::refuse_no_room(const std::uint8_t* in, std::uint32_t in_bytes,
                                                  std::uint8_t* out, Flush flush) noexcept {
  message_ = kBufferError;
  StreamCode code = StreamCode::buffer_error;
  if (offload_state_ == OffloadState::working) {
    code = offload_has_ended() && flush != Flush::finish ? StreamCode::stream_error : code;
    if (code == StreamCode::stream_error) message_ = kStreamError;
  } else if (status_ == Status::body && engine_ == EngineState::ready) {
    // The engine knows whether it has begun to end, when anything but finishing is an error first.
    code = raw_.run(in, in_bytes, out, 0, flush).code;
    message_ = raw_.message();
  }
  return {0, 0, code};
}

void DeflateStream::drain(Output& out) noexcept {
  if (frame_pending()) {
    const std::uint32_t bytes = std::min<std::uint32_t>(frame_size_ - frame_at_, out.left);
    std::memcpy(out.next, frame_ + frame_at_, bytes);
    frame_at_ = static_cast<std::uint8_t>(frame_at_ + bytes);
    out.next += bytes;
    out.left -= bytes;
  }
  if (remains_.output_waits()) {
    const std::uint32_t bytes = remains_.take(arena_, out.next, out.left);
    out.next += bytes;
    out.left -= bytes;
  }
  if (status_ == Status::ended && engine_output_waits() && out.left != 0) {
    const RawDeflate::Step step = raw_.run(nullptr, 0, out.next, out.left, Flush::finish);
    out.next += step.produced;
    out.left -= step.produced;
  }
}

bool DeflateStream::engine_output_waits() const noexcept {
  unsigned bytes = 0;
  if (engine_ == EngineState::ready) raw_.pending(&bytes, nullptr);
  return bytes != 0;
}

bool DeflateStream::output_waits() const noexcept {
  // Until the end the engine brings its own output; behind it, there are bits that were added.
  return frame_pending() || remains_.output_waits() ||
         (status_ == Status::ended && engine_output_waits());
}

StreamCode DeflateStream::ready_engine() noexcept {
  if (engine_ == EngineState::ready) return StreamCode::ok;
  if (!confined_ && remains_.output_waits()) return StreamCode::stream_error;  // where it would run
  StreamCode code = StreamCode::ok;
  if (engine_ == EngineState::stale && raw_.is_open()) {
    // Level and strategy may have changed since; at the start of a stream that emits nothing.
    code = raw_.reset();
    if (code == StreamCode::ok && engine_outdated_)
      code =
          raw_.set_parameters(parameters_.level, parameters_.strategy, nullptr, 0, nullptr, 0).code;
  } else {
    code = ready_engine_memory();
    if (code == StreamCode::ok) code = raw_.open(parameters_, engine_memory());
  }
  if (code != StreamCode::ok) return code;
  engine_ = EngineState::ready;
  engine_outdated_ = false;
  return tuned_ ? raw_.tune(tuning_) : StreamCode::ok;
}

void DeflateStream::close_engine() noexcept {
  raw_.close();
  engine_ = EngineState::closed;
}

void DeflateStream::count_input(const std::uint8_t* in, std::uint32_t bytes) noexcept {
  if (bytes == 0) return;
  if (format_ == Format::zlib) check_ = adler32(check_, in, bytes);
  if (format_ == Format::gzip) check_ = crc32(check_, in, bytes);
  body_bytes_ += bytes;
}

StreamCode DeflateStream::run_engine(const std::uint8_t* in, std::uint32_t in_bytes, Output& out,
                                     Flush flush, std::uint32_t& consumed) noexcept {
  const StreamCode ready = ready_engine();
  if (ready != StreamCode::ok) return ready;
  engine_ran_ = true;
  const RawDeflate::Step step = raw_.run(in, in_bytes, out.next, out.left, flush);
  consumed = step.consumed;
  count_input(in, step.consumed);
  out.next += step.produced;
  out.left -= step.produced;
  data_type_ = raw_.data_type();
  message_ = raw_.message();
  return step.code == StreamCode::end ? end_body(out) : step.code;
}

StreamCode DeflateStream::end_body(Output& out) noexcept {
  status_ = Status::ended;
  frame_at_ = 0;
  frame_size_ = static_cast<std::uint8_t>(write_trailer(format_, check_, body_bytes_, frame_));
  drain(out);
  return frame_pending() ? StreamCode::ok : StreamCode::end;
}

// The whole message at once, straight to the caller where there is room for the worst case, else by
// way of the thread's scratch; what the caller has no room for waits in the arena.
StreamCode DeflateStream::run_whole(const std::uint8_t* in, std::uint32_t in_bytes,
                                    Output& out) noexcept {
  BorrowedScratch scratch;
  if (!scratch) return StreamCode::no_memory;
  const std::size_t most = frame_bound(plain_frame_bytes(format_), parameters_, in_bytes);
  const bool direct = out.left >= most;
  std::uint8_t* to = direct ? out.next : scratch.buffer(most);
  if (to == nullptr) return StreamCode::no_memory;
  const EncodedFrame frame =
      encode_whole(*context_, scratch, format_, parameters_, in, in_bytes, to, most);
  if (frame.bytes == 0) return StreamCode::no_memory;

  const auto now = static_cast<std::uint32_t>(std::min<std::size_t>(frame.bytes, out.left));
  if (!direct) std::memcpy(out.next, to, now);
  out.next += now;
  out.left -= now;
  // A stale engine's window may be overwritten: its reset forgets that.
  remains_.keep_history(arena_, in, in_bytes);
  if (now != frame.bytes) {
    close_engine();  // its memory is needed
    remains_.append(arena_, to + now, frame.bytes - now);
  }
  check_ = frame.check;
  body_bytes_ = in_bytes;
  data_type_ = guess_data_type(in, in_bytes);
  status_ = Status::ended;
  return remains_.output_waits() ? StreamCode::ok : StreamCode::end;
}

WD_NAMESPACE_END
