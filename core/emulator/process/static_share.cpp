#include "process/static_share.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>

namespace wd::emulator {
namespace {

// Low bits of an address that tell the slice's size instead, in units of 64 KiB.
constexpr std::size_t kUnit = 64U << 10;
constexpr std::uint64_t kSizeBits = 12;
// As the kernel allocates contiguous memory; small enough that a region usually has several.
constexpr std::size_t kSliceBytes = 4U << 20;

}  // namespace

std::byte* SliceMemory::place_of(std::uint64_t address, std::size_t bytes) {
  for (const Slice& slice : slices_) {
    const std::uint64_t offset = address - slice.device_address;
    if (offset < slice.bytes && bytes <= slice.bytes - offset) return slice.memory + offset;
  }
  return nullptr;
}

bool SliceMemory::read(std::uint64_t from, void* to, std::size_t bytes) noexcept {
  if (bytes == 0) return true;
  const std::scoped_lock hold(lock_);
  const std::byte* const place = place_of(from, bytes);
  return place != nullptr && process_.read(reinterpret_cast<std::uint64_t>(place), to, bytes);
}

bool SliceMemory::write(std::uint64_t to, const void* from, std::size_t bytes) noexcept {
  if (bytes == 0) return true;
  const std::scoped_lock hold(lock_);
  std::byte* const place = place_of(to, bytes);
  return place != nullptr && process_.write(reinterpret_cast<std::uint64_t>(place), from, bytes);
}

Slice SliceMemory::add(std::byte* memory, std::size_t bytes) {
  const std::scoped_lock hold(lock_);
  const Slice slice{next_address_, memory, bytes};
  // A gap, so that running past the end of one leads nowhere.
  next_address_ += (bytes + kUnit - 1) / kUnit * kUnit + kUnit;
  slices_.push_back(slice);
  return slice;
}

void SliceMemory::remove(const Slice& slice) {
  const std::scoped_lock hold(lock_);
  std::erase_if(
      slices_, [&slice](const Slice& each) { return each.device_address == slice.device_address; });
}

void* StaticShare::map(SliceMemory& device, std::size_t bytes) {
  void* const at = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (at == MAP_FAILED) return nullptr;
  madvise(at, bytes, MADV_DONTFORK);
  memory_ = static_cast<std::byte*>(at);
  bytes_ = bytes;
  for (std::size_t done = 0; done < bytes; done += kSliceBytes)
    slices_.push_back(device.add(memory_ + done, std::min(kSliceBytes, bytes - done)));
  return at;
}

void StaticShare::unmap(SliceMemory& device) {
  if (memory_ == nullptr) return;
  for (const Slice& slice : slices_) device.remove(slice);
  slices_.clear();
  munmap(memory_, bytes_);
  memory_ = nullptr;
}

long StaticShare::describe(std::uint64_t& slice) const {
  if (slice >= slices_.size()) return -EINVAL;
  const auto index = static_cast<std::size_t>(slice);
  const Slice& found = slices_[index];
  const std::uint64_t units = (found.bytes + kUnit - 1) / kUnit;
  static_assert(kSliceBytes / kUnit < (1U << kSizeBits));
  slice = found.device_address | units;
  return static_cast<long>(slices_.size() - index - 1);
}

}  // namespace wd::emulator
