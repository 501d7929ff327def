#include "hisi/zip/deflate_body.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "engine/whole_codec.hpp"

WD_NAMESPACE_BEGIN

namespace hisi::zip {

namespace {

// An empty stored block: what zlib's users find behind a flush, and some take away.
constexpr std::uint8_t kMarker[] = {0x00, 0x00, 0x00, 0xff, 0xff};

}  // namespace

Result<DeflateBody> DeflateBody::create(Engine& engine, int window_bits) noexcept {
  constexpr int kLeastWindowBits = 12;
  const bool raw = engine.does(Format::raw);
  if (window_bits < kLeastWindowBits || window_bits > kMaxWindowBits ||
      (!raw && !engine.does(Format::zlib)))
    return Error{Errc::unsupported, 0, "no device makes such bodies"};
  auto stream = Stream::create(
      {raw ? Coding::deflate : Coding::zlib, Direction::compress, window_of(window_bits), -1});
  if (!stream) return stream.error();
  auto memory = DeviceBuffer::create(kGatherBytes + kReadyBytes, -1, InChild::copy);
  if (!memory) return memory.error();
  return DeflateBody(engine, std::move(*stream), std::move(*memory));
}

Result<DeflateBody> DeflateBody::copy() const noexcept {
  auto stream = stream_.copy();
  if (!stream) return stream.error();
  auto memory = DeviceBuffer::create(memory_.bytes(), -1, InChild::copy);
  if (!memory) return memory.error();
  DeflateBody copied(*engine_, std::move(*stream), std::move(*memory));
  std::memcpy(copied.gathered(), gathered(), gathered_);
  std::memcpy(copied.ready(), ready(), ready_fill_);
  copied.gathered_ = gathered_;
  copied.sent_ = sent_;
  copied.ready_at_ = ready_at_;
  copied.ready_end_ = ready_end_;
  copied.ready_fill_ = ready_fill_;
  copied.flushed_ = flushed_;
  copied.ended_ = ended_;
  return copied;
}

void DeflateBody::reset() noexcept {
  stream_.reset();
  gathered_ = sent_ = 0;
  ready_at_ = ready_end_ = ready_fill_ = 0;
  flushed_ = true;
  ended_ = false;
}

DeflateBody::Step DeflateBody::set_dictionary(std::span<const std::uint8_t> dictionary) noexcept {
  const Engine::Step done =
      engine_->run(stream_, dictionary.data(), dictionary.size(), ready(), kReadyBytes, false);
  const bool known = done.step.end == Stream::End::more &&
                     done.step.consumed == dictionary.size() && stream_.pending() == 0;
  if (known) return {0, 0, StreamCode::ok, false, Refusal::none};
  reset();
  const bool odd = done.refusal == Refusal::none && done.step.end == Stream::End::more;
  return {0, 0, StreamCode::ok, true, done.refusal, odd ? Stream::End::fault : done.step.end};
}

std::size_t DeflateBody::trailer_bytes() const noexcept {
  return stream_.parameters().coding == Coding::deflate ? 0 : 4;
}

DeflateBody::Step DeflateBody::run(const std::uint8_t* in, std::size_t in_bytes, std::uint8_t* out,
                                   std::size_t out_bytes, Flush flush,
                                   const PieceCheck& check) noexcept {
  Step step{0, 0, StreamCode::ok, false, Refusal::none};
  const bool asked = flush != Flush::none;
  const bool marks = flush == Flush::sync || flush == Flush::full;
  if (marks && in_bytes == 0 && flushed_ && pending() == 0 && !ended_) put_marker();
  for (;;) {
    step.produced += drain(out + step.produced, out_bytes - step.produced);
    if (pending() != 0 || ended_) break;
    step.consumed += gather(in + step.consumed, in_bytes - step.consumed);
    const bool all_in = step.consumed == in_bytes;
    const bool due = all_in && asked && (!flushed_ || flush == Flush::finish);
    if (gathered_ < kGatherBytes && !due) break;
    if (!send(all_in && flush == Flush::finish, check, step)) {
      step.failed = true;
      break;
    }
    if (all_in && marks && gathered_ == 0 && !ends_with_marker()) put_marker();
    // Decoding can start afresh behind a full flush: the next blocks know nothing of these.
    if (all_in && flush == Flush::full && gathered_ == 0) stream_.reset();
  }
  if (ended_ && pending() == 0)
    step.code = StreamCode::end;
  else if (step.consumed == 0 && step.produced == 0 && !step.failed)
    step.code = StreamCode::buffer_error;
  return step;
}

bool DeflateBody::ends_with_marker() const noexcept {
  constexpr std::size_t kLooked = sizeof(kMarker) - 1;
  return ready_end_ >= kLooked &&
         std::memcmp(ready() + ready_end_ - kLooked, kMarker + 1, kLooked) == 0;
}

// Behind whole bytes, and nothing that may be a trailer.
void DeflateBody::put_marker() noexcept {
  if (ready_end_ != ready_fill_) return;
  if (ready_at_ == ready_end_) ready_at_ = ready_end_ = 0;
  std::memcpy(ready() + ready_end_, kMarker, sizeof(kMarker));
  ready_end_ += sizeof(kMarker);
  ready_fill_ = ready_end_;
}

std::size_t DeflateBody::gather(const std::uint8_t* in, std::size_t in_bytes) noexcept {
  const std::size_t bytes = std::min(in_bytes, kGatherBytes - gathered_);
  if (bytes == 0) return 0;
  std::memcpy(gathered() + gathered_, in, bytes);
  gathered_ += bytes;
  flushed_ = false;
  return bytes;
}

std::size_t DeflateBody::drain(std::uint8_t* out, std::size_t out_bytes) noexcept {
  const std::size_t bytes = std::min(pending(), out_bytes);
  if (bytes == 0) return 0;
  std::memcpy(out, ready() + ready_at_, bytes);
  ready_at_ += bytes;
  return bytes;
}

// All output so far has been drained, but for what may be a trailer.
bool DeflateBody::send(bool finish, const PieceCheck& check, Step& step) noexcept {
  const std::size_t held = ready_fill_ - ready_end_;
  std::memmove(ready(), ready() + ready_end_, held);
  ready_at_ = 0;
  ready_fill_ = held;
  const std::span<const std::uint8_t> plain = unsent();
  const Engine::Step done = engine_->run(stream_, plain.data(), plain.size(), ready() + ready_fill_,
                                         kReadyBytes - ready_fill_, finish);
  step.refusal = done.refusal;
  step.end = done.step.end;
  sent_ += done.step.consumed;
  ready_fill_ += done.step.produced;
  ended_ = done.step.end == Stream::End::complete;
  // The end of a last piece may be a trailer, or the first part of one, until it is known to be the
  // end. A device that failed had not come to its trailer.
  const bool ending = ended_ || (finish && done.step.end == Stream::End::more);
  ready_end_ = ready_fill_ - (ending ? std::min(ready_fill_, trailer_bytes()) : 0);
  if (ended_) ready_fill_ = ready_end_;

  const auto sent = plain.subspan(0, done.step.consumed);
  const bool whole = held == 0 && ready_end_ == ready_fill_;
  bool sound = true;
  if (check.agrees != nullptr && ready_fill_ != held) {
    sound = whole && check.agrees(check.user, {ready(), ready_end_}, sent);
    step.end = sound ? step.end : Stream::End::fault;
  }
  // What cannot be compressed may come out larger than zlib's users have room for.
  const std::size_t stored = sent.size() + 5 * (sent.size() / 65535 + 1);
  const bool too_large = whole && !sent.empty() && ready_end_ > stored;
  if (!sound || too_large) store_instead(held, sent);
  if (sent_ == gathered_) gathered_ = sent_ = 0;
  flushed_ = gathered_ == 0;
  return sound && (ended_ || done.step.end == Stream::End::more);
}

void DeflateBody::store_instead(std::size_t at, std::span<const std::uint8_t> plain) noexcept {
  if (plain.empty() && !ended_) {
    ready_end_ = ready_fill_ = at;
    return;
  }
  ready_end_ = ready_fill_ =
      at + store_whole(plain.data(), plain.size(), ready() + at, kReadyBytes - at, ended_);
}

}  // namespace hisi::zip

WD_NAMESPACE_END
