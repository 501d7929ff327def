#include "stream/deflate_outside.hpp"

#include <new>
#include <utility>

#include "wd/allocator.hpp"

WD_NAMESPACE_BEGIN

namespace {

// Of the parts, those that are asked for must be there.
DeflateOutside* settle(const Accelerator* accelerator, DeflateOffload* offload, bool body,
                       BodyCheck* check, bool verify) noexcept {
  void* at = Allocator::standard().take(1, sizeof(DeflateOutside));
  if (at != nullptr && (offload != nullptr || !body) && (check != nullptr || !verify))
    return ::new (at) DeflateOutside{accelerator, offload, check, {}};
  Allocator::standard().give_back(at);
  BodyCheck::close(check);
  if (offload != nullptr) accelerator->close_deflate(offload);
  return nullptr;
}

}  // namespace

DeflateOutside* DeflateOutside::open(const Accelerator& accelerator, bool verify) noexcept {
  return settle(&accelerator, accelerator.open_deflate(accelerator.world), true,
                verify ? BodyCheck::open() : nullptr, verify);
}

DeflateOutside* DeflateOutside::copy(const DeflateOutside& source) noexcept {
  const bool body = source.offload != nullptr;
  const bool verify = source.check != nullptr;
  return settle(source.accelerator,
                body ? source.accelerator->copy_deflate(*source.offload) : nullptr, body,
                verify ? BodyCheck::copy(*source.check) : nullptr, verify);
}

void DeflateOutside::close(DeflateOutside* outside) noexcept {
  if (outside == nullptr) return;
  outside->drop_body();
  outside->engine_memory.release();
  Allocator::standard().give_back(outside);
}

void DeflateOutside::reset() noexcept {
  accelerator->reset_deflate(*offload);
  if (check != nullptr) check->reset();
}

OffloadStep DeflateOutside::set_dictionary(std::span<const std::uint8_t> dictionary) noexcept {
  OffloadStep step = accelerator->set_deflate_dictionary(*offload, dictionary);
  if (step.end == OffloadEnd::done && check != nullptr && !check->set_dictionary(dictionary))
    step = {OffloadEnd::failed, FallbackReason::no_memory, 0, 0};
  if (step.end != OffloadEnd::done) reset();
  return step;
}

void DeflateOutside::drop_body() noexcept {
  BodyCheck::close(std::exchange(check, nullptr));
  if (offload != nullptr) accelerator->close_deflate(std::exchange(offload, nullptr));
}

WD_NAMESPACE_END
