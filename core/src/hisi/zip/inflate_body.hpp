// A DEFLATE body decoded by devices, with the manners of wd::RawInflate: input in pieces of any
// size, output as there is room, and what follows the end left alone. Of zlib and gzip streams the
// engine reads the trailer as well, and compares it.
//
// No software can take over in the middle of a block from what an engine keeps. So all input is
// remembered, up to a limit: after a failure the caller decodes replay() from its beginning, drops
// the first delivered() bytes of what comes of it, and goes on from there. Where the limit is
// reached, run() fails as well, in good time. Or run() is called again, and takes another queue.
//
// Threading: one thread at a time. Ownership: borrows its Engine; input and output of a step must
// not overlap. Survives a fork: the child goes on with queues of its own.
#ifndef WD_HISI_ZIP_INFLATE_BODY_HPP_
#define WD_HISI_ZIP_INFLATE_BODY_HPP_

#include <cstddef>
#include <cstdint>
#include <span>

#include "hisi/zip/engine.hpp"
#include "hisi/zip/stream.hpp"
#include "memory/device_buffer.hpp"
#include "wd/deflate.hpp"
#include "wd/result.hpp"

WD_NAMESPACE_BEGIN

namespace hisi::zip {

class InflateBody {
 public:
  static constexpr std::size_t kMostReplayBytes = std::size_t{16} << 20;

  // Of a stream in this format, behind its header. unsupported if no device does it.
  static Result<InflateBody> create(Engine& engine, Format format,
                                    std::size_t most_replay_bytes = kMostReplayBytes) noexcept;

  struct Step {
    std::size_t consumed;  // including a trailer
    std::size_t produced;
    StreamCode code;  // ok, end, or buffer_error without progress
    // No device did it, or what a device says of the data has to be found in software: also a
    // checksum that is another. `refusal` says why, if it was that, else `end`; `more` means that
    // no more input is remembered, or, with `withheld`, that there would be output in software.
    bool failed;
    Refusal refusal;
    Stream::End end = Stream::End::more;
    bool withheld = false;
  };
  Step run(const std::uint8_t* in, std::size_t in_bytes, std::uint8_t* out, std::size_t out_bytes,
           bool finish) noexcept;
  void reset() noexcept;
  // Another body in the same state; both go on, each by itself.
  [[nodiscard]] Result<InflateBody> copy() const noexcept;

  // All input that has been consumed, and how much output the caller has of it.
  [[nodiscard]] std::span<const std::uint8_t> replay() const noexcept {
    return {reinterpret_cast<const std::uint8_t*>(log_.data()), logged_};
  }
  [[nodiscard]] std::uint64_t delivered() const noexcept { return delivered_; }
  // The checksum of that output; of raw streams none.
  [[nodiscard]] std::uint32_t check() const noexcept { return check_; }

 private:
  InflateBody(Engine& engine, Stream&& stream, std::size_t most_replay_bytes) noexcept
      : engine_(&engine),
        stream_(static_cast<Stream&&>(stream)),
        most_replay_bytes_(most_replay_bytes) {
    begin_check();
  }

  void begin_check() noexcept;
  [[nodiscard]] std::uint32_t add_to_check(std::uint32_t check, const std::uint8_t* data,
                                           std::size_t bytes) const noexcept;
  // Whether the device has counted what arrived.
  [[nodiscard]] bool agrees(std::uint32_t check) const noexcept;

  // Room in the log for so much more; how much of it there is.
  [[nodiscard]] std::size_t make_room(std::size_t bytes) noexcept;

  Engine* engine_;
  Stream stream_;
  std::size_t most_replay_bytes_;
  DeviceBuffer log_;
  std::size_t logged_ = 0;
  std::uint64_t delivered_ = 0;
  std::uint32_t check_ = 0;
  bool ended_ = false;
};

}  // namespace hisi::zip

WD_NAMESPACE_END

#endif  // WD_HISI_ZIP_INFLATE_BODY_HPP_
