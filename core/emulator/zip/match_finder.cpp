#include "zip/match_finder.hpp"

#include <cstring>
#include <utility>

namespace wd::emulator::zip {

std::uint32_t MatchFinder::four_at(std::size_t at) const {
  std::uint32_t bytes = 0;
  std::memcpy(&bytes, &input_[at], sizeof(bytes));
  return bytes;
}

bool MatchFinder::next(Match& match) {
  for (std::size_t at = at_; at + kShortest <= input_.size(); ++at) {
    const std::uint32_t bytes = four_at(at);
    const std::uint32_t slot = (bytes * 2654435761U) >> (32 - kHashBits);
    const std::uint32_t before = std::exchange(last_[slot], static_cast<std::uint32_t>(at));
    if (before == kNowhere || at - before > window_bytes_ || four_at(before) != bytes) continue;
    std::size_t length = kShortest;
    while (at + length < input_.size() && input_[before + length] == input_[at + length]) ++length;
    match = {.literals = at - at_, .distance = at - before, .length = length};
    at_ = at + length;
    return true;
  }
  return false;
}

}  // namespace wd::emulator::zip
