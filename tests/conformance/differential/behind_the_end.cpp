#include "behind_the_end.hpp"

#include <algorithm>

namespace wd::test {

namespace {

class BehindTheEnd {
 public:
  BehindTheEnd(Choices& choices, Pair& pair, int window_bits)
      : choices_(choices), pair_(pair), window_bits_(window_bits) {
    pair_.give_input(nullptr, 0);
    pair_.give_output(0);
  }

  Difference calls(std::uint32_t count) {
    Difference difference;
    for (; count != 0 && difference.empty(); --count) difference = any_call();
    return difference;
  }

 private:
  z_stream& a() { return pair_.reference.stream; }
  z_stream& b() { return pair_.shim.stream; }

  Difference any_call() {
    switch (choices_.below(8)) {
      case 0:
        return get_dictionary();
      case 1:
        return set_dictionary();
      case 2:
        return prime();
      case 3: {
        const int chain = static_cast<int>(choices_.below(100));
        return pair_.compare("deflateTune", ref_deflateTune(&a(), 4, 5, 16, chain),
                             deflateTune(&b(), 4, 5, 16, chain));
      }
      case 4: {
        const int level = static_cast<int>(choices_.below(12)) - 1;
        const int strategy = choices_.one_in(2) ? 0 : static_cast<int>(choices_.below(6));
        return pair_.compare("deflateParams", ref_deflateParams(&a(), level, strategy),
                             deflateParams(&b(), level, strategy));
      }
      case 5:
        return copy();
      default:
        return deflate_call();
    }
  }

  Difference get_dictionary() {
    Bytes dictionaries[2] = {Bytes(32768, 1), Bytes(32768, 1)};
    uInt bytes[2] = {5, 5};
    const int codes[] = {ref_deflateGetDictionary(&a(), dictionaries[0].data(), &bytes[0]),
                         deflateGetDictionary(&b(), dictionaries[1].data(), &bytes[1])};
    if (codes[0] == codes[1] && bytes[0] == bytes[1] && dictionaries[0] == dictionaries[1])
      return {};
    return "deflateGetDictionary behind the end differs: " + std::to_string(codes[0]) + " and " +
           std::to_string(codes[1]) + ", " + std::to_string(bytes[0]) + " and " +
           std::to_string(bytes[1]) + " bytes";
  }

  Difference set_dictionary() {
    Bytes dictionary = make_plain(choices_, 40000);
    // One that fills the window begins it anew in zlib, but not behind a trailer, where a manual's
    // reader would not call this.
    const std::size_t window = std::size_t{1} << std::max(window_bits_ & 15, 9);
    if (window_bits_ > 0) dictionary.resize(std::min(dictionary.size(), window - 1));
    const auto bytes = static_cast<uInt>(dictionary.size());
    const Difference difference =
        pair_.compare("deflateSetDictionary behind the end",
                      ref_deflateSetDictionary(&a(), dictionary.data(), bytes),
                      deflateSetDictionary(&b(), dictionary.data(), bytes));
    return difference.empty() ? get_dictionary() : difference;
  }

  // Once some of its output is out, zlib writes bits where none will be read, or over others.
  Difference prime() {
    unsigned pending = 0;
    ref_deflatePending(&a(), &pending, Z_NULL);
    if (pending != 0) return {};
    Difference difference;
    for (std::uint32_t times = 1 + choices_.below(8); times != 0 && difference.empty(); --times) {
      const int bits = static_cast<int>(choices_.below(19)) - 1;
      const int value = static_cast<int>(choices_.below(1u << 16));
      difference = pair_.compare("deflatePrime behind the end", ref_deflatePrime(&a(), bits, value),
                                 deflatePrime(&b(), bits, value));
      if (difference.empty()) difference = compare_pending();
    }
    return difference;
  }

  Difference compare_pending() {
    unsigned bytes[2] = {1, 1};
    int bits[2] = {1, 1};
    const int codes[] = {ref_deflatePending(&a(), &bytes[0], &bits[0]),
                         deflatePending(&b(), &bytes[1], &bits[1])};
    if (codes[0] == codes[1] && bytes[0] == bytes[1] && bits[0] == bits[1]) return {};
    return "deflatePending behind the end differs: " + std::to_string(bytes[0]) + " and " +
           std::to_string(bytes[1]) + " bytes, " + std::to_string(bits[0]) + " and " +
           std::to_string(bits[1]) + " bits";
  }

  Difference deflate_call() {
    static constexpr std::uint8_t kMore[] = "more";
    pair_.give_input(kMore, choices_.one_in(5) ? sizeof(kMore) : 0);
    pair_.give_output(choices_.one_in(2) ? choices_.below(4) : 100);
    const int flush = choices_.one_in(5) ? static_cast<int>(choices_.below(7)) : Z_FINISH;
    const Difference difference =
        pair_.compare("deflate behind the end", ref_deflate(&a(), flush), deflate(&b(), flush));
    pair_.give_input(nullptr, 0);
    pair_.give_output(0);
    return difference.empty() ? compare_pending() : difference;
  }

  // The copy knows what the original knew.
  Difference copy() {
    Pair fresh;
    const int codes[] = {ref_deflateCopy(&fresh.reference.stream, &a()),
                         deflateCopy(&fresh.shim.stream, &b())};
    if (codes[0] != codes[1]) return "deflateCopy's code behind the end differs";
    if (codes[0] != Z_OK) return {};
    BehindTheEnd copied(choices_, fresh, window_bits_);
    Difference difference = copied.get_dictionary();
    if (difference.empty()) difference = copied.compare_pending();
    if (difference.empty()) difference = copied.calls(choices_.below(3));
    const int ends[] = {ref_deflateEnd(&fresh.reference.stream), deflateEnd(&fresh.shim.stream)};
    if (difference.empty() && ends[0] != ends[1])
      difference = "deflateEnd of a copy made behind the end differs";
    return difference;
  }

  Choices& choices_;
  Pair& pair_;
  int window_bits_;
};

}  // namespace

Difference call_behind_the_end(Choices& choices, Pair& pair, int window_bits) {
  return BehindTheEnd(choices, pair, window_bits).calls(1 + choices.below(8));
}

}  // namespace wd::test
