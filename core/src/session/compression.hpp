// What a Compressor does with a request: one DeflateStream after the other.
#ifndef WD_SESSION_COMPRESSION_HPP_
#define WD_SESSION_COMPRESSION_HPP_

#include <optional>

#include "session/piece_cursor.hpp"
#include "wd/deflate_stream.hpp"
#include "wd/session.hpp"

WD_NAMESPACE_BEGIN

class Compression::Engine {
 public:
  Engine(const Context& context, const CompressOptions& options) noexcept
      : context_(context), options_(options) {}
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  Result<void> open() noexcept;
  void reset() noexcept;
  Completion run(const StreamRequest& request) noexcept;

 private:
  // Room below which a flush's marker may be cut off and repeated for ever (zlib.h says six bytes).
  static constexpr std::uint32_t kSpillBytes = 64;

  // Starts the next stream, with its dictionary.
  bool begin() noexcept;
  Status compress(PieceCursor<ConstBuffer>& in, PieceCursor<MutableBuffer>& out,
                  Flush wanted) noexcept;
  DeflateStream::Step step(PieceCursor<ConstBuffer>& in, PieceCursor<MutableBuffer>& out,
                           Flush flush, bool& room_left) noexcept;
  void drain_spill(PieceCursor<MutableBuffer>& out) noexcept;

  const Context& context_;
  CompressOptions options_;
  std::optional<DeflateStream> stream_;
  bool begun_ = false;
  bool ended_ = false;  // all is compressed, though not all of it is out
  std::uint8_t spill_at_ = 0;
  std::uint8_t spill_size_ = 0;
  std::uint8_t spill_[kSpillBytes];
};

WD_NAMESPACE_END

#endif  // WD_SESSION_COMPRESSION_HPP_
