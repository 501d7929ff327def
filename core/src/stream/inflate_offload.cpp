// A stream whose body an accelerator reads, and how it comes back to software.
#include <algorithm>
#include <utility>

#include "base/orphan_watch.hpp"
#include "base/overlap.hpp"
#include "context/served.hpp"
#include "engine/accelerator.hpp"
#include "stream/whole_offload.hpp"
#include "wd/context.hpp"
#include "wd/inflate_stream.hpp"

WD_NAMESPACE_BEGIN

using State = FrameReader::State;

Format InflateStream::body_format() const noexcept {
  if (!frame_.framed()) return Format::raw;
  return frame_.crc_body() ? Format::gzip : Format::zlib;
}

// At the body's first byte. True if an accelerator has it: a stream is open there, or the whole
// body is done.
bool InflateStream::begin_offload(InputCursor& in, std::uint8_t*& out, std::uint32_t& out_left,
                                  Flush flush) noexcept {
  if (software_only_ || context_->accelerator(Algorithm::inflate, in.left) == nullptr) [[likely]]
    return false;
  std::uint32_t history = 0;
  raw_.get_dictionary(nullptr, &history);
  const int window_bits = frame_.window_bits();
  const bool suits = flush < Flush::block && history == 0 && raw_.held_bits() == 0 &&
                     (!frame_.framed() || frame_.verifies()) &&
                     (window_bits == kMaxWindowBits || window_bits == 0) &&
                     !overlap(in.next, in.left, out, out_left);
  const Accelerator* accelerator = inflate_accelerator(*context_, body_format(), suits, in.left);
  if (accelerator == nullptr) return false;
  drop_offload();
  accelerator_ = accelerator;
  // A message that has room for as much output as there is input may be there as a whole.
  if (flush == Flush::finish && out_left >= in.left) {
    const OffloadEnd end = offload_at_once(*accelerator, in, out, out_left);
    if (end == OffloadEnd::done) return true;
    // What looks unsound may be a stream's first part. If it is no more than unsound, that is an
    // answer, which software has to put into words.
    if (end == OffloadEnd::failed) return false;
  }
  if (!hold(accelerator->open_inflate(accelerator->world, body_format()))) {
    count_fallback(*context_, Algorithm::inflate, accelerator->engine, FallbackReason::no_memory);
    return false;
  }
  aside_ = true;
  return true;
}

// `done`: the body, and the frame with it. Otherwise nothing has happened.
OffloadEnd InflateStream::offload_at_once(const Accelerator& accelerator, InputCursor& in,
                                          std::uint8_t*& out, std::uint32_t& out_left) noexcept {
  const Format format = body_format();
  const OffloadStep step =
      accelerator.inflate_whole(accelerator.world, format, {in.next, in.left}, {out, out_left});
  if (step.end == OffloadEnd::failed)
    count_fallback(*context_, Algorithm::inflate, accelerator.engine, step.reason);
  if (step.end != OffloadEnd::done) return step.end;
  count_call(accelerator.engine, step.consumed, step.produced);
  const auto produced = static_cast<std::uint32_t>(step.produced);
  const auto trailer = static_cast<std::uint32_t>(trailer_bytes_of(format));
  in.next += step.consumed - trailer;
  in.left -= static_cast<std::uint32_t>(step.consumed) - trailer;
  out += produced;
  out_left -= produced;
  body_begun_ = true;
  body_bytes_ += produced;
  if (frame_.framed()) {
    check_ = check_in_trailer(format, in.next + trailer);
    show_adler(check_);
  }
  frame_.enter_trailer(0, 0);
  frame_.read_trailer(in, check_, body_bytes_);
  return OffloadEnd::done;
}

InflateStream::Step InflateStream::run_offloaded(const std::uint8_t* in, std::uint32_t in_bytes,
                                                 std::uint8_t* out, std::uint32_t out_bytes,
                                                 Flush flush) noexcept {
  InputCursor cursor{in, in_bytes};
  std::uint32_t out_left = out_bytes;
  StreamCode code = StreamCode::ok;
  if (flush < Flush::block && !overlap(in, in_bytes, out, out_bytes)) {
    code = offload_step(cursor, out, out_left, flush);
  } else {
    count_fallback(*context_, Algorithm::inflate, accelerator_->engine,
                   FallbackReason::unsupported);
    come_back();
  }
  const std::int64_t consumed = cursor.next - in;
  const std::uint32_t produced = out_bytes - out_left;
  if (offload_ != nullptr && !replaying_)
    return progress(consumed, produced, current_data_type(), flush, code);
  Step more = replaying_ ? run_behind_replay(cursor.next, cursor.left, out, out_left, flush)
                         : run_from(cursor.next, cursor.left, out, out_left, flush, nullptr);
  more.consumed += consumed;
  more.produced += produced;
  if (more.code == StreamCode::buffer_error && flush != Flush::finish &&
      (consumed != 0 || produced != 0))
    more.code = StreamCode::ok;
  return more;
}

StreamCode InflateStream::offload_step(InputCursor& in, std::uint8_t*& out, std::uint32_t& out_left,
                                       Flush flush) noexcept {
  const OffloadStep step = accelerator_->run_inflate(*offload_, {in.next, in.left}, {out, out_left},
                                                     flush == Flush::finish);
  in.next += step.consumed;
  in.left -= static_cast<std::uint32_t>(step.consumed);
  out += step.produced;
  out_left -= static_cast<std::uint32_t>(step.produced);
  body_begun_ = true;
  body_bytes_ += static_cast<std::uint32_t>(step.produced);
  // Software counts the call if nothing of it was done here.
  const bool failed = step.end == OffloadEnd::failed || step.end == OffloadEnd::unsound;
  if (!failed || step.consumed != 0 || step.produced != 0)
    count_call(accelerator_->engine, step.consumed, step.produced);
  if (frame_.framed() && step.produced != 0) {
    check_ = accelerator_->left_inflate(*offload_).check;
    show_adler(check_);
  }
  switch (step.end) {
    case OffloadEnd::end:
      end_offloaded();
      if (frame_.state() == State::done) return StreamCode::end;
      message_ = frame_.message();
      return StreamCode::data_error;
    case OffloadEnd::failed:
      count_fallback(*context_, Algorithm::inflate, accelerator_->engine, step.reason);
      come_back();
      return StreamCode::ok;
    case OffloadEnd::unsound:
      doubted_ = true;
      come_back();
      return StreamCode::ok;
    default:
      return StreamCode::ok;
  }
}

// An accelerator has found a stream wrong that software has come to the end of. (If software finds
// it wrong, too, that was an answer and no failure.)
void InflateStream::settle_doubt() noexcept {
  doubted_ = false;
  count_fallback(*context_, Algorithm::inflate, accelerator_->engine, FallbackReason::device_fault);
}

// The trailer is the last of what was consumed. The device has compared it, with what it has
// written; this compares it with what has arrived.
void InflateStream::end_offloaded() noexcept {
  const auto replay = accelerator_->left_inflate(*offload_).replay;
  const std::size_t trailer = std::min(trailer_bytes_of(body_format()), replay.size());
  frame_.enter_trailer(0, 0);
  InputCursor cursor{replay.data() + (replay.size() - trailer),
                     static_cast<std::uint32_t>(trailer)};
  frame_.read_trailer(cursor, check_, body_bytes_);
  if (frame_.in_trailer()) frame_.fail("incorrect data check");
}

// Has the engine decode what the accelerator has consumed, and drop what the caller has of it.
void InflateStream::come_back() noexcept {
  if (offload_ == nullptr || replaying_) return;
  const InflateLeft left = accelerator_->left_inflate(*offload_);
  raw_.reset(engine_window_bits(frame_.window_bits()));
  std::uint64_t to_drop = left.delivered;
  std::uint8_t part[4096];
  replayed_ = 0;
  StreamCode code = StreamCode::ok;
  while (code == StreamCode::ok && (to_drop != 0 || replayed_ != left.replay.size())) {
    const auto room = static_cast<std::uint32_t>(std::min<std::uint64_t>(to_drop, sizeof(part)));
    const auto bytes = static_cast<std::uint32_t>(left.replay.size() - replayed_);
    const RawInflate::Step step =
        raw_.run(left.replay.data() + replayed_, bytes, part, room, Flush::none);
    replayed_ += static_cast<std::size_t>(step.consumed);
    to_drop -= step.produced;
    code = step.code;
  }
  if (code == StreamCode::no_memory) out_of_memory_ = true;
  if (frame_.state() == State::body) {
    if (code == StreamCode::end) frame_.enter_trailer(raw_.held(), raw_.held_bits());
    if (code == StreamCode::data_error) {
      in_body_when_bad_ = true;
      message_ = raw_.message();
      frame_.fail(message_);
    }
    replaying_ = !out_of_memory_ && replayed_ != left.replay.size() && frame_.state() != State::bad;
  }
  if (!replaying_) drop_offload();
}

std::span<const std::uint8_t> InflateStream::replay_left() const noexcept {
  return accelerator_->left_inflate(*offload_).replay.subspan(replayed_);
}

// First what the accelerator had consumed, then the caller's input.
InflateStream::Step InflateStream::run_behind_replay(const std::uint8_t* in, std::uint32_t in_bytes,
                                                     std::uint8_t* out, std::uint32_t out_bytes,
                                                     Flush flush) noexcept {
  const auto rest = replay_left();
  const auto rest_bytes = static_cast<std::uint32_t>(rest.size());
  Step first = run_from(rest.data(), rest_bytes, out, out_bytes, flush, nullptr);
  // That input was counted when the accelerator had it.
  count_part(*context_, Algorithm::inflate, Engine::inflate,
             -static_cast<std::uint64_t>(first.consumed), 0);
  replayed_ += static_cast<std::size_t>(first.consumed);
  const std::uint32_t left = rest_bytes - static_cast<std::uint32_t>(first.consumed);
  const bool goes_on = first.code == StreamCode::ok || first.code == StreamCode::buffer_error;
  // Behind the end nothing of it was the stream's: it is the caller's again.
  first.consumed = goes_on ? 0 : -static_cast<std::int64_t>(left);
  if (goes_on && left != 0) return first;
  drop_offload();
  if (!goes_on) return first;
  Step second =
      run_from(in, in_bytes, out + first.produced, out_bytes - first.produced, flush, nullptr);
  second.produced += first.produced;
  if (second.code == StreamCode::buffer_error && first.produced != 0 && flush != Flush::finish)
    second.code = StreamCode::ok;
  return second;
}

void InflateStream::drop_offload() noexcept {
  replaying_ = false;
  aside_ = out_of_memory_;
  if (offload_ == nullptr) return;
  if (!standard_memory_) context_->orphan_watch()->forget(orphan_mark_);
  accelerator_->close_inflate(std::exchange(offload_, nullptr));
}

bool InflateStream::hold(InflateOffload* offload) noexcept {
  if (offload == nullptr) return false;
  if (!standard_memory_) {
    OrphanWatch* watch = context_->orphan_watch();
    const auto release = [](const void* by, void* held) noexcept {
      static_cast<const Accelerator*>(by)->close_inflate(static_cast<InflateOffload*>(held));
    };
    if (watch == nullptr || !watch->watch(orphan_mark_, accelerator_, offload, release)) {
      accelerator_->close_inflate(offload);
      return false;
    }
  }
  offload_ = offload;
  return true;
}

StreamCode InflateStream::copy_offload(const InflateStream& source) noexcept {
  accelerator_ = source.accelerator_;
  if (!hold(accelerator_->copy_inflate(*source.offload_))) return StreamCode::no_memory;
  replaying_ = source.replaying_;
  replayed_ = source.replayed_;
  return StreamCode::ok;
}

WD_NAMESPACE_END
