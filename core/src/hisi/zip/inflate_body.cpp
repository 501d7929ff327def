#include "hisi/zip/inflate_body.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

WD_NAMESPACE_BEGIN

namespace hisi::zip {

Result<InflateBody> InflateBody::create(Engine& engine, Format format,
                                        std::size_t most_replay_bytes) noexcept {
  if (format == Format::automatic || !engine.does(format))
    return Error{Errc::unsupported, 0, "no device reads such bodies"};
  auto stream = Stream::create({coding_of(format), Direction::decompress, Window::k32, -1});
  if (!stream) return stream.error();
  return InflateBody(engine, std::move(*stream), most_replay_bytes);
}

void InflateBody::reset() noexcept {
  stream_.reset();
  logged_ = 0;
  delivered_ = 0;
  ended_ = false;
}

InflateBody::Step InflateBody::run(const std::uint8_t* in, std::size_t in_bytes, std::uint8_t* out,
                                   std::size_t out_bytes, bool finish) noexcept {
  if (ended_ && stream_.pending() == 0) return {0, 0, StreamCode::end, false, Refusal::none};
  const std::size_t fits = make_room(in_bytes);
  const bool all = fits == in_bytes;
  const Engine::Step done = engine_->run(stream_, in, fits, out, out_bytes, finish && all);
  if (done.step.consumed != 0) {
    std::memcpy(log_.data() + logged_, in, done.step.consumed);
    logged_ += done.step.consumed;
  }
  delivered_ += done.step.produced;
  ended_ = done.step.end == Stream::End::complete;
  const bool moved = done.step.consumed != 0 || done.step.produced != 0;
  Step step{done.step.consumed, done.step.produced, StreamCode::ok, false, done.refusal};
  if (ended_)
    step.code = StreamCode::end;
  else if (done.step.end != Stream::End::more || (!all && !moved))
    step.failed = true;
  else if (!moved)
    step.code = StreamCode::buffer_error;
  return step;
}

std::size_t InflateBody::make_room(std::size_t bytes) noexcept {
  constexpr std::size_t kLeastBytes = std::size_t{64} << 10;
  const std::size_t most = std::max(most_replay_bytes_, logged_);
  const std::size_t wanted = bytes > most - logged_ ? most : logged_ + bytes;
  if (wanted > log_.bytes()) {
    // Twice as much each time, so that the copying stays in proportion.
    auto larger =
        DeviceBuffer::create(std::max({wanted, 2 * log_.bytes(), kLeastBytes}), -1, InChild::copy);
    if (larger) {
      if (logged_ != 0) std::memcpy(larger->data(), log_.data(), logged_);
      log_ = std::move(*larger);
    }
  }
  return std::min(wanted, log_.bytes()) - logged_;
}

}  // namespace hisi::zip

WD_NAMESPACE_END
