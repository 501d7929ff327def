#include "zip/buffers.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace wd::emulator::zip {
namespace {

constexpr std::uint64_t kListAlignment = 64;
constexpr std::size_t kMostEntries = 255;
constexpr std::size_t kMostLists = 256;

struct ListHead {
  std::uint64_t next;
  std::uint16_t entries_in_chain;  // that there is room for, in this list and all behind it
  std::uint16_t entries;
  std::uint16_t capacity;
  std::array<std::uint8_t, 50> own;  // its driver's, and padding
};
static_assert(sizeof(ListHead) == 64);

struct ListEntry {
  std::uint64_t address;
  std::uint64_t page_control;
  std::uint32_t bytes;
  std::array<std::uint8_t, 12> own;
};
static_assert(sizeof(ListEntry) == 32);

bool read_head(ClientMemory& memory, std::uint64_t list, ListHead& head) {
  if (list == 0 || list % kListAlignment != 0) return false;
  if (!memory.read(list, &head, sizeof(head))) return false;
  return head.capacity >= 1 && head.capacity <= kMostEntries && head.entries <= head.capacity;
}

// All segments of a chain. Its first head tells the sum of all capacities.
bool read_chain(ClientMemory& memory, std::uint64_t list, std::vector<Segment>& segments) {
  std::array<ListEntry, kMostEntries> entries;
  std::size_t promised = 0;
  std::size_t capacity = 0;
  for (std::size_t lists = 0; list != 0; ++lists) {
    ListHead head;
    if (lists == kMostLists || !read_head(memory, list, head)) return false;
    if (lists == 0) promised = head.entries_in_chain;
    capacity += head.capacity;
    if (!memory.read(list + sizeof(head), entries.data(), head.entries * sizeof(ListEntry)))
      return false;
    for (std::size_t entry = 0; entry < head.entries; ++entry)
      segments.push_back({entries[entry].address, entries[entry].bytes});
    list = head.next;
  }
  return capacity == promised;
}

}  // namespace

bool Buffer::scattered(ClientMemory& memory, std::uint64_t list, std::uint64_t skipped,
                       std::uint64_t bytes, Buffer& buffer) {
  std::vector<Segment> all;
  if (!read_chain(memory, list, all)) return false;
  std::vector<Segment> wanted;
  for (const Segment& each : all) {
    const std::uint64_t before = std::min(each.bytes, skipped);
    skipped -= before;
    const std::uint64_t taken = std::min(each.bytes - before, bytes);
    bytes -= taken;
    if (taken > 0) wanted.push_back({each.address + before, taken});
  }
  buffer = Buffer(std::move(wanted));
  return skipped == 0 && bytes == 0;
}

bool Buffer::read(ClientMemory& memory, void* to, std::size_t bytes) const {
  auto* at = static_cast<std::byte*>(to);
  for (const Segment& each : segments_) {
    const auto part = static_cast<std::size_t>(std::min<std::uint64_t>(each.bytes, bytes));
    if (part > 0 && !memory.read(each.address, at, part)) return false;
    at += part;
    bytes -= part;
  }
  return bytes == 0;
}

bool Buffer::write(ClientMemory& memory, const void* from, std::size_t bytes) const {
  const auto* at = static_cast<const std::byte*>(from);
  for (const Segment& each : segments_) {
    const auto part = static_cast<std::size_t>(std::min<std::uint64_t>(each.bytes, bytes));
    if (part > 0 && !memory.write(each.address, at, part)) return false;
    at += part;
    bytes -= part;
  }
  return bytes == 0;
}

}  // namespace wd::emulator::zip
