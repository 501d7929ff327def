#include "wd/deflate_arena.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <utility>

#include "software/zlib/footprint.hpp"

WD_NAMESPACE_BEGIN

StreamCode DeflateArena::reserve(const Allocator& memory, int window_bits,
                                 int memory_level) noexcept {
  static_assert(kMaxBlocks == Footprint::kMaxBlocks);
  const Footprint footprint = deflate_footprint();
  if (footprint.count == 0) return StreamCode::no_memory;
  memory_ = memory;
  count_ = 0;
  fed_ = 0;
  for (std::size_t i = 0; i < footprint.count; ++i) {
    const Footprint::Row& row = footprint.rows[i];
    const unsigned items = Footprint::items_of(row.items, window_bits, memory_level);
    void* block = memory.take(items, row.item_bytes);
    if (block == nullptr) {
      fed_ = count_;
      release();
      return StreamCode::no_memory;
    }
    blocks_[count_++] = {block, items, row.item_bytes};
  }
  return StreamCode::ok;
}

void DeflateArena::release(const Allocator& memory) noexcept {
  // The last taken goes first, as zlib has it: the caller's memory may hold this arena itself, in
  // the first block.
  const Allocator giver = memory;
  Block blocks[kMaxBlocks];
  std::copy(std::begin(blocks_), std::end(blocks_), std::begin(blocks));
  for (std::size_t i = std::exchange(count_, std::uint8_t{0}); i-- != 0;)
    giver.give_back(blocks[i].memory);
}

Allocator DeflateArena::feeder() noexcept {
  fed_ = 0;
  return {feed, keep, this};
}

void* DeflateArena::feed(void* opaque, unsigned items, unsigned item_bytes) {
  auto* arena = static_cast<DeflateArena*>(opaque);
  if (arena->fed_ == arena->count_) return nullptr;
  const Block& block = arena->blocks_[arena->fed_];
  if (std::size_t{items} * item_bytes > block.bytes()) return nullptr;
  ++arena->fed_;
  return block.memory;
}

void DeflateArena::keep(void*, void*) {}

std::size_t DeflateArena::store_capacity() const noexcept {
  std::size_t bytes = 0;
  for (std::size_t i = 1; i < count_; ++i) bytes += blocks_[i].bytes();
  return bytes;
}

// Visits the blocks behind the first as if they were one piece of memory.
template <class Visit>
void DeflateArena::for_each_part(std::size_t offset, std::size_t bytes,
                                 const Visit& visit) const noexcept {
  for (std::size_t i = 1; bytes != 0; ++i) {
    const std::size_t capacity = blocks_[i].bytes();
    if (offset >= capacity) {
      offset -= capacity;
      continue;
    }
    const std::size_t part = std::min(bytes, capacity - offset);
    visit(static_cast<std::uint8_t*>(blocks_[i].memory) + offset, part);
    bytes -= part;
    offset = 0;
  }
}

void DeflateArena::store(std::size_t offset, const std::uint8_t* data, std::size_t bytes) noexcept {
  for_each_part(offset, bytes, [&](std::uint8_t* part, std::size_t part_bytes) {
    std::memcpy(part, data, part_bytes);
    data += part_bytes;
  });
}

void DeflateArena::fetch(std::size_t offset, std::uint8_t* to, std::size_t bytes) const noexcept {
  for_each_part(offset, bytes, [&](const std::uint8_t* part, std::size_t part_bytes) {
    std::memcpy(to, part, part_bytes);
    to += part_bytes;
  });
}

void DeflateArena::store_from(const DeflateArena& other, std::size_t bytes) noexcept {
  // Arenas of equal parameters have equal blocks.
  for (std::size_t i = 1; bytes != 0; ++i) {
    const std::size_t part = std::min(bytes, blocks_[i].bytes());
    std::memcpy(blocks_[i].memory, other.blocks_[i].memory, part);
    bytes -= part;
  }
}

WD_NAMESPACE_END
