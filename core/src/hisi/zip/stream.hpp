// A stream on a ZIP engine: what is behind the header, that is the body and, for zlib and gzip, the
// trailer, which the engine writes or verifies. Pieces of any size, each on any queue of the
// stream's direction.
//
// A failed device leaves the stream where its last good piece ended, and the same step can be tried
// again on another queue: the engine's state is kept from before each piece. Likewise in a forked
// child. Compression can also go on in software, from history().
//
// Threading: one thread at a time. Ownership: borrows a Lane and the caller's buffers for a step;
// input and output of a step must not overlap.
#ifndef WD_HISI_ZIP_STREAM_HPP_
#define WD_HISI_ZIP_STREAM_HPP_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "hisi/zip/lane.hpp"
#include "hisi/zip/piece_rules.hpp"
#include "memory/device_buffer.hpp"
#include "wd/result.hpp"

WD_NAMESPACE_BEGIN

namespace hisi::zip {

struct StreamParameters {
  Coding coding = Coding::deflate;  // deflate, zlib or gzip
  Direction direction = Direction::compress;
  Window window = Window::k32;
  int numa_node = -1;
};

class Stream {
 public:
  enum class End : std::uint8_t {
    more,       // wants input or room
    complete,   // the stream is at its end, and all of it is out
    bad_check,  // decompression: the trailer is another body's
    refused,    // decompression: the device finds it wrong
    fault,      // a device failed: again on another queue, or in software
    busy,       // no slot is free in the queue: again later
    forked,     // the queue is the parent's
  };
  struct Step {
    std::size_t consumed;
    std::size_t produced;
    End end;
  };

  static Result<Stream> create(const StreamParameters& parameters) noexcept;

  // Another stream in the same state; both go on, each by itself.
  [[nodiscard]] Result<Stream> copy() const noexcept;

  // Forgets all of it; another stream of the same kind may follow.
  void reset() noexcept;

  // As far as input and room reach. Compression: all input that there is can be decoded from the
  // output afterwards, which ends on a byte border; `finish` ends the stream. Decompression: ends
  // by itself and leaves what follows alone; `finish` says that there is no more input. Room that
  // is just enough shows the end, too: a little input is read ahead for that.
  Step run(Lane& lane, const void* in, std::size_t in_bytes, void* out, std::size_t out_bytes,
           bool finish) noexcept;

  // As run(), but only what is pending: that needs no queue.
  Step drain(void* out, std::size_t out_bytes) noexcept;

  // Output that had no room yet.
  [[nodiscard]] std::size_t pending() const noexcept { return staged().size(); }
  [[nodiscard]] std::span<const std::uint8_t> staged() const noexcept {
    return {staging() + staged_at_, static_cast<std::size_t>(staged_end_ - staged_at_)};
  }
  // Decompression: what could be decoded is not, before there is more input.
  [[nodiscard]] bool withholds_output() const noexcept;
  // At its end, but for what is pending.
  [[nodiscard]] bool ended() const noexcept { return ended_; }
  // Compression: the last input, up to 32 KiB of it.
  [[nodiscard]] std::span<const std::uint8_t> history() const noexcept {
    return {history_memory(), history_bytes_};
  }
  [[nodiscard]] const StreamWords& words() const noexcept { return words_; }
  [[nodiscard]] const StreamParameters& parameters() const noexcept { return parameters_; }
  // Nothing has been given to a device yet.
  [[nodiscard]] bool untouched() const noexcept { return first_; }

 private:
  static constexpr std::size_t kHistoryBytes = 32768;
  // What the engine may change between two pieces.
  static constexpr std::size_t kSavedBytes = kStagingAt;

  struct Cursor {
    const std::uint8_t* in;
    std::size_t in_left;
    std::uint8_t* out;
    std::size_t out_left;
  };

  Stream(const StreamParameters& parameters, DeviceBuffer&& memory) noexcept
      : parameters_(parameters), memory_(static_cast<DeviceBuffer&&>(memory)) {}

  [[nodiscard]] std::uint8_t* context() const noexcept {
    return reinterpret_cast<std::uint8_t*>(memory_.data());
  }
  [[nodiscard]] std::uint8_t* saved_memory() const noexcept { return context() + kContextBytes; }
  [[nodiscard]] std::uint8_t* history_memory() const noexcept {
    return context() + 2 * kContextBytes;
  }
  [[nodiscard]] const std::uint8_t* cached_tail() const noexcept {
    return context() + std::min(cached_tail_at(words_), kContextBytes - 16);
  }
  [[nodiscard]] std::uint8_t* staging() const noexcept { return context() + kStagingAt; }
  [[nodiscard]] bool compresses() const noexcept {
    return parameters_.direction == Direction::compress;
  }
  void drain(Cursor& cursor) noexcept;
  [[nodiscard]] bool has_work(const Cursor& cursor, bool finish) const noexcept;
  // Whether an end stands behind output that has filled its room.
  End look_behind_room(Lane& lane, Cursor& cursor) noexcept;
  // One piece; `more` where the loop may go on.
  End run_piece(Lane& lane, Cursor& cursor, bool finish) noexcept;
  [[nodiscard]] Request request_of(const Piece& piece, const Cursor& cursor) const noexcept;
  End take(const Request& request, const Piece& piece, const Outcome& outcome,
           Cursor& cursor) noexcept;
  void end_empty() noexcept;
  void remember(const std::uint8_t* in, std::size_t bytes) noexcept;
  void save() noexcept;
  void restore() noexcept;

  StreamParameters parameters_;
  DeviceBuffer memory_;  // context, what it was before the present piece, history
  StreamWords words_;
  bool first_ = true;
  bool under_way_ = false;   // a piece has been begun: the context may be half changed
  bool again_ = false;       // the engine has more to give without input
  bool room_ended_ = false;  // the last piece filled its room
  bool ended_ = false;
  std::uint8_t staged_at_ = 0;
  std::uint8_t staged_end_ = 0;
  std::uint32_t history_bytes_ = 0;
};

}  // namespace hisi::zip

WD_NAMESPACE_END

#endif  // WD_HISI_ZIP_STREAM_HPP_
