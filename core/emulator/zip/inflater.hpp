// Decodes raw DEFLATE piece by piece. All it knows between two pieces is an InflateState, which is
// plain bytes: the hardware keeps it in the stream's context, in its user's memory.
#ifndef WD_EMULATOR_ZIP_INFLATER_HPP_
#define WD_EMULATOR_ZIP_INFLATER_HPP_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "zip/huffman.hpp"

namespace wd::emulator::zip {

inline constexpr std::size_t kLargestWindow = 32768;

struct InflateState {
  enum Phase : std::uint32_t {
    kHeader,
    kStoredLength,
    kStored,
    kCounts,
    kOrder,
    kLengths,
    kSymbols,
    kMatch,
    kFinished,
    kPhases
  };

  std::uint64_t bits = 0;
  std::uint32_t bit_count = 0;
  std::uint32_t phase = kHeader;
  std::uint32_t is_last = 0;
  std::uint32_t stored_left = 0;
  std::uint32_t match_left = 0;
  std::uint32_t match_distance = 0;
  std::uint32_t literal_codes = 0;
  std::uint32_t distance_codes = 0;
  std::uint32_t order_codes = 0;
  std::uint32_t filled = 0;
  std::array<std::uint8_t, 20> order{};
  std::array<std::uint8_t, 320> lengths{};
};

class Inflater {
 public:
  enum class Stop : std::uint8_t { need_input, need_room, held, end, corrupt };

  // Decodes `in` into out[at..], where out[0..at) is what has been decoded before (as much of it as
  // the window holds). The state comes from a stranger's memory: is_sound() first.
  Inflater(InflateState& state, std::span<const std::uint8_t> in, std::span<std::uint8_t> out,
           std::size_t at);

  [[nodiscard]] bool is_sound() const { return sound_; }

  // `holds_short_blocks`: a block of which so little is there that all of it fits into the bits
  // that are cached is not started.
  Stop run(bool holds_short_blocks);

  // What follows the stream's last block, from the next byte on; false if it is not all there.
  bool trailer(unsigned bytes, std::uint64_t& value);

  [[nodiscard]] std::size_t consumed() const { return in_at_; }
  // The end of what is in `out`.
  [[nodiscard]] std::size_t end() const { return out_at_; }

 private:
  enum class Step : std::uint8_t { go_on, need_input, need_room, end, corrupt };
  static constexpr unsigned kMostHeldBits = 56;

  Stop run_to_end();
  Stop try_short_block();
  Step step();
  Step header();
  Step stored_length();
  Step stored();
  Step counts();
  Step order();
  Step lengths();
  Step symbol();
  Step match();

  bool make_codes();
  bool make_fixed_codes();
  Step end_of_block();
  bool take_length(std::uint64_t& bits, unsigned& count, unsigned symbol, Step& failed);
  void refill();
  void drop(unsigned count);
  bool absorbs_stored();
  void give_back();

  InflateState& state_;
  std::span<const std::uint8_t> in_;
  std::span<std::uint8_t> out_;
  std::size_t in_at_ = 0;
  std::size_t out_at_;
  bool sound_ = true;
  Huffman literals_;
  Huffman distances_;
};

}  // namespace wd::emulator::zip

#endif  // WD_EMULATOR_ZIP_INFLATER_HPP_
