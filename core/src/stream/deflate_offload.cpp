// A stream whose body an accelerator makes, and how it goes over to the streaming engine.
#include <algorithm>
#include <cstring>
#include <utility>

#include "base/orphan_watch.hpp"
#include "base/thread_scratch.hpp"
#include "context/served.hpp"
#include "engine/accelerator.hpp"
#include "stream/data_type.hpp"
#include "stream/deflate_outside.hpp"
#include "stream/whole_offload.hpp"
#include "wd/deflate_stream.hpp"

WD_NAMESPACE_BEGIN

namespace {

constexpr std::uint32_t kWindowBytes = 32768;

// zlib's order of flushes: a call without input whose flush is no more than the last one's asks for
// nothing.
constexpr int rank_of(int flush) noexcept {
  return flush * 2 - (flush > 4 ? 9 : 0);
}

}  // namespace

// Asked before a stream's first input only.
bool DeflateStream::begins_offloaded(std::uint32_t in_bytes) noexcept {
  if (context_->accelerator(Algorithm::deflate, in_bytes) == nullptr) [[likely]]
    return false;
  // Bits came first, or times of a search: the streaming engine's business.
  // A confined stream's engine runs in what may have to be opened anew.
  const bool begun = (engine_ == EngineState::ready && (!dictionary_only_ || confined_)) || tuned_;
  const DeflateParameters software_only{.level = 0};
  const Accelerator* accelerator = deflate_accelerator(
      *context_, OffloadKind::stream, format_, begun ? software_only : parameters_, in_bytes);
  if (accelerator == nullptr) return false;
  if (!ready_offload(*accelerator)) {
    count_fallback(*context_, Algorithm::deflate, accelerator->engine, FallbackReason::no_memory);
    return false;
  }
  if (const FallbackReason reason = pass_dictionary(); reason != FallbackReason::count_) {
    count_fallback(*context_, Algorithm::deflate, accelerator->engine, reason);
    return false;
  }
  offload_state_ = OffloadState::working;
  engine_ran_ = true;
  return true;
}

FallbackReason DeflateStream::pass_dictionary() noexcept {
  if (!dictionary_only_) return FallbackReason::count_;
  BorrowedScratch scratch;
  std::uint8_t* dictionary = scratch ? scratch.buffer(kWindowBytes) : nullptr;
  if (dictionary == nullptr) return FallbackReason::no_memory;
  std::uint32_t bytes = 0;
  raw_.get_dictionary(dictionary, &bytes);
  if (bytes != 0) {
    const OffloadStep step = outside_->set_dictionary({dictionary, bytes});
    if (step.end != OffloadEnd::done) return step.reason;
  }
  passed_bytes_ = bytes;
  dictionary_only_ = false;
  engine_ = EngineState::stale;
  return FallbackReason::count_;
}

bool DeflateStream::ready_offload(const Accelerator& accelerator) noexcept {
  if (outside_ != nullptr && outside_->offload != nullptr &&
      outside_->accelerator == &accelerator) {
    outside_->reset();
    return true;
  }
  if (confined_ && engine_ != EngineState::closed) close_engine();  // it runs in what is outside
  close_outside();
  return hold(DeflateOutside::open(accelerator, context_->config().verify));
}

bool DeflateStream::hold(DeflateOutside* outside) noexcept {
  if (outside == nullptr) return false;
  if (confined_) {
    OrphanWatch* watch = context_->orphan_watch();
    const auto release = [](const void*, void* held) noexcept {
      DeflateOutside::close(static_cast<DeflateOutside*>(held));
    };
    if (watch == nullptr || !watch->watch(orphan_mark_, nullptr, outside, release)) {
      DeflateOutside::close(outside);
      return false;
    }
  }
  outside_ = outside;
  return true;
}

void DeflateStream::drop_offload() noexcept {
  offload_state_ = OffloadState::none;
  if (outside_ != nullptr) outside_->drop_body();
}

void DeflateStream::close_outside() noexcept {
  if (outside_ == nullptr) return;
  if (confined_) context_->orphan_watch()->forget(orphan_mark_);
  DeflateOutside::close(std::exchange(outside_, nullptr));
}

StreamCode DeflateStream::copy_offload(const DeflateStream& source) noexcept {
  if (!hold(DeflateOutside::copy(*source.outside_))) return StreamCode::no_memory;
  offload_state_ = source.offload_state_;
  return StreamCode::ok;
}

DeflateArena& DeflateStream::engine_memory() noexcept {
  return confined_ ? outside_->engine_memory : arena_;
}

StreamCode DeflateStream::ready_engine_memory() noexcept {
  if (!confined_) return StreamCode::ok;
  if (outside_ == nullptr) return StreamCode::no_memory;
  DeflateArena& memory = outside_->engine_memory;
  return memory.reserved() ? StreamCode::ok
                           : memory.reserve(Allocator::standard(), parameters_.window_bits,
                                            parameters_.memory_level);
}

StreamCode DeflateStream::run_offloaded(const std::uint8_t* in, std::uint32_t in_bytes, Output& out,
                                        Flush flush, std::int8_t flush_before,
                                        std::uint32_t& consumed) noexcept {
  if (offload_state_ == OffloadState::leaving)
    return run_leaving(in, in_bytes, out, flush, consumed, false);
  const DeflateLeft left = outside_->accelerator->left_deflate(*outside_->offload);
  if (left.ended && flush != Flush::finish) {
    message_ = "stream error";
    return StreamCode::stream_error;
  }
  const bool asks_for_nothing = in_bytes == 0 && left.pending == 0 && flush != Flush::finish &&
                                rank_of(static_cast<int>(flush)) <= rank_of(flush_before);
  if (asks_for_nothing || (left.ended && in_bytes != 0 && left.pending <= out.left)) {
    message_ = "buffer error";
    return StreamCode::buffer_error;
  }
  const PieceCheck check = outside_->check != nullptr ? outside_->check->question() : PieceCheck{};
  const OffloadStep step = outside_->accelerator->run_deflate(*outside_->offload, {in, in_bytes},
                                                              {out.next, out.left}, flush, check);
  consumed = static_cast<std::uint32_t>(step.consumed);
  count_input(in, consumed);
  out.next += step.produced;
  out.left -= static_cast<std::uint32_t>(step.produced);
  // Software counts the call if nothing of it was done here.
  const bool counted = step.end != OffloadEnd::failed || step.consumed != 0 || step.produced != 0;
  if (counted)
    count_served(*context_, Algorithm::deflate, outside_->accelerator->engine, step.consumed,
                 step.produced);
  if (data_type_ == kDataTypeUnknown && consumed != 0) data_type_ = guess_data_type(in, consumed);
  if (step.end == OffloadEnd::end) return end_offloaded(out);
  if (step.end == OffloadEnd::failed) {
    const StreamCode code = leave_offload(step.reason);
    if (code != StreamCode::ok) return code;
    return run_leaving(in + consumed, in_bytes - consumed, out, flush, consumed, counted);
  }
  if (out.left == 0) last_flush_ = kCutShort;
  return StreamCode::ok;
}

// What the streaming engine would know behind the end is kept where it would run.
StreamCode DeflateStream::end_offloaded(Output& out) noexcept {
  const DeflateLeft left = outside_->accelerator->left_deflate(*outside_->offload);
  offload_state_ = OffloadState::none;
  if (engine_ == EngineState::ready) close_engine();
  remains_.keep_history(arena_, left.history.data(),
                        static_cast<std::uint32_t>(left.history.size()),
                        passed_bytes_ + body_bytes_);
  return end_body(out);
}

// Opens the streaming engine behind all that the accelerator has made.
StreamCode DeflateStream::leave_offload(FallbackReason reason) noexcept {
  if (offload_state_ != OffloadState::working) return StreamCode::ok;
  count_fallback(*context_, Algorithm::deflate, outside_->accelerator->engine, reason);
  StreamCode code = ready_engine();
  if (code != StreamCode::ok) return code;
  const DeflateLeft left = outside_->accelerator->left_deflate(*outside_->offload);
  if (!left.history.empty())
    code =
        raw_.set_dictionary(left.history.data(), static_cast<std::uint32_t>(left.history.size()));
  offload_state_ = OffloadState::leaving;
  return code;
}

StreamCode DeflateStream::run_leaving(const std::uint8_t* in, std::uint32_t in_bytes, Output& out,
                                      Flush flush, std::uint32_t& consumed, bool counted) noexcept {
  const std::size_t drained =
      outside_->accelerator->drain_deflate(*outside_->offload, {out.next, out.left});
  out.next += drained;
  out.left -= static_cast<std::uint32_t>(drained);
  const DeflateLeft left = outside_->accelerator->left_deflate(*outside_->offload);
  const auto count = counted ? count_part : count_served;
  count(*context_, Algorithm::deflate, outside_->accelerator->engine, 0, drained);
  if (left.ended && left.pending == 0) return end_offloaded(out);
  const std::uint32_t room = out.left;
  for (std::size_t at = 0; out.left != 0 && at != left.unsent.size();) {
    const auto rest = static_cast<std::uint32_t>(left.unsent.size() - at);
    const RawDeflate::Step step =
        raw_.run(left.unsent.data() + at, rest, out.next, out.left, Flush::none);
    out.next += step.produced;
    out.left -= step.produced;
    at += step.consumed;
    outside_->accelerator->take_unsent(*outside_->offload, step.consumed);
    if (step.code != StreamCode::ok) return step.code;
  }
  count_part(*context_, Algorithm::deflate, Engine::zlib, 0, room - out.left);
  if (out.left == 0) {
    last_flush_ = kCutShort;
    return StreamCode::ok;
  }
  drop_offload();
  std::uint32_t more = 0;
  const std::uint32_t room_behind = out.left;
  const StreamCode code = run_engine(in, in_bytes, out, flush, more);
  consumed += more;
  count_part(*context_, Algorithm::deflate, Engine::zlib, more, room_behind - out.left);
  const bool progress = drained != 0 || room != room_behind;
  return code == StreamCode::buffer_error && progress ? StreamCode::ok : code;
}

bool DeflateStream::offload_holds_input() const noexcept {
  return offload_state_ != OffloadState::none &&
         !outside_->accelerator->left_deflate(*outside_->offload).unsent.empty();
}

bool DeflateStream::offload_has_ended() const noexcept {
  return outside_->accelerator->left_deflate(*outside_->offload).ended;
}

// The last input, as far as decoders will know it.
void DeflateStream::get_offload_dictionary(std::uint8_t* dictionary,
                                           std::uint32_t* bytes) const noexcept {
  const DeflateLeft left = outside_->accelerator->left_deflate(*outside_->offload);
  const auto new_bytes =
      static_cast<std::uint32_t>(std::min<std::size_t>(left.unsent.size(), kWindowBytes));
  std::uint32_t known = static_cast<std::uint32_t>(left.history.size());
  const bool by_engine = offload_state_ == OffloadState::leaving;
  if (by_engine) raw_.get_dictionary(nullptr, &known);
  const std::uint32_t kept = std::min(known, kWindowBytes - new_bytes);
  if (bytes != nullptr) *bytes = kept + new_bytes;
  if (dictionary == nullptr) return;
  if (by_engine) {
    raw_.get_dictionary(dictionary, nullptr);
    std::memmove(dictionary, dictionary + (known - kept), kept);
  } else if (kept != 0) {
    std::memcpy(dictionary, left.history.data() + (known - kept), kept);
  }
  std::memcpy(dictionary + kept, left.unsent.data() + (left.unsent.size() - new_bytes), new_bytes);
}

WD_NAMESPACE_END
