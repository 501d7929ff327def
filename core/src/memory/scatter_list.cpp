#include "memory/scatter_list.hpp"

#include <new>

WD_NAMESPACE_BEGIN

namespace {

struct Entry {
  std::uint64_t address;
  std::uint64_t page_control;
  std::uint32_t bytes;
  std::uint32_t pad[3];
};
static_assert(sizeof(Entry) == 32);

// Sums of entries are capacities, but for the number in use.
struct alignas(64) List {
  std::uint64_t next;
  std::uint16_t entries_in_chain;
  std::uint16_t entries_in_use;
  std::uint16_t entries_in_list;
  std::uint8_t pad[50];
  Entry entries[ScatterList::kMostEntriesPerList];
};
static_assert(offsetof(List, entries) == 64);

constexpr std::size_t kMostLists = 256;

List* list_at(const DeviceBuffer& memory, std::size_t index) noexcept {
  return reinterpret_cast<List*>(memory.data()) + index;
}

}  // namespace

Result<void> ScatterList::begin(std::size_t entries, int numa_node) noexcept {
  if (entries == 0) return Error{Errc::invalid_argument, 0, "a scatter list of nothing"};
  const std::size_t lists = (entries + kMostEntriesPerList - 1) / kMostEntriesPerList;
  if (lists > kMostLists)
    return Error{Errc::invalid_argument, 0, "too many pieces for a scatter list"};
  if (memory_.bytes() < lists * sizeof(List)) {
    auto memory = DeviceBuffer::create(lists * sizeof(List), numa_node, InChild::zeros);
    if (!memory) return memory.error();
    memory_ = std::move(*memory);
  }
  for (std::size_t i = 0; i < lists; ++i) {
    List* list = ::new (static_cast<void*>(list_at(memory_, i))) List{};
    // The first one stands for all of the chain.
    list->entries_in_chain =
        static_cast<std::uint16_t>(i == 0 ? lists * kMostEntriesPerList : kMostEntriesPerList);
    list->entries_in_list = kMostEntriesPerList;
    if (i + 1 < lists) list->next = reinterpret_cast<std::uintptr_t>(list_at(memory_, i + 1));
  }
  used_ = 0;
  bytes_ = 0;
  return {};
}

void ScatterList::add(const void* data, std::size_t bytes) noexcept {
  List* list = list_at(memory_, used_ / kMostEntriesPerList);
  list->entries[list->entries_in_use++] = {
      reinterpret_cast<std::uintptr_t>(data), 0, static_cast<std::uint32_t>(bytes), {}};
  ++used_;
  bytes_ += bytes;
}

WD_NAMESPACE_END
