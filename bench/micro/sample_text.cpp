#include "sample_text.hpp"

#include <cstdint>
#include <string>

namespace wd::bench {
namespace {

// Knuth's MMIX generator: the standard library's may differ from one library to the next.
class Numbers {
 public:
  std::uint32_t below(std::uint32_t limit) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::uint32_t>(((state_ >> 32) * limit) >> 32);
  }

 private:
  std::uint64_t state_ = 1;
};

std::vector<std::string> vocabulary(Numbers& numbers) {
  constexpr std::size_t kWords = 4096;
  std::vector<std::string> words(kWords);
  for (std::string& word : words) {
    const std::uint32_t letters = 2 + numbers.below(9);
    for (std::uint32_t i = 0; i < letters; ++i) {
      word += static_cast<char>('a' + numbers.below(26));
    }
  }
  return words;
}

}  // namespace

std::vector<std::byte> sample_text(std::size_t bytes) {
  Numbers numbers;
  const auto words = vocabulary(numbers);
  const auto count = static_cast<std::uint32_t>(words.size());
  std::string text;
  while (text.size() < bytes) {
    // The product of two picks is small more often than not: few words make most of the text.
    text += words[std::uint64_t{numbers.below(count)} * numbers.below(count) / count];
    text += numbers.below(12) == 0 ? '\n' : ' ';
  }
  const auto* first = reinterpret_cast<const std::byte*>(text.data());
  return {first, first + bytes};
}

}  // namespace wd::bench
