#include "hisi/zip/accelerator.hpp"

#include <new>
#include <utility>

#include "base/uncancelled.hpp"
#include "hisi/zip/deflate_body.hpp"
#include "hisi/zip/inflate_body.hpp"
#include "wd/allocator.hpp"

WD_NAMESPACE_BEGIN

struct DeflateOffload {
  hisi::zip::DeflateBody body;
};
struct InflateOffload {
  hisi::zip::InflateBody body;
};

namespace hisi::zip {

namespace {

Engine& engine_in(void* world) noexcept {
  return *static_cast<Engine*>(world);
}

// The one place where what happened to a request becomes a reason to do it in software.
FallbackReason reason_of(Refusal refusal) noexcept {
  switch (refusal) {
    case Refusal::too_little:
      return FallbackReason::too_small;
    case Refusal::no_device:
      return FallbackReason::no_device;
    case Refusal::none_free:
      return FallbackReason::queues_exhausted;
    case Refusal::unavailable:
      return FallbackReason::device_unavailable;
    case Refusal::set_aside:
      return FallbackReason::device_set_aside;
    case Refusal::unproven:
      return FallbackReason::known_answer;
    case Refusal::no_memory:
      return FallbackReason::no_memory;
    case Refusal::none:
      break;
  }
  return FallbackReason::device_fault;
}

OffloadStep failed(Refusal refusal, Stream::End end, std::size_t consumed,
                   std::size_t produced) noexcept {
  OffloadStep step{OffloadEnd::failed, reason_of(refusal), consumed, produced};
  if (refusal != Refusal::none) return step;
  switch (end) {
    case Stream::End::bad_check:
    case Stream::End::refused:
      step.end = OffloadEnd::unsound;
      break;
    case Stream::End::busy:
      step.reason = FallbackReason::queues_exhausted;
      break;
    case Stream::End::forked:
      step.reason = FallbackReason::forked;
      break;
    case Stream::End::more:
    case Stream::End::complete:
      step.reason = FallbackReason::too_long;
      break;
    case Stream::End::fault:
      break;
  }
  return step;
}

OffloadStep step_of(const Engine::Answer& answer) noexcept {
  const auto because = [](FallbackReason reason) {
    return OffloadStep{OffloadEnd::failed, reason, 0, 0};
  };
  switch (answer.end) {
    case MessageEnd::done:
      return {OffloadEnd::done, {}, answer.consumed, answer.produced};
    case MessageEnd::does_not_fit:
      return {OffloadEnd::does_not_fit, {}, 0, 0};
    case MessageEnd::for_software:
      if (answer.refusal == Refusal::none) return {OffloadEnd::not_whole, {}, 0, 0};
      return because(reason_of(answer.refusal));
    case MessageEnd::refused:
      return {OffloadEnd::unsound, {}, 0, 0};
    case MessageEnd::busy:
      return because(FallbackReason::queues_exhausted);
    case MessageEnd::forked:
      return because(FallbackReason::forked);
    case MessageEnd::fault:
      break;
  }
  return because(FallbackReason::device_fault);
}

template <class BodyStep>
OffloadStep step_of(const BodyStep& step) noexcept {
  if (step.failed) return failed(step.refusal, step.end, step.consumed, step.produced);
  const OffloadEnd end = step.code == StreamCode::end ? OffloadEnd::end : OffloadEnd::done;
  return {end, {}, step.consumed, step.produced};
}

bool does(void* world, Format format) noexcept {
  const Uncancelled uncancelled;
  return engine_in(world).does(format);
}

void give_back_idle(void* world) noexcept {
  const Uncancelled uncancelled;
  engine_in(world).pool().give_back_idle();
}

OffloadStep deflate_whole(void* world, Format format, int level, std::span<const std::uint8_t> in,
                          std::span<std::uint8_t> out) noexcept {
  const Uncancelled uncancelled;
  return step_of(engine_in(world).compress({.format = format, .level = level}, in.data(), in.size(),
                                           out.data(), out.size()));
}

OffloadStep inflate_whole(void* world, Format format, std::span<const std::uint8_t> in,
                          std::span<std::uint8_t> out) noexcept {
  const Uncancelled uncancelled;
  return step_of(engine_in(world).decompress_body({.format = format}, in.data(), in.size(),
                                                  out.data(), out.size()));
}

// Takes a body that was made, or nothing, to a place of its own.
template <class Offload, class Body>
Offload* settle(Result<Body>&& body) noexcept {
  if (!body) return nullptr;
  void* at = Allocator::standard().take(1, sizeof(Offload));
  return at == nullptr ? nullptr : ::new (at) Offload{std::move(*body)};
}

template <class Offload>
void close(Offload* offload) noexcept {
  offload->~Offload();
  Allocator::standard().give_back(offload);
}

template <class Offload>
Offload* copy(const Offload& source) noexcept {
  return settle<Offload>(source.body.copy());
}

DeflateOffload* open_deflate(void* world) noexcept {
  const Uncancelled uncancelled;
  return settle<DeflateOffload>(DeflateBody::create(engine_in(world), kMaxWindowBits));
}

void reset_deflate(DeflateOffload& stream) noexcept {
  stream.body.reset();
}

OffloadStep set_deflate_dictionary(DeflateOffload& stream,
                                   std::span<const std::uint8_t> dictionary) noexcept {
  const Uncancelled uncancelled;
  return step_of(stream.body.set_dictionary(dictionary));
}

OffloadStep run_deflate(DeflateOffload& stream, std::span<const std::uint8_t> in,
                        std::span<std::uint8_t> out, Flush flush,
                        const PieceCheck& check) noexcept {
  const Uncancelled uncancelled;
  return step_of(stream.body.run(in.data(), in.size(), out.data(), out.size(), flush, check));
}

DeflateLeft left_deflate(const DeflateOffload& stream) noexcept {
  const DeflateBody& body = stream.body;
  return {body.pending(), body.history(), body.unsent(), body.ended()};
}

std::size_t drain_deflate(DeflateOffload& stream, std::span<std::uint8_t> out) noexcept {
  return stream.body.drain(out.data(), out.size());
}

void take_unsent(DeflateOffload& stream, std::size_t bytes) noexcept {
  stream.body.take_unsent(bytes);
}

InflateOffload* open_inflate(void* world, Format format) noexcept {
  const Uncancelled uncancelled;
  return settle<InflateOffload>(InflateBody::create(engine_in(world), format));
}

OffloadStep run_inflate(InflateOffload& stream, std::span<const std::uint8_t> in,
                        std::span<std::uint8_t> out, bool finish) noexcept {
  const Uncancelled uncancelled;
  const InflateBody::Step step =
      stream.body.run(in.data(), in.size(), out.data(), out.size(), finish);
  if (step.withheld)
    return {OffloadEnd::failed, FallbackReason::not_whole, step.consumed, step.produced};
  return step_of(step);
}

InflateLeft left_inflate(const InflateOffload& stream) noexcept {
  return {stream.body.replay(), stream.body.delivered(), stream.body.check()};
}

}  // namespace

Accelerator accelerator_of(Engine& engine) noexcept {
  return {.engine = wd::Engine::hisi_zip,
          .world = &engine,
          .left_behind = nullptr,
          .does = does,
          .give_back_idle = give_back_idle,
          .deflate_whole = deflate_whole,
          .inflate_whole = inflate_whole,
          .open_deflate = open_deflate,
          .copy_deflate = copy<DeflateOffload>,
          .close_deflate = close<DeflateOffload>,
          .reset_deflate = reset_deflate,
          .set_deflate_dictionary = set_deflate_dictionary,
          .run_deflate = run_deflate,
          .left_deflate = left_deflate,
          .drain_deflate = drain_deflate,
          .take_unsent = take_unsent,
          .open_inflate = open_inflate,
          .copy_inflate = copy<InflateOffload>,
          .close_inflate = close<InflateOffload>,
          .run_inflate = run_inflate,
          .left_inflate = left_inflate};
}

}  // namespace hisi::zip

WD_NAMESPACE_END
