// Checks in software what an accelerator has compressed, before anybody gets it: the body is
// decompressed, piece by piece, and compared with what it was made of.
//
// Threading: one thread at a time. Ownership: memory of its own, which close() gives back.
#ifndef WD_STREAM_BODY_CHECK_HPP_
#define WD_STREAM_BODY_CHECK_HPP_

#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/accelerator.hpp"
#include "wd/raw_inflate.hpp"

WD_NAMESPACE_BEGIN

class BodyCheck {
 public:
  // Null without memory.
  static BodyCheck* open() noexcept;
  static BodyCheck* copy(const BodyCheck& source) noexcept;
  static void close(BodyCheck* check) noexcept;
  BodyCheck(const BodyCheck&) = delete;
  BodyCheck& operator=(const BodyCheck&) = delete;

  void reset() noexcept;
  // Before the first piece: what decoders know by then. False without memory.
  [[nodiscard]] bool set_dictionary(std::span<const std::uint8_t> dictionary) noexcept;
  // Whether the next piece of a raw body is made of this plain text, neither more nor less.
  [[nodiscard]] bool agrees(std::span<const std::uint8_t> packed,
                            std::span<const std::uint8_t> plain) noexcept;
  // The body has come to its end.
  [[nodiscard]] bool ended() const noexcept { return ended_; }

  // In the form that an accelerator asks by.
  [[nodiscard]] PieceCheck question() noexcept;

 private:
  BodyCheck() noexcept = default;
  ~BodyCheck() = default;

  RawInflate raw_;
  bool ended_ = false;
};

WD_NAMESPACE_END

#endif  // WD_STREAM_BODY_CHECK_HPP_
