// What can be set on a compressing stream, and asked of it, beside its data.
#include "engine/accelerator.hpp"
#include "stream/deflate_outside.hpp"
#include "stream/whole_offload.hpp"
#include "wd/checksum.hpp"
#include "wd/deflate_stream.hpp"

WD_NAMESPACE_BEGIN

DeflateStream::Step DeflateStream::set_parameters(int level, Strategy strategy,
                                                  const std::uint8_t* in, std::uint32_t in_bytes,
                                                  std::uint8_t* out, std::uint32_t out_bytes,
                                                  const GzipHeader* header) noexcept {
  message_ = nullptr;
  Step step{0, 0, StreamCode::ok};
  if (would_flush(level, strategy)) {
    step = run(in, in_bytes, out, out_bytes, Flush::block, header);
    if (step.code == StreamCode::stream_error) return step;
    step.code = StreamCode::ok;
    if (step.consumed != in_bytes) {
      step.code = StreamCode::buffer_error;
      return step;
    }
    if (offload_holds_input()) {
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
    if (level != parameters_.level) tuned_ = false;
    parameters_.level = level;
    parameters_.strategy = strategy;
    if (offload_state_ == OffloadState::working && !suits_accelerators(*context_, parameters_))
      step.code = leave_offload(FallbackReason::unsupported);
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
  if (const StreamCode code = leave_offload(FallbackReason::unsupported); code != StreamCode::ok)
    return code;
  dictionary_only_ = false;
  if (engine_ == EngineState::ready) return raw_.tune(tuning);
  if (confined_ && outside_ == nullptr && status_ != Status::ended) return StreamCode::no_memory;
  // The engine is told when it starts, if ever: where it runs, a header may still have to wait.
  tuned_ = true;
  tuning_ = tuning;
  return StreamCode::ok;
}

StreamCode DeflateStream::prime(int bits, int value) noexcept {
  if (ended_at_once()) {
    close_engine();
    return remains_.prime(arena_, bits, value);
  }
  dictionary_only_ = false;
  StreamCode code = leave_offload(FallbackReason::unsupported);
  if (code == StreamCode::ok) code = ready_engine();
  return code == StreamCode::ok ? raw_.prime(bits, value) : code;
}

void DeflateStream::pending(unsigned* bytes, int* bits) const noexcept {
  unsigned engine_bytes = 0;
  int engine_bits = 0;
  if (engine_ == EngineState::ready) raw_.pending(&engine_bytes, &engine_bits);
  if (offload_state_ != OffloadState::none)
    engine_bytes +=
        static_cast<unsigned>(outside_->accelerator->left_deflate(*outside_->offload).pending);
  if (bytes != nullptr) *bytes = engine_bytes + (frame_size_ - frame_at_) + remains_.output_bytes();
  if (bits != nullptr) *bits = engine_bits + remains_.bits();
}

StreamCode DeflateStream::set_dictionary(const std::uint8_t* dictionary,
                                         std::uint32_t bytes) noexcept {
  // Behind the end zlib takes one for every format.
  if (status_ != Status::ended &&
      (format_ == Format::gzip || (format_ == Format::zlib && status_ != Status::start)))
    return StreamCode::stream_error;
  if (ended_at_once()) {
    remains_.add_dictionary(arena_, dictionary, bytes);
    return StreamCode::ok;
  }
  // zlib takes none while it has input that it has not worked at.
  if (offload_holds_input()) return StreamCode::stream_error;
  const bool fresh = engine_ != EngineState::ready && !engine_ran_ && !tuned_;
  StreamCode code = leave_offload(FallbackReason::unsupported);
  if (code == StreamCode::ok) code = ready_engine();
  if (code == StreamCode::ok) code = raw_.set_dictionary(dictionary, bytes);
  dictionary_only_ = dictionary_only_ || (fresh && code == StreamCode::ok);
  if (code != StreamCode::ok) return code;
  if (status_ == Status::ended) return StreamCode::ok;
  if (format_ == Format::zlib) check_ = adler32(check_, dictionary, bytes);
  has_dictionary_ = has_dictionary_ || bytes != 0;
  return StreamCode::ok;
}

StreamCode DeflateStream::get_dictionary(std::uint8_t* dictionary,
                                         std::uint32_t* bytes) const noexcept {
  if (offload_state_ != OffloadState::none) {
    get_offload_dictionary(dictionary, bytes);
    return StreamCode::ok;
  }
  if (engine_ == EngineState::ready) return raw_.get_dictionary(dictionary, bytes);
  remains_.get_dictionary(arena_, dictionary, bytes);
  return StreamCode::ok;
}

WD_NAMESPACE_END
