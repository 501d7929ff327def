// What zlib allocates for a compressing stream, learned from the zlib inside rather than assumed.
#ifndef WD_SOFTWARE_ZLIB_FOOTPRINT_HPP_
#define WD_SOFTWARE_ZLIB_FOOTPRINT_HPP_

#include <cstddef>
#include <cstdint>

#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

struct Footprint {
  static constexpr std::size_t kMaxBlocks = 6;
  // The first block is zlib's state. Larger than this it is of no zlib known.
  static constexpr std::size_t kMaxStateBytes = 8192;
  // How a block's number of items follows from the parameters.
  enum class Items : std::uint8_t { one, window, hash, literals };
  struct Row {
    Items items;
    unsigned item_bytes;
  };

  Row rows[kMaxBlocks];
  std::size_t count;  // 0: could not be learned, of a zlib unlike any known

  [[nodiscard]] static unsigned items_of(Items items, int window_bits, int memory_level) noexcept;
};

// Learned at the first call; later calls copy it. Takes no memory.
Footprint deflate_footprint() noexcept;

WD_NAMESPACE_END

#endif  // WD_SOFTWARE_ZLIB_FOOTPRINT_HPP_
