// Arbitrary bytes through inflate(), on plain libz and the shim, call by call. The first bytes
// choose the window, the sizes of the pieces and the flushes; the rest is the stream.
#include <algorithm>
#include <cstdint>
#include <iterator>
#include <memory>

#include "choices.hpp"
#include "fail.hpp"
#include "pair.hpp"

namespace {

constexpr std::size_t kChoiceBytes = 24;
constexpr int kWindows[] = {15, -15, 31, 47, 0, 8, 9, -8, 25, 32};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wd::test;
  if (size < kChoiceBytes) return 0;
  Choices choices(std::span<const std::uint8_t>(data, kChoiceBytes));
  const int window = kWindows[choices.below(std::size(kWindows))];
  const std::uint32_t in_step = 1 + choices.skewed(70000);
  const std::uint32_t out_step = 1 + choices.skewed(70000);
  data += kChoiceBytes;
  size -= kChoiceBytes;

  Pair pair;
  z_stream& reference = pair.reference.stream;
  z_stream& shim = pair.shim.stream;
  if (ref_inflateInit2_(&reference, window, ZLIB_VERSION, sizeof(z_stream)) != Z_OK ||
      inflateInit2_(&shim, window, ZLIB_VERSION, sizeof(z_stream)) != Z_OK)
    std::abort();
  std::unique_ptr<std::uint8_t[]> piece;
  int idle = 0;
  for (int calls = 0; calls < 5000 && idle < 2; ++calls) {
    if (reference.avail_in == 0) {
      const auto bytes = static_cast<std::uint32_t>(std::min<std::size_t>(in_step, size));
      // Memory of exactly this length: the sanitizer sees a byte read too far.
      piece = std::make_unique<std::uint8_t[]>(bytes);
      std::copy_n(data, bytes, piece.get());
      data += bytes;
      size -= bytes;
      pair.give_input(piece.get(), bytes);
    }
    pair.give_output(out_step);
    const int flush = static_cast<int>(choices.below(7));
    const int codes[] = {ref_inflate(&reference, flush), inflate(&shim, flush)};
    fail_if(pair.compare("inflate", codes[0], codes[1]));
    if (codes[0] == Z_STREAM_END || codes[0] == Z_DATA_ERROR || codes[0] == Z_NEED_DICT) break;
    idle = reference.avail_in == 0 && size == 0 && reference.avail_out != 0 ? idle + 1 : 0;
  }
  ref_inflateEnd(&reference);
  inflateEnd(&shim);
  return 0;
}
