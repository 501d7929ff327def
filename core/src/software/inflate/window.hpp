// The last bytes of output, kept from call to call: a ring of 2^8 to 2^15 bytes.
//
// As in zlib, the memory is taken when a call first leaves something to remember, and what is
// remembered is observable: distances reach no further, and inflateGetDictionary() tells it.
#ifndef WD_SOFTWARE_INFLATE_WINDOW_HPP_
#define WD_SOFTWARE_INFLATE_WINDOW_HPP_

#include <cstddef>
#include <cstdint>

#include "wd/allocator.hpp"
#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

namespace inflate {

// Where a piece of history lies.
struct Span {
  const std::uint8_t* data;
  std::size_t bytes;  // that lie there in one piece
};

class Window {
 public:
  // Bytes behind the ring that may be read, whatever they are.
  static constexpr unsigned kSlackBytes = 64;
  static constexpr unsigned kCacheLine = 64;

  // Forgets. The memory is kept unless the size differs.
  void reset(int size_bits, const Allocator& memory) noexcept;
  void release(const Allocator& memory) noexcept;
  // False without memory.
  [[nodiscard]] bool copy_from(const Window& source, const Allocator& memory) noexcept;

  // Takes the memory, if it has none. False without memory. What is appended first is going to be
  // `first`: the ring is placed alike in its cache line, where a copy is fastest, and most callers
  // always offer the same room.
  [[nodiscard]] bool ensure(const std::uint8_t* first, const Allocator& memory) noexcept;
  // Remembers `bytes` bytes that end at `end`. Behind ensure().
  void append(const std::uint8_t* end, std::size_t bytes) noexcept;
  // A ring of the caller's: `data` of 2^size_bits bytes, filled up to `have`, the next byte first.
  void borrow(std::uint8_t* data, int size_bits, std::uint32_t have) noexcept;

  // It is being kept, though it may be empty.
  [[nodiscard]] bool in_use() const noexcept { return size_ != 0; }
  [[nodiscard]] std::uint32_t have() const noexcept { return have_; }
  // What lies `back` bytes before the end: 1 to have().
  [[nodiscard]] Span at(std::size_t back) const noexcept {
    if (back <= next_) return {data_ + (next_ - back), back};
    return {data_ + (size_ + next_ - back), back - next_};
  }
  void copy_to(std::uint8_t* out) const noexcept;

  // The ring itself: size() bytes at data(), the next one goes to next().
  [[nodiscard]] const std::uint8_t* data() const noexcept { return data_; }
  [[nodiscard]] std::uint32_t size() const noexcept { return size_; }
  [[nodiscard]] std::uint32_t next() const noexcept { return next_; }

 private:
  [[nodiscard]] bool allocate(const std::uint8_t* first, const Allocator& memory) noexcept;

  void* memory_ = nullptr;  // null where the ring is borrowed, too
  std::uint8_t* data_ = nullptr;
  std::uint32_t size_ = 0;  // 0: not in use
  std::uint32_t have_ = 0;
  std::uint32_t next_ = 0;  // where the next byte goes
  int size_bits_ = 0;
};

}  // namespace inflate

WD_NAMESPACE_END

#endif  // WD_SOFTWARE_INFLATE_WINDOW_HPP_
