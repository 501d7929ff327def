// The memory of one compressing stream: the very allocations that zlib makes for its parameters,
// made when the stream is opened, whichever engine will run in them.
//
// A caller who gave an allocator has counted on zlib's requests (nginx sizes an arena by them), so
// nothing else and nothing more is asked for; and an engine that starts later finds its memory
// there.
//
// Threading: one thread at a time. Ownership: release() gives all blocks back; dropping the memory
// behind the allocator as a whole does, too. May be moved until an engine runs in it.
#ifndef WD_DEFLATE_ARENA_HPP_
#define WD_DEFLATE_ARENA_HPP_

#include <cstddef>
#include <cstdint>

#include "wd/allocator.hpp"
#include "wd/deflate.hpp"

WD_NAMESPACE_BEGIN

class WD_API DeflateArena {
 public:
  static constexpr std::size_t kMaxBlocks = 6;

  struct Block {
    void* memory;
    unsigned items;
    unsigned item_bytes;

    [[nodiscard]] std::size_t bytes() const noexcept { return std::size_t{items} * item_bytes; }
  };

  // Takes the blocks that zlib takes for these (valid) parameters, in its order; the first is the
  // one for its state. ok, or no_memory: nothing is held then, and failed_at() tells which one
  // failed.
  StreamCode reserve(const Allocator& memory, int window_bits, int memory_level) noexcept;
  void release() noexcept { release(memory_); }
  // Through an allocator that has taken the place of the one given to reserve(): zlib, too, looks
  // at a stream's allocator anew each time.
  void release(const Allocator& memory) noexcept;

  [[nodiscard]] std::size_t failed_at() const noexcept { return fed_; }

  [[nodiscard]] bool reserved() const noexcept { return count_ != 0; }
  [[nodiscard]] const Allocator& memory() const noexcept { return memory_; }
  [[nodiscard]] Block block(std::size_t index) const noexcept { return blocks_[index]; }
  [[nodiscard]] std::size_t count() const noexcept { return count_; }

  // An allocator that hands out the blocks, in order, to whoever asks for them as zlib does, and
  // takes nothing back. Starts over each time it is asked for. Refers to this arena.
  [[nodiscard]] Allocator feeder() noexcept;

  // Bytes for output that the caller had no room for, in the blocks behind the first. Only while no
  // engine runs in them.
  [[nodiscard]] std::size_t store_capacity() const noexcept;
  void store(std::size_t offset, const std::uint8_t* data, std::size_t bytes) noexcept;
  void fetch(std::size_t offset, std::uint8_t* to, std::size_t bytes) const noexcept;
  // Copies the first `bytes` of what `other` stores.
  void store_from(const DeflateArena& other, std::size_t bytes) noexcept;

 private:
  template <class Visit>
  void for_each_part(std::size_t offset, std::size_t bytes, const Visit& visit) const noexcept;
  static void* feed(void* opaque, unsigned items, unsigned item_bytes);
  static void keep(void* opaque, void* address);

  Allocator memory_{};
  Block blocks_[kMaxBlocks]{};
  std::uint8_t count_ = 0;
  std::uint8_t fed_ = 0;
};

WD_NAMESPACE_END

#endif  // WD_DEFLATE_ARENA_HPP_
