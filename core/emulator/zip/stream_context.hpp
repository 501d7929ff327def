// What the hardware keeps of a stream between two requests: in memory of its user, who gives the
// address with each request. Nothing of a stream is kept anywhere else, so a context that was
// copied goes on in both places, and one that was zeroed starts a new stream.
//
//   0        header: ours, the hardware's is not known
//   0xc00    window, as many bytes as context word 2 says; behind it, aligned to 16, cached bits
//   0x9800   end (a driver's own small buffer follows)
#ifndef WD_EMULATOR_ZIP_STREAM_CONTEXT_HPP_
#define WD_EMULATOR_ZIP_STREAM_CONTEXT_HPP_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "model/client_memory.hpp"
#include "zip/inflater.hpp"
#include "zip/request.hpp"

namespace wd::emulator::zip {

class StreamContext {
 public:
  enum class Found : std::uint8_t { fresh, underway, broken, unreadable };

  // Reads the stream that `request` goes on with, or starts one. Broken: the context is another
  // stream's, or the words that carry it are not those that were given out.
  Found load(ClientMemory& memory, const Request& request, unsigned queue_type);
  // Writes it back; the words go out with the answer, too.
  bool save(ClientMemory& memory, const StreamWords& words);

  InflateState& inflate() { return header_.inflate; }
  [[nodiscard]] bool is_finished() const { return header_.is_finished != 0; }
  void finish() { header_.is_finished = 1; }

  [[nodiscard]] std::span<const std::uint8_t> window() const {
    return std::span(window_).first(window_bytes_);
  }
  // What has been decoded or encoded is in the window from now on, which keeps its last `most`
  // bytes.
  void append(std::span<const std::uint8_t> plain, std::size_t most);

 private:
  struct Header {
    std::uint32_t magic;
    std::uint8_t queue_type;
    std::uint8_t format;
    std::uint8_t is_finished;
    std::uint8_t reserved;
    std::array<std::uint32_t, 3> words;
    std::uint32_t padding;
    InflateState inflate;
  };
  // From here on, lz77 streams keep the distances that repeat.
  static_assert(sizeof(Header) <= 784);

  std::uint64_t address_ = 0;
  Header header_{};
  std::size_t window_bytes_ = 0;
  std::array<std::uint8_t, kLargestWindow> window_;
};

}  // namespace wd::emulator::zip

#endif  // WD_EMULATOR_ZIP_STREAM_CONTEXT_HPP_
