#include "software/inflate/window.hpp"

#include <algorithm>
#include <cstring>

WD_NAMESPACE_BEGIN

namespace inflate {

void Window::reset(int size_bits, const Allocator& memory) noexcept {
  if (size_bits != size_bits_) release(memory);
  size_bits_ = size_bits;
  size_ = have_ = next_ = 0;
}

void Window::release(const Allocator& memory) noexcept {
  memory.give_back(memory_);
  memory_ = nullptr;
  data_ = nullptr;
}

bool Window::allocate(const std::uint8_t* first, const Allocator& memory) noexcept {
  memory_ = memory.take((1u << size_bits_) + kSlackBytes + kCacheLine, 1);
  if (memory_ == nullptr) return false;
  const auto distance =
      reinterpret_cast<std::uintptr_t>(first) - reinterpret_cast<std::uintptr_t>(memory_);
  data_ = static_cast<std::uint8_t*>(memory_) + distance % kCacheLine;
  return true;
}

bool Window::copy_from(const Window& source, const Allocator& memory) noexcept {
  *this = source;
  memory_ = nullptr;
  data_ = nullptr;
  if (source.data_ == nullptr) return true;
  if (!allocate(source.data_, memory)) return false;
  std::memcpy(data_, source.data_, have_);
  return true;
}

bool Window::ensure(const std::uint8_t* first, const Allocator& memory) noexcept {
  if (data_ == nullptr && !allocate(first, memory)) return false;
  size_ = 1u << size_bits_;
  return true;
}

void Window::append(const std::uint8_t* end, std::size_t bytes) noexcept {
  const std::size_t room = size_ - next_;
  if (bytes < room) [[likely]] {
    if (bytes == 0) return;
    std::memcpy(data_ + next_, end - bytes, bytes);
    next_ += static_cast<std::uint32_t>(bytes);
    if (have_ < next_) have_ = next_;
    return;
  }
  have_ = size_;
  if (bytes >= size_) {
    std::memcpy(data_, end - size_, size_);
    next_ = 0;
    return;
  }
  const std::size_t rest = bytes - room;
  std::memcpy(data_ + next_, end - bytes, room);
  if (rest != 0) std::memcpy(data_, end - rest, rest);
  next_ = static_cast<std::uint32_t>(rest);
}

void Window::borrow(std::uint8_t* data, int size_bits, std::uint32_t have) noexcept {
  data_ = data;
  size_bits_ = size_bits;
  size_ = 1u << size_bits;
  have_ = have;
  next_ = 0;
}

void Window::copy_to(std::uint8_t* out) const noexcept {
  if (have_ == 0) return;
  std::memcpy(out, data_ + next_, have_ - next_);
  std::memcpy(out + (have_ - next_), data_, next_);
}

}  // namespace inflate

WD_NAMESPACE_END
