#include "wd/deflate_stream.hpp"

#include <algorithm>
#include <cstring>

#include "context/served.hpp"
#include "framing/frame_writer.hpp"
#include "stream/data_type.hpp"
#include "stream/whole_frame.hpp"
#include "wd/checksum.hpp"
#include "wd/one_shot.hpp"

WD_NAMESPACE_BEGIN

namespace {

// last_flush_ values beside those of Flush: nothing done yet, and output was cut short (so that the
// same flush again is no repetition).
constexpr std::int8_t kNothingYet = -2;
constexpr std::int8_t kCutShort = -1;

constexpr const char* kStreamError = "stream error";
constexpr const char* kBufferError = "buffer error";

// Scratch for a message whose output may not fit: beyond this, streaming is as good.
constexpr std::size_t kMaxScratchBytes = std::size_t{1} << 20;

// With the terminating zero; none for a text that is not there.
std::size_t text_bytes(const std::uint8_t* text) noexcept {
  return text == nullptr ? 0 : std::strlen(reinterpret_cast<const char*>(text)) + 1;
}

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
  if (status_ != Status::body) return StreamCode::ok;
  // The engine knows whether all is compressed though not all of it is out; if it has not been
  // reached yet, it is not.
  return engine_ran_ ? engine : StreamCode::data_error;
}

void DeflateStream::reset() noexcept {
  if (engine_ == EngineState::ready) engine_ = EngineState::stale;
  status_ = Status::start;
  engine_ran_ = false;
  last_flush_ = kNothingYet;
  has_dictionary_ = false;
  frame_at_ = frame_size_ = 0;
  store_at_ = store_size_ = 0;
  check_ = start_check(format_);
  body_bytes_ = 0;
  data_type_ = kDataTypeUnknown;
  message_ = nullptr;
}

void DeflateStream::reset_keep_history() noexcept {
  const bool open = engine_ == EngineState::ready;
  reset();
  if (open && raw_.reset_keep_history() == StreamCode::ok) engine_ = EngineState::ready;
}

StreamCode DeflateStream::copy_from(const DeflateStream& source) noexcept {
  if (source.engine_ == EngineState::ready) {
    const StreamCode code = raw_.copy_from(source.raw_, arena_);
    if (code != StreamCode::ok) return code;
    engine_ = EngineState::ready;
  } else {
    engine_ = EngineState::closed;
  }
  arena_.store_from(source.arena_, source.store_size_);
  status_ = source.status_;
  engine_ran_ = source.engine_ran_;
  has_dictionary_ = source.has_dictionary_;
  last_flush_ = source.last_flush_;
  frame_at_ = source.frame_at_;
  frame_size_ = source.frame_size_;
  std::copy(std::begin(source.frame_), std::end(source.frame_), std::begin(frame_));
  check_ = source.check_;
  header_crc_ = source.header_crc_;
  body_bytes_ = source.body_bytes_;
  optional_at_ = source.optional_at_;
  store_at_ = source.store_at_;
  store_size_ = source.store_size_;
  data_type_ = source.data_type_;
  message_ = source.message_;
  return StreamCode::ok;
}

bool DeflateStream::takes_whole(std::uint32_t in_bytes, std::uint32_t out_bytes, Flush flush,
                                const GzipHeader* header) const noexcept {
  if (flush != Flush::finish || status_ != Status::start || engine_ == EngineState::ready ||
      header != nullptr || whole_encoder(*context_, parameters_, in_bytes) == nullptr)
    return false;
  const std::size_t most = frame_bound(plain_frame_bytes(format_), parameters_, in_bytes);
  return out_bytes >= most ||
         (most <= kMaxScratchBytes && most - out_bytes <= arena_.store_capacity());
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

  if (frame_pending() || store_pending()) {
    drain(out);
    if (out.left == 0) return cut_short();
  }
  if (status_ == Status::ended) {
    if (in_bytes == 0) return step(StreamCode::end);
    message_ = kBufferError;
    return step(StreamCode::buffer_error);
  }
  if (takes_whole(in_bytes, out_bytes, flush, header) &&
      !overlap(in, in_bytes, out_data, out_bytes)) {
    const StreamCode code = run_whole(in, in_bytes, out);
    if (code != StreamCode::no_memory) {
      consumed = in_bytes;
      last_flush_ = static_cast<std::int8_t>(flush);
      return step(code);
    }
  }
  if (confined_) return step(StreamCode::no_memory);
  if (status_ < Status::body && !put_header(out, header)) return cut_short();
  if (out.left == 0) return cut_short();

  const bool frame_progress = out.left != out_bytes;
  last_flush_ = static_cast<std::int8_t>(flush);
  const StreamCode code = run_engine(in, in_bytes, out, flush, consumed);
  count_served(*context_, Algorithm::deflate, Engine::zlib, consumed, out_bytes - out.left);
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
  if (status_ == Status::body && engine_ == EngineState::ready) {
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
  if (store_pending()) {
    const std::uint32_t bytes = std::min(store_size_ - store_at_, out.left);
    arena_.fetch(store_at_, out.next, bytes);
    store_at_ += bytes;
    out.next += bytes;
    out.left -= bytes;
  }
}

void DeflateStream::begin_header(const GzipHeader* header) noexcept {
  frame_at_ = 0;
  frame_size_ = 0;
  switch (format_) {
    case Format::zlib:
      frame_size_ = static_cast<std::uint8_t>(
          write_zlib_header(parameters_, has_dictionary_ ? &check_ : nullptr, frame_));
      check_ = kAdler32Start;
      break;
    case Format::gzip: {
      std::size_t bytes = write_gzip_header(parameters_, header, frame_);
      if (header != nullptr && header->extra != nullptr) {
        frame_[bytes++] = static_cast<std::uint8_t>(header->extra_len);
        frame_[bytes++] = static_cast<std::uint8_t>(header->extra_len >> 8);
      }
      frame_size_ = static_cast<std::uint8_t>(bytes);
      header_crc_ = kCrc32Start;
      add_to_header_crc(frame_, bytes, header != nullptr && header->hcrc != 0);
      if (header != nullptr) status_ = store_optional(*header) ? Status::body : Status::extra;
      break;
    }
    default:
      break;
  }
}

// Takes the optional parts of a gzip header into the arena, so that the caller's memory is not
// needed any more when this call returns, as zlib has it. False if the arena is in use or too
// small: then they are written from where they are, as room comes.
bool DeflateStream::store_optional(const GzipHeader& header) noexcept {
  if (engine_ == EngineState::ready) return false;
  const std::size_t extra = header.extra == nullptr ? 0 : header.extra_len & 0xffff;
  const std::size_t name = text_bytes(header.name);
  const std::size_t comment = text_bytes(header.comment);
  const bool in_crc = header.hcrc != 0;
  const std::size_t bytes = extra + name + comment + (in_crc ? 2 : 0);
  if (bytes > arena_.store_capacity()) return false;
  raw_.close();
  engine_ = EngineState::closed;
  store_at_ = store_size_ = 0;
  const auto append = [&](const std::uint8_t* data, std::size_t part) {
    arena_.store(store_size_, data, part);
    store_size_ += static_cast<std::uint32_t>(part);
  };
  append(header.extra, extra);
  append(header.name, name);
  append(header.comment, comment);
  if (!in_crc) return true;
  if (extra != 0) add_to_header_crc(header.extra, extra, true);
  if (name != 0) add_to_header_crc(header.name, name, true);
  if (comment != 0) add_to_header_crc(header.comment, comment, true);
  const std::uint8_t crc[2] = {static_cast<std::uint8_t>(header_crc_),
                               static_cast<std::uint8_t>(header_crc_ >> 8)};
  append(crc, sizeof(crc));
  return true;
}

// True when the header is written; false when there is no room for all of it.
bool DeflateStream::put_header(Output& out, const GzipHeader* header) noexcept {
  if (status_ == Status::start) {
    status_ = Status::body;
    optional_at_ = 0;
    begin_header(header);
    drain(out);
  }
  if (frame_pending() || store_pending()) return false;
  if (status_ == Status::body) return true;
  // A header that was taken away in the midst of being written ends where it is.
  static constexpr GzipHeader kNone{};
  const GzipHeader& fields = header != nullptr ? *header : kNone;
  const bool in_crc = fields.hcrc != 0;
  if (status_ == Status::extra) {
    const std::size_t bytes = fields.extra == nullptr ? 0 : fields.extra_len & 0xffff;
    if (!put_optional(out, fields.extra, bytes, in_crc)) return false;
    status_ = Status::name;
  }
  if (status_ == Status::name) {
    if (!put_optional(out, fields.name, text_bytes(fields.name), in_crc)) return false;
    status_ = Status::comment;
  }
  if (status_ == Status::comment) {
    if (!put_optional(out, fields.comment, text_bytes(fields.comment), in_crc)) return false;
    status_ = Status::header_crc;
    frame_at_ = frame_size_ = 0;
    if (in_crc) {
      frame_[0] = static_cast<std::uint8_t>(header_crc_);
      frame_[1] = static_cast<std::uint8_t>(header_crc_ >> 8);
      frame_size_ = 2;
    }
  }
  drain(out);
  if (frame_pending()) return false;
  status_ = Status::body;
  return true;
}

// Writes one optional part straight from the caller's memory; true when it is complete.
bool DeflateStream::put_optional(Output& out, const std::uint8_t* data, std::size_t bytes,
                                 bool in_crc) noexcept {
  // A part that the caller has cut down in the meantime ends where it was.
  const std::size_t rest = bytes > optional_at_ ? bytes - optional_at_ : 0;
  const std::size_t part = std::min<std::size_t>(rest, out.left);
  if (part != 0) {
    std::memcpy(out.next, data + optional_at_, part);
    add_to_header_crc(data + optional_at_, part, in_crc);
    out.next += part;
    out.left -= static_cast<std::uint32_t>(part);
    optional_at_ += static_cast<std::uint32_t>(part);
  }
  if (part != rest) return false;
  optional_at_ = 0;
  return true;
}

void DeflateStream::add_to_header_crc(const std::uint8_t* data, std::size_t bytes,
                                      bool in_crc) noexcept {
  if (in_crc) header_crc_ = crc32(header_crc_, data, bytes);
}

StreamCode DeflateStream::ready_engine() noexcept {
  if (engine_ == EngineState::ready) return StreamCode::ok;
  if (confined_) return StreamCode::no_memory;
  if (store_pending()) return StreamCode::stream_error;  // output waits where it would run
  StreamCode code = StreamCode::ok;
  if (engine_ == EngineState::stale && raw_.is_open()) {
    // Level and strategy may have changed since; at the start of a stream that emits nothing.
    code = raw_.reset();
    if (code == StreamCode::ok && engine_outdated_)
      code =
          raw_.set_parameters(parameters_.level, parameters_.strategy, nullptr, 0, nullptr, 0).code;
  } else {
    code = raw_.open(parameters_, arena_);
  }
  if (code != StreamCode::ok) return code;
  engine_ = EngineState::ready;
  engine_outdated_ = false;
  return StreamCode::ok;
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
  const WholeCodec& codec = *whole_encoder(*context_, parameters_, in_bytes);
  const std::size_t most = frame_bound(plain_frame_bytes(format_), parameters_, in_bytes);
  const bool direct = out.left >= most;
  std::uint8_t* to = direct ? out.next : scratch.buffer(most);
  if (to == nullptr) return StreamCode::no_memory;
  const EncodedFrame frame =
      encode_frame(*context_, codec, scratch, format_, parameters_, in, in_bytes, to, most);
  if (frame.bytes == 0) return StreamCode::no_memory;

  const auto now = static_cast<std::uint32_t>(std::min<std::size_t>(frame.bytes, out.left));
  if (!direct) std::memcpy(out.next, to, now);
  out.next += now;
  out.left -= now;
  if (now != frame.bytes) {
    raw_.close();  // its memory is needed
    engine_ = EngineState::closed;
    arena_.store(0, to + now, frame.bytes - now);
    store_at_ = 0;
    store_size_ = static_cast<std::uint32_t>(frame.bytes - now);
  }
  check_ = frame.check;
  body_bytes_ = in_bytes;
  data_type_ = guess_data_type(in, in_bytes);
  status_ = Status::ended;
  return store_pending() ? StreamCode::ok : StreamCode::end;
}

DeflateStream::Step DeflateStream::set_parameters(int level, Strategy strategy,
                                                  const std::uint8_t* in, std::uint32_t in_bytes,
                                                  std::uint8_t* out, std::uint32_t out_bytes,
                                                  const GzipHeader* header) noexcept {
  Step step{0, 0, StreamCode::ok};
  if (would_flush(level, strategy)) {
    step = run(in, in_bytes, out, out_bytes, Flush::block, header);
    if (step.code == StreamCode::stream_error) return step;
    step.code = StreamCode::ok;
    if (step.consumed != in_bytes || frame_pending() || status_ < Status::body) {
      step.code = StreamCode::buffer_error;
      return step;
    }
  }
  if (engine_ == EngineState::ready) {
    const RawDeflate::Step raw =
        raw_.set_parameters(level, strategy, in + step.consumed, in_bytes - step.consumed,
                            out + step.produced, out_bytes - step.produced);
    count_input(in + step.consumed, raw.consumed);
    step.consumed += raw.consumed;
    step.produced += raw.produced;
    step.code = raw.code;
  }
  if (step.code == StreamCode::ok) {
    if (engine_ == EngineState::stale) engine_outdated_ = true;
    parameters_.level = level;
    parameters_.strategy = strategy;
  }
  return step;
}

// zlib has three ways to search, and levels that differ in their patience only; changing the way
// ends the block.
bool DeflateStream::would_flush(int level, Strategy strategy) const noexcept {
  const auto way = [](int of) { return of == 0 ? 0 : of <= 3 ? 1 : 2; };
  return last_flush_ != kNothingYet &&
         (strategy != parameters_.strategy || way(level) != way(parameters_.level));
}

StreamCode DeflateStream::tune(const DeflateTuning& tuning) noexcept {
  const StreamCode code = ready_engine();
  return code == StreamCode::ok ? raw_.tune(tuning) : code;
}

StreamCode DeflateStream::prime(int bits, int value) noexcept {
  const StreamCode code = ready_engine();
  return code == StreamCode::ok ? raw_.prime(bits, value) : code;
}

void DeflateStream::pending(unsigned* bytes, int* bits) const noexcept {
  unsigned engine_bytes = 0;
  int engine_bits = 0;
  if (engine_ == EngineState::ready) raw_.pending(&engine_bytes, &engine_bits);
  if (bytes != nullptr)
    *bytes = engine_bytes + (frame_size_ - frame_at_) + (store_size_ - store_at_);
  if (bits != nullptr) *bits = engine_bits;
}

StreamCode DeflateStream::set_dictionary(const std::uint8_t* dictionary,
                                         std::uint32_t bytes) noexcept {
  if (format_ == Format::gzip || (format_ == Format::zlib && status_ != Status::start))
    return StreamCode::stream_error;
  StreamCode code = ready_engine();
  if (code == StreamCode::ok) code = raw_.set_dictionary(dictionary, bytes);
  if (code != StreamCode::ok) return code;
  if (format_ == Format::zlib) check_ = adler32(check_, dictionary, bytes);
  has_dictionary_ = has_dictionary_ || bytes != 0;
  return StreamCode::ok;
}

StreamCode DeflateStream::get_dictionary(std::uint8_t* dictionary,
                                         std::uint32_t* bytes) const noexcept {
  if (engine_ == EngineState::ready) return raw_.get_dictionary(dictionary, bytes);
  if (bytes != nullptr) *bytes = 0;
  return StreamCode::ok;
}

std::size_t DeflateStream::bound(std::size_t in_bytes, const GzipHeader* header) const noexcept {
  std::size_t frame = plain_frame_bytes(format_);
  if (format_ == Format::zlib && (has_dictionary_ || body_bytes_ != 0))
    frame += kZlibDictionaryBytes;
  if (format_ == Format::gzip && header != nullptr) {
    if (header->extra != nullptr) frame += 2 + header->extra_len;
    frame += text_bytes(header->name) + text_bytes(header->comment);
    if (header->hcrc != 0) frame += 2;
  }
  return frame_bound(frame, parameters_, in_bytes);
}

WD_NAMESPACE_END
