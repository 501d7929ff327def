#include "hisi/zip/inflate_body.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "hisi/zip/trailer.hpp"
#include "wd/checksum.hpp"

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
  begin_check();
  ended_ = false;
}

Result<InflateBody> InflateBody::copy() const noexcept {
  auto stream = stream_.copy();
  if (!stream) return stream.error();
  InflateBody copied(*engine_, std::move(*stream), most_replay_bytes_);
  if (copied.make_room(logged_) < logged_)
    return Error{Errc::no_memory, 0, "no memory for what a stream has read"};
  if (logged_ != 0) std::memcpy(copied.log_.data(), log_.data(), logged_);
  copied.logged_ = logged_;
  copied.delivered_ = delivered_;
  copied.check_ = check_;
  copied.ended_ = ended_;
  return copied;
}

void InflateBody::begin_check() noexcept {
  check_ = stream_.parameters().coding == Coding::gzip ? kCrc32Start : kAdler32Start;
}

std::uint32_t InflateBody::add_to_check(std::uint32_t check, const std::uint8_t* data,
                                        std::size_t bytes) const noexcept {
  if (bytes == 0) return check;
  switch (stream_.parameters().coding) {
    case Coding::zlib:
      return adler32(check, data, bytes);
    case Coding::gzip:
      return crc32(check, data, bytes);
    default:
      return check;
  }
}

bool InflateBody::agrees(std::uint32_t check) const noexcept {
  const Coding coding = stream_.parameters().coding;
  if (coding == Coding::deflate) return true;
  const auto staged = stream_.staged();
  return body_check(coding, stream_.words(), stream_.untouched()) ==
         add_to_check(check, staged.data(), staged.size());
}

InflateBody::Step InflateBody::run(const std::uint8_t* in, std::size_t in_bytes, std::uint8_t* out,
                                   std::size_t out_bytes, bool finish) noexcept {
  if (ended_ && stream_.pending() == 0) return {0, 0, StreamCode::end, false, Refusal::none};
  const std::size_t fits = make_room(in_bytes);
  const bool all = fits == in_bytes;
  const Engine::Step done = engine_->run(stream_, in, fits, out, out_bytes, finish && all);
  const std::uint32_t check = add_to_check(check_, out, done.step.produced);
  // The device keeps a checksum, too: what arrives otherwise is found out before anybody gets it.
  // Also where the step ended badly: it may have been more than one request.
  if (!agrees(check)) return {0, 0, StreamCode::ok, true, Refusal::none, Stream::End::fault};
  check_ = check;
  if (done.step.consumed != 0) {
    std::memcpy(log_.data() + logged_, in, done.step.consumed);
    logged_ += done.step.consumed;
  }
  delivered_ += done.step.produced;
  ended_ = done.step.end == Stream::End::complete;
  const bool moved = done.step.consumed != 0 || done.step.produced != 0;
  Step step{done.step.consumed, done.step.produced, StreamCode::ok, false,
            done.refusal,       done.step.end};
  if (ended_)
    step.code = StreamCode::end;
  else if (done.step.end != Stream::End::more || (!all && !moved))
    step.failed = true;
  else if (stream_.pending() == 0 && step.produced != out_bytes &&
           (stream_.withholds_output() || (!moved && in_bytes == 0 && !stream_.untouched())))
    // Who calls without input and gets nothing either has a stream that is cut off: what an engine
    // has read of it, and not yet said, may be wrong.
    step.failed = step.withheld = true;
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
