// What a compressing stream holds outside of its arena while an accelerator makes its body, and
// after that: the body, what checks it, and, of a stream that is confined to its arena's first
// block, memory for the streaming engine that goes on where the accelerator gave up.
#ifndef WD_STREAM_DEFLATE_OUTSIDE_HPP_
#define WD_STREAM_DEFLATE_OUTSIDE_HPP_

#include "engine/accelerator.hpp"
#include "stream/body_check.hpp"
#include "wd/deflate_arena.hpp"

WD_NAMESPACE_BEGIN

struct DeflateOutside {
  const Accelerator* accelerator;
  DeflateOffload* offload;
  BodyCheck* check;  // if the configuration asks for one
  DeflateArena engine_memory;

  // Null without memory.
  static DeflateOutside* open(const Accelerator& accelerator, bool verify) noexcept;
  // With the same body in the same state; the engine's memory is not copied.
  static DeflateOutside* copy(const DeflateOutside& source) noexcept;
  static void close(DeflateOutside* outside) noexcept;

  // Ready for another body.
  void reset() noexcept;
  // At the body's beginning. done, or failed, and it is reset.
  OffloadStep set_dictionary(std::span<const std::uint8_t> dictionary) noexcept;
  // Keeps the engine's memory only.
  void drop_body() noexcept;
};

WD_NAMESPACE_END

#endif  // WD_STREAM_DEFLATE_OUTSIDE_HPP_
