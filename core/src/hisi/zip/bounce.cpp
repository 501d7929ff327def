#include "hisi/zip/bounce.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "hisi/zip/piece_rules.hpp"

WD_NAMESPACE_BEGIN

namespace hisi::zip {

namespace {

// What the engine may use of a stream's memory.
constexpr std::size_t kEngineBytes = kStagingAt - kEngineContextAt;

void* pointer_of(std::uint64_t address) noexcept {
  return reinterpret_cast<void*>(static_cast<std::uintptr_t>(address));
}

}  // namespace

Result<Bounce> Bounce::make(StaticShare& share, const Request& request) noexcept {
  if (request.scattered || request.literals != 0)
    return Error{Errc::unsupported, 0, "not by way of bounce memory"};
  Bounce bounce(share, request);
  if (request.stateful) bounce.context_ = share.take(kContextBytes);
  bounce.source_ = share.take(std::max<std::size_t>(request.source_bytes, 1));
  bounce.destination_ = share.take(request.destination_bytes);
  if (!bounce.source_ || !bounce.destination_ || (request.stateful && !bounce.context_))
    return Error{Errc::queue_full, 0, "bounce memory is in use"};
  if (request.source_bytes != 0)
    std::memcpy(bounce.source_.at, pointer_of(request.source), request.source_bytes);
  bounce.translated_.source = bounce.source_.device_address;
  bounce.translated_.destination = bounce.destination_.device_address;
  if (request.stateful) {
    std::memcpy(bounce.context_.at, pointer_of(request.context), kEngineBytes);
    bounce.translated_.context = bounce.context_.device_address;
  }
  return bounce;
}

Bounce::Bounce(Bounce&& other) noexcept
    : share_(other.share_),
      original_(other.original_),
      translated_(other.translated_),
      source_(std::exchange(other.source_, {})),
      destination_(std::exchange(other.destination_, {})),
      context_(std::exchange(other.context_, {})) {}

Bounce::~Bounce() {
  share_->give_back(source_);
  share_->give_back(destination_);
  share_->give_back(context_);
}

void Bounce::copy_out(const Outcome& outcome) const noexcept {
  if (outcome.produced != 0)
    std::memcpy(pointer_of(original_.destination), destination_.at, outcome.produced);
  if (context_) std::memcpy(pointer_of(original_.context), context_.at, kEngineBytes);
}

}  // namespace hisi::zip

WD_NAMESPACE_END
