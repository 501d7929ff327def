#include "memory/static_share.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>

#include "device/uacce_abi.hpp"
#include "wd/allocator.hpp"

WD_NAMESPACE_BEGIN

Result<StaticShare*> StaticShare::create(QueueFile& queue, std::size_t bytes) noexcept {
  if (bytes == 0 || bytes % kUnitBytes != 0 || bytes / kUnitBytes > kMostUnits)
    return Error{Errc::invalid_argument, 0, "no size for a static share"};
  const auto region = queue.map_static_share(bytes);
  if (!region) return region.error();
  void* at = Allocator::standard().take(1, sizeof(StaticShare));
  if (at == nullptr) {
    queue.calls().unmap(queue.calls().world, region->shared_at, region->bytes);
    return Error{Errc::no_memory, ENOMEM, "no memory for a static share"};
  }
  auto* share = ::new (at) StaticShare(queue.calls(), *region);
  if (const auto learned = share->learn_addresses(queue); !learned) {
    destroy(share, false);
    return learned.error();
  }
  return share;
}

void StaticShare::destroy(StaticShare* share, bool forked) noexcept {
  if (share == nullptr) return;
  if (!forked)
    share->calls_.unmap(share->calls_.world, share->region_.shared_at, share->region_.bytes);
  share->~StaticShare();
  Allocator::standard().give_back(share);
}

// Slice by slice: the device's address, with the slice's size in its low bits; the call answers how
// many are still to come.
Result<void> StaticShare::learn_addresses(QueueFile& queue) noexcept {
  constexpr std::uint64_t kSizeMask = 0xfff;
  const std::size_t wanted = region_.bytes / kUnitBytes;
  for (std::uint64_t slice = 0; units_ < wanted; ++slice) {
    std::uint64_t word = slice;
    const auto more = queue.control(uacce::kGetShareDma, &word);
    if (!more) return more.error();
    const std::uint64_t units = word & kSizeMask;
    const std::uint64_t address = word & ~kSizeMask;
    if (units == 0 || address == 0)
      return Error{Errc::io, 0, "a slice of a static share has no size or no address"};
    for (std::uint64_t i = 0; i < units && units_ < wanted; ++i)
      device_address_[units_++] = address + i * kUnitBytes;
    if (*more == 0 && units_ < wanted)
      return Error{Errc::io, 0, "a static share has fewer addresses than bytes"};
  }
  for (std::size_t first = 0, next = 1; next <= units_; ++next) {
    if (joined(first, next - first))
      longest_block_bytes_ = std::max(longest_block_bytes_, (next - first) * kUnitBytes);
    else
      first = next - 1;
  }
  return {};
}

// The device sees these units one behind the other.
bool StaticShare::joined(std::size_t first, std::size_t units) const noexcept {
  for (std::size_t i = first; i < first + units; ++i)
    if (taken_[i] || device_address_[i] != device_address_[first] + (i - first) * kUnitBytes)
      return false;
  return true;
}

StaticShare::Block StaticShare::take(std::size_t bytes) noexcept {
  const std::size_t units = (bytes + kUnitBytes - 1) / kUnitBytes;
  if (units == 0 || units > units_) return {};
  const Inside inside(&gate_);
  for (std::size_t first = 0; first + units <= units_; ++first) {
    if (!joined(first, units)) continue;
    for (std::size_t i = first; i < first + units; ++i) taken_[i] = true;
    return {region_.shared_at + first * kUnitBytes, device_address_[first], units * kUnitBytes};
  }
  return {};
}

void StaticShare::give_back(const Block& block) noexcept {
  if (!block) return;
  std::memset(block.at, 0, block.bytes);
  const auto first = static_cast<std::size_t>(block.at - region_.shared_at) / kUnitBytes;
  const Inside inside(&gate_);
  for (std::size_t i = first; i < first + block.bytes / kUnitBytes; ++i) taken_[i] = false;
}

WD_NAMESPACE_END
