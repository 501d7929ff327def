// Matches in a piece of input, found as quickly as they can be: for the formats whose coding is
// left to software.
#ifndef WD_EMULATOR_ZIP_MATCH_FINDER_HPP_
#define WD_EMULATOR_ZIP_MATCH_FINDER_HPP_

#include <array>
#include <cstdint>
#include <span>

namespace wd::emulator::zip {

struct Match {
  std::size_t literals;  // before it
  std::size_t distance;
  std::size_t length;
};

class MatchFinder {
 public:
  static constexpr std::size_t kShortest = 4;

  // In `input`, from its byte `at` on; what is before that is history.
  MatchFinder(std::span<const std::uint8_t> input, std::size_t at, std::size_t window_bytes)
      : input_(input), at_(at), window_bytes_(window_bytes) {
    last_.fill(kNowhere);
  }

  // False when there is none: all from position() on is literals.
  bool next(Match& match);
  [[nodiscard]] std::size_t position() const { return at_; }

 private:
  static constexpr std::uint32_t kNowhere = ~0U;
  static constexpr unsigned kHashBits = 14;

  [[nodiscard]] std::uint32_t four_at(std::size_t at) const;

  std::span<const std::uint8_t> input_;
  std::size_t at_;
  std::size_t window_bytes_;
  std::array<std::uint32_t, 1U << kHashBits> last_;
};

}  // namespace wd::emulator::zip

#endif  // WD_EMULATOR_ZIP_MATCH_FINDER_HPP_
