#include "deflate_setup.hpp"

namespace wd::test {

DeflateSetup DeflateSetup::any(Choices& choices) {
  DeflateSetup setup{.level = static_cast<int>(choices.below(11)) - 1,
                     .method = Z_DEFLATED,
                     .window_bits = 15,
                     .memory_level = 8,
                     .strategy = Z_DEFAULT_STRATEGY};
  constexpr int kFormats[] = {15, 15, 31, -15};
  setup.window_bits = kFormats[choices.below(4)];
  if (choices.one_in(3)) {
    constexpr int kOffsets[] = {0, 16};
    const int bits = 8 + static_cast<int>(choices.below(8));
    setup.window_bits = choices.one_in(3) ? -bits : bits + kOffsets[choices.below(2)];
    setup.memory_level = 1 + static_cast<int>(choices.below(9));
    setup.strategy = static_cast<int>(choices.below(5));
  }
  if (choices.one_in(30)) {
    setup.window_bits = static_cast<int>(choices.below(70)) - 18;
    setup.memory_level = static_cast<int>(choices.below(12));
    setup.strategy = static_cast<int>(choices.below(7)) - 1;
    setup.level = static_cast<int>(choices.below(14)) - 2;
    setup.method = 7 + static_cast<int>(choices.below(3));
  }
  return setup;
}

int DeflateSetup::open(const ZlibApi& api, z_stream& stream) const {
  return api.deflateInit2_(&stream, level, method, window_bits, memory_level, strategy,
                           ZLIB_VERSION, sizeof(z_stream));
}

}  // namespace wd::test
