// The accelerators' own scatter lists: entries of address and length, in lists of up to 255 that
// are chained.
//
// Threading: one thread at a time. Ownership: holds the memory of the lists, borrows what they
// name.
#ifndef WD_MEMORY_SCATTER_LIST_HPP_
#define WD_MEMORY_SCATTER_LIST_HPP_

#include <cstddef>
#include <cstdint>
#include <span>

#include "memory/device_buffer.hpp"
#include "wd/request.hpp"
#include "wd/result.hpp"

WD_NAMESPACE_BEGIN

class ScatterList {
 public:
  static constexpr std::size_t kMostEntriesPerList = 255;
  // A device's limits on one entry, and on what a request passes in all.
  static constexpr std::size_t kMostEntryBytes = std::size_t{8} << 20;

  // Makes a list of these pieces; empty ones are left out. Memory of an earlier list is used again.
  // invalid_argument without any byte, or with a piece that is too long.
  template <class Buffer>
  Result<void> assign(std::span<const Buffer> pieces, int numa_node) noexcept {
    std::size_t entries = 0;
    for (const Buffer& piece : pieces) {
      if (piece.bytes > kMostEntryBytes)
        return Error{Errc::invalid_argument, 0, "a piece is too long for a scatter list"};
      entries += piece.bytes != 0 ? 1 : 0;
    }
    if (const auto begun = begin(entries, numa_node); !begun) return begun.error();
    for (const Buffer& piece : pieces)
      if (piece.bytes != 0) add(piece.data, piece.bytes);
    return {};
  }

  // What a descriptor takes.
  [[nodiscard]] std::uint64_t address() const noexcept {
    return reinterpret_cast<std::uintptr_t>(memory_.data());
  }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

 private:
  Result<void> begin(std::size_t entries, int numa_node) noexcept;
  void add(const void* data, std::size_t bytes) noexcept;

  DeviceBuffer memory_;
  std::size_t used_ = 0;  // entries
  std::size_t bytes_ = 0;
};

WD_NAMESPACE_END

#endif  // WD_MEMORY_SCATTER_LIST_HPP_
