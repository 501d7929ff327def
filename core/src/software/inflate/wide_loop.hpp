// The fast loop: whole symbols, while there is input to load and room to store in wide steps.
#ifndef WD_SOFTWARE_INFLATE_WIDE_LOOP_HPP_
#define WD_SOFTWARE_INFLATE_WIDE_LOOP_HPP_

#include <cstddef>
#include <span>

#include "base/variant.hpp"
#include "software/inflate/cursor.hpp"
#include "software/inflate/decode_table.hpp"
#include "software/inflate/window.hpp"

WD_NAMESPACE_BEGIN

namespace inflate {

struct Tables {
  const Entry* litlen;
  unsigned litlen_bits;  // of the primary table of literals and lengths
  const Entry* distance;
};

// With less than these at hand there is nothing for the loop to do.
inline constexpr std::size_t kWideInput = 32;
inline constexpr std::size_t kWideRoom = 80;
// How far ahead of the output the loop fetches the room into the cache. Its caller looks at the
// room in parts of this size before it is written to, and would wait for memory each time.
inline constexpr std::size_t kWideRoomAhead = 2048;

// Decodes symbols from where a code begins, with fewer than 8 bits held, until a block has ended
// (true) or it stops ahead of a symbol: little input or room are left, or the symbol is one for
// which zlib's words have to be found. Leaves the cursor as zlib would, fewer than 8 bits held.
// Bytes behind the output may be written to, up to the cursor's end.
using WideLoop = bool(Cursor& cursor, const Tables& tables, const Window& window) noexcept;

[[nodiscard]] std::span<const Variant<WideLoop>> wide_loops() noexcept;

}  // namespace inflate

WD_NAMESPACE_END

#endif  // WD_SOFTWARE_INFLATE_WIDE_LOOP_HPP_
