#include "two_streams.hpp"

#include <algorithm>
#include <cstdlib>

namespace wd::test {

namespace {

void offer(z_stream& stream, std::span<const std::uint8_t> in, std::span<std::uint8_t> out) {
  stream.next_in = const_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
}

}  // namespace

TwoStreams::TwoStreams(int window_bits) {
  if (ref_inflateInit2_(&pair_.reference.stream, window_bits, ZLIB_VERSION, sizeof(z_stream)) !=
          Z_OK ||
      inflateInit2_(&pair_.shim.stream, window_bits, ZLIB_VERSION, sizeof(z_stream)) != Z_OK)
    std::abort();
}

TwoStreams::TwoStreams(const TwoStreams& other) {
  auto& from = const_cast<TwoStreams&>(other).pair_;
  if (ref_inflateCopy(&pair_.reference.stream, &from.reference.stream) != Z_OK ||
      inflateCopy(&pair_.shim.stream, &from.shim.stream) != Z_OK)
    std::abort();
}

TwoStreams::~TwoStreams() {
  ref_inflateEnd(&pair_.reference.stream);
  inflateEnd(&pair_.shim.stream);
}

Difference TwoStreams::call(std::span<const std::uint8_t> in, std::span<std::uint8_t> reference,
                            std::span<std::uint8_t> shim, int flush) {
  z_stream& a = pair_.reference.stream;
  z_stream& b = pair_.shim.stream;
  offer(a, in, reference);
  offer(b, in, shim);
  code_ = ref_inflate(&a, flush);
  const int shim_code = ::inflate(&b, flush);
  consumed_ = in.size() - a.avail_in;
  produced_ = reference.size() - a.avail_out;
  if (Difference difference = pair_.compare("inflate", code_, shim_code); !difference.empty())
    return difference;
  if (ref_inflateMark(&a) != inflateMark(&b)) return "inflateMark differs";
  if (ref_inflateSyncPoint(&a) != inflateSyncPoint(&b)) return "inflateSyncPoint differs";
  if (ref_inflateCodesUsed(&a) != inflateCodesUsed(&b)) return "inflateCodesUsed differs";
  const auto at = std::mismatch(reference.begin(), reference.end(), shim.begin()).first;
  if (at != reference.end())
    return "byte " + std::to_string(at - reference.begin()) + " of the room differs, of which " +
           std::to_string(produced_) + " are output";
  return {};
}

Difference TwoStreams::set_dictionary(const Bytes& dictionary) {
  const auto bytes = static_cast<uInt>(dictionary.size());
  return pair_.compare("inflateSetDictionary",
                       ref_inflateSetDictionary(&pair_.reference.stream, dictionary.data(), bytes),
                       inflateSetDictionary(&pair_.shim.stream, dictionary.data(), bytes));
}

Outcome feed(std::span<const std::uint8_t> packed, int window_bits, const Feeding& feeding,
             const Bytes& dictionary) {
  TwoStreams streams(window_bits);
  Outcome outcome;
  if (window_bits < 0 && !dictionary.empty())
    outcome.difference = streams.set_dictionary(dictionary);
  Bytes reference(feeding.out);
  Bytes shim(feeding.out);
  int idle = 0;
  while (outcome.difference.empty() && idle < 2) {
    const auto in =
        packed.subspan(outcome.consumed, std::min(feeding.in, packed.size() - outcome.consumed));
    // Nothing that was there before may decide, or change.
    std::fill(reference.begin(), reference.end(), std::uint8_t{0x5a});
    std::fill(shim.begin(), shim.end(), std::uint8_t{0x5a});
    outcome.difference = streams.call(in, reference, shim, feeding.flush);
    outcome.consumed += streams.consumed();
    outcome.output.insert(outcome.output.end(), reference.begin(),
                          reference.begin() + static_cast<long>(streams.produced()));
    outcome.code = streams.code();
    if (outcome.code == Z_NEED_DICT && !dictionary.empty() && outcome.difference.empty())
      outcome.difference = streams.set_dictionary(dictionary);
    else if (outcome.code != Z_OK && outcome.code != Z_BUF_ERROR)
      break;
    idle = streams.consumed() == 0 && streams.produced() == 0 ? idle + 1 : 0;
  }
  const char* message = streams.pair().reference.stream.msg;
  if (message != nullptr) outcome.message = message;
  return outcome;
}

void EachWideLoop::SetUp() {
  const CpuFeatures needs = GetParam().needs;
  if (!cpu_features().include(needs)) GTEST_SKIP() << "this CPU cannot run " << GetParam().name;
  limit_cpu_features(needs);
}

}  // namespace wd::test
