// Bytes to work on, and lengths to cut them into.
#ifndef WD_TESTS_PROVIDER_MATERIAL_HPP_
#define WD_TESTS_PROVIDER_MATERIAL_HPP_

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "choices.hpp"
#include "two_libraries.hpp"

namespace wd::test {

constexpr std::uint32_t kLongest = 20000;
// Behind every buffer that a call may write to: what it must leave alone.
constexpr std::size_t kGuardBytes = 64;
constexpr std::uint8_t kGuard = 0xa5;

inline Bytes random_bytes(Choices& choices, std::size_t bytes) {
  Bytes made(bytes);
  for (std::uint8_t& each : made) each = choices.byte();
  return made;
}

// At any alignment, the same in every run.
inline const std::uint8_t* any_material(Choices& choices) {
  static const Bytes material = [] {
    Choices fixed(std::uint64_t{7});
    return random_bytes(fixed, 2 * kLongest);
  }();
  return material.data() + choices.below(kLongest);
}

inline std::uint32_t any_length(Choices& choices) {
  if (choices.one_in(12)) return choices.skewed(kLongest);
  return choices.one_in(3) ? choices.below(300) : choices.skewed(70);
}

inline Bytes guarded(std::size_t bytes) {
  return Bytes(bytes + kGuardBytes, kGuard);
}

}  // namespace wd::test

#endif  // WD_TESTS_PROVIDER_MATERIAL_HPP_
