// A raw DEFLATE body made by devices, with the manners of wd::RawDeflate: input in pieces of any
// size, zlib's flushes, output as there is room. What a stream needs that was given to a device.
//
// Input is gathered, since the engine ends its work for every piece as a flush does. Output waits
// in memory of ours, so that an engine's trailer (older generations make no body without one) can
// be taken off, and compared with the input's checksum.
//
// A device that fails costs nothing: everything up to boundary() is in the output or waits for
// room, and the caller goes on in software, with history() as its dictionary and unsent() as its
// first input; or run() is called again, and takes another queue.
//
// Threading: one thread at a time. Ownership: borrows its Engine. Survives a fork: the child goes
// on with queues of its own.
#ifndef WD_HISI_ZIP_DEFLATE_BODY_HPP_
#define WD_HISI_ZIP_DEFLATE_BODY_HPP_

#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/accelerator.hpp"
#include "hisi/zip/engine.hpp"
#include "hisi/zip/stream.hpp"
#include "memory/device_buffer.hpp"
#include "wd/deflate.hpp"
#include "wd/result.hpp"

WD_NAMESPACE_BEGIN

namespace hisi::zip {

class DeflateBody {
 public:
  // unsupported if no device makes what a body can be taken from, or the window is below 4 KiB.
  static Result<DeflateBody> create(Engine& engine, int window_bits) noexcept;

  struct Step {
    std::size_t consumed;
    std::size_t produced;
    StreamCode code;  // ok, end, or buffer_error without progress
    // No device did what was asked for (or none was there): `refusal` says why, if it was that,
    // else `end`.
    bool failed;
    Refusal refusal;
    Stream::End end = Stream::End::more;
  };
  // Flush::block and partial are taken for sync. A sync or full flush ends with zlib's marker, also
  // where nothing is new; other flushes do nothing then. A piece
  // that does not pass the check is replaced by stored blocks, and the step has failed.
  Step run(const std::uint8_t* in, std::size_t in_bytes, std::uint8_t* out, std::size_t out_bytes,
           Flush flush, const PieceCheck& check = {}) noexcept;
  void reset() noexcept;
  // At its beginning: what decoders know before the first byte, up to 32 KiB. The engine has no
  // words for that; it is made to compress it, and nobody gets the output, behind which it knows
  // it. If that failed, the body is reset.
  Step set_dictionary(std::span<const std::uint8_t> dictionary) noexcept;
  // Another body in the same state; both go on, each by itself.
  [[nodiscard]] Result<DeflateBody> copy() const noexcept;

  // Output that waits for room. The caller drains it (run() without input) before it goes on
  // elsewhere.
  [[nodiscard]] std::size_t pending() const noexcept { return ready_end_ - ready_at_; }
  std::size_t drain(std::uint8_t* out, std::size_t out_bytes) noexcept;
  // At its end, but for what is pending.
  [[nodiscard]] bool ended() const noexcept { return ended_; }
  // Input that has been taken, but is in no output.
  [[nodiscard]] std::span<const std::uint8_t> unsent() const noexcept {
    return {gathered() + sent_, gathered_ - sent_};
  }
  // Somebody else has taken so much of it.
  void take_unsent(std::size_t bytes) noexcept { sent_ += bytes; }
  // What decoders know behind that: the last input of it, up to 32 KiB.
  [[nodiscard]] std::span<const std::uint8_t> history() const noexcept { return stream_.history(); }

 private:
  static constexpr std::size_t kGatherBytes = std::size_t{256} << 10;
  static constexpr std::size_t kReadyBytes = kGatherBytes * 9 / 8 + 4096;
  static constexpr std::size_t kMostTrailer = 8;

  DeflateBody(Engine& engine, Stream&& stream, DeviceBuffer&& memory) noexcept
      : engine_(&engine),
        stream_(static_cast<Stream&&>(stream)),
        memory_(static_cast<DeviceBuffer&&>(memory)) {}

  [[nodiscard]] std::uint8_t* gathered() const noexcept {
    return reinterpret_cast<std::uint8_t*>(memory_.data());
  }
  [[nodiscard]] std::uint8_t* ready() const noexcept { return gathered() + kGatherBytes; }
  [[nodiscard]] std::size_t trailer_bytes() const noexcept;
  [[nodiscard]] std::size_t gather(const std::uint8_t* in, std::size_t in_bytes) noexcept;
  // Gives what is gathered to a device. False if that did not work, and `step` says why.
  [[nodiscard]] bool send(bool finish, const PieceCheck& check, Step& step) noexcept;
  [[nodiscard]] bool ends_with_marker() const noexcept;
  void put_marker() noexcept;
  // Puts stored blocks in the place of what a device wrote behind `at`.
  void store_instead(std::size_t at, std::span<const std::uint8_t> plain) noexcept;

  Engine* engine_;
  Stream stream_;
  DeviceBuffer memory_;
  std::size_t gathered_ = 0;
  std::size_t sent_ = 0;  // of it
  std::size_t ready_at_ = 0;
  std::size_t ready_end_ = 0;   // of output that is the caller's
  std::size_t ready_fill_ = 0;  // of output; the difference may turn out to be a trailer
  bool flushed_ = true;         // nothing has come since the last piece
  bool ended_ = false;
};

}  // namespace hisi::zip

WD_NAMESPACE_END

#endif  // WD_HISI_ZIP_DEFLATE_BODY_HPP_
