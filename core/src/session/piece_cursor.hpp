// Walks over the pieces of a request, in parts that a stream's step can take (below 4 GiB).
#ifndef WD_SESSION_PIECE_CURSOR_HPP_
#define WD_SESSION_PIECE_CURSOR_HPP_

#include <algorithm>
#include <cstdint>
#include <span>
#include <type_traits>

#include "wd/request.hpp"

WD_NAMESPACE_BEGIN

template <class Buffer>
class PieceCursor {
 public:
  using Byte =
      std::conditional_t<std::is_same_v<Buffer, ConstBuffer>, const std::uint8_t, std::uint8_t>;

  explicit PieceCursor(std::span<const Buffer> pieces) noexcept : pieces_(pieces) { skip_empty(); }

  [[nodiscard]] bool at_end() const noexcept { return pieces_.empty(); }
  // Nothing is behind the current part.
  [[nodiscard]] bool last() const noexcept {
    return at_end() || (pieces_.size() == 1 && pieces_[0].bytes - at_ <= kMaxPart);
  }
  // Never null, also at the end: streams take null for a mistake.
  [[nodiscard]] Byte* data() const noexcept {
    static std::uint8_t nothing;
    return at_end() ? &nothing : static_cast<Byte*>(pieces_[0].data) + at_;
  }
  [[nodiscard]] std::uint32_t bytes() const noexcept {
    if (at_end()) return 0;
    return static_cast<std::uint32_t>(std::min(pieces_[0].bytes - at_, kMaxPart));
  }
  [[nodiscard]] std::size_t total() const noexcept { return total_; }

  void advance(std::size_t bytes) noexcept {
    at_ += bytes;
    total_ += bytes;
    if (!at_end() && at_ == pieces_[0].bytes) {
      pieces_ = pieces_.subspan(1);
      at_ = 0;
      skip_empty();
    }
  }

 private:
  static constexpr std::size_t kMaxPart = 0xffff0000;

  void skip_empty() noexcept {
    while (!pieces_.empty() && pieces_[0].bytes == 0) pieces_ = pieces_.subspan(1);
  }

  std::span<const Buffer> pieces_;
  std::size_t at_ = 0;
  std::size_t total_ = 0;
};

WD_NAMESPACE_END

#endif  // WD_SESSION_PIECE_CURSOR_HPP_
