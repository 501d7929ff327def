// The narrow waist towards engines beside the CPU: all that streams and one-shot calls know of one.
// A row of functions, which the engine's own folder fills in and the table of backends hands out.
//
// An accelerator never retries and never computes on the CPU. Where it gives up, it says why, and
// its caller does the work again in software, from input that nobody has touched, or goes on from
// what the accelerator has kept for that. When a function returns, no device reaches the caller's
// memory any more.
//
// Threads: any; a stream, one at a time. Sizes are in bytes. Input and output must not overlap.
#ifndef WD_ENGINE_ACCELERATOR_HPP_
#define WD_ENGINE_ACCELERATOR_HPP_

#include <cstddef>
#include <cstdint>
#include <span>

#include "wd/deflate.hpp"
#include "wd/statistics.hpp"
#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

enum class OffloadEnd : std::uint8_t {
  done,          // a message is complete; a stream has gone on
  end,           // a stream is complete, and all of it is out
  does_not_fit,  // a message, into this room
  not_whole,     // a message of which something is missing, or that is not the engine's at all
  unsound,       // the engine finds it wrong. If software does not, it was the engine's fault
  failed,        // `reason` says why
};

struct OffloadStep {
  OffloadEnd end;
  FallbackReason reason;
  std::size_t consumed;
  std::size_t produced;
};

// Asked, unless `agrees` is null, whether a piece of a raw DEFLATE body is made of this plain text,
// before anybody gets to see it. Pieces come in order; a trailer may follow the last one.
struct PieceCheck {
  void* user = nullptr;
  bool (*agrees)(void* user, std::span<const std::uint8_t> packed,
                 std::span<const std::uint8_t> plain) noexcept = nullptr;
};

// A raw body being made, and one being read. What they are is the engine's business.
struct DeflateOffload;
struct InflateOffload;

// What software needs to go on with a body being made: first come `pending` bytes of output, to be
// fetched by drain_deflate; behind them decoders know `history`; `unsent` is the next input.
struct DeflateLeft {
  std::size_t pending;
  std::span<const std::uint8_t> history;
  std::span<const std::uint8_t> unsent;
  bool ended;  // nothing but the pending output is missing
};

// What software needs to go on with a body being read: all input that was consumed, of whose output
// the caller has the first `delivered` bytes, with this checksum (none for raw streams).
struct InflateLeft {
  std::span<const std::uint8_t> replay;
  std::uint64_t delivered;
  std::uint32_t check;
};

struct Accelerator {
  Engine engine;
  void* world;  // first argument where there is no stream

  // Null unless this one may have been left behind by a fork, and then whether it was: whoever
  // opened it may open another.
  bool (*left_behind)(const Accelerator& self) noexcept;
  // Whether some device takes this format. May read sysfs, the first time, and now and then while
  // there is no device.
  bool (*does)(void* world, Format format) noexcept;
  // Gives back what is held and not used right now, as if it had been idle for long.
  void (*give_back_idle)(void* world) noexcept;

  // A whole message with its frame. `level` is for the header's words.
  OffloadStep (*deflate_whole)(void* world, Format format, int level,
                               std::span<const std::uint8_t> in,
                               std::span<std::uint8_t> out) noexcept;
  // A whole body with its trailer, which is compared with what comes of the body.
  OffloadStep (*inflate_whole)(void* world, Format format, std::span<const std::uint8_t> in,
                               std::span<std::uint8_t> out) noexcept;

  // Null without memory. In memory of its own.
  DeflateOffload* (*open_deflate)(void* world) noexcept;
  DeflateOffload* (*copy_deflate)(const DeflateOffload& source) noexcept;
  void (*close_deflate)(DeflateOffload* stream) noexcept;
  void (*reset_deflate)(DeflateOffload& stream) noexcept;
  // At its beginning: decoders will know this dictionary. done or failed; the body is as it was
  // then.
  OffloadStep (*set_deflate_dictionary)(DeflateOffload& stream,
                                        std::span<const std::uint8_t> dictionary) noexcept;
  // Input is gathered until there is much of it, or a flush. A sync or
  // full flush ends with zlib's marker.
  OffloadStep (*run_deflate)(DeflateOffload& stream, std::span<const std::uint8_t> in,
                             std::span<std::uint8_t> out, Flush flush,
                             const PieceCheck& check) noexcept;
  DeflateLeft (*left_deflate)(const DeflateOffload& stream) noexcept;
  std::size_t (*drain_deflate)(DeflateOffload& stream, std::span<std::uint8_t> out) noexcept;
  // Software has taken so much of the unsent input.
  void (*take_unsent)(DeflateOffload& stream, std::size_t bytes) noexcept;

  // The same for a body with its trailer being read.
  InflateOffload* (*open_inflate)(void* world, Format format) noexcept;
  InflateOffload* (*copy_inflate)(const InflateOffload& source) noexcept;
  void (*close_inflate)(InflateOffload* stream) noexcept;
  // `finish`: there is no more input.
  OffloadStep (*run_inflate)(InflateOffload& stream, std::span<const std::uint8_t> in,
                             std::span<std::uint8_t> out, bool finish) noexcept;
  InflateLeft (*left_inflate)(const InflateOffload& stream) noexcept;
};

WD_NAMESPACE_END

#endif  // WD_ENGINE_ACCELERATOR_HPP_
