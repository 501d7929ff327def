// A stream twice, in plain libz and in the shim, given the same input and rooms of the same size:
// everything that shows is compared behind every call, the whole room included.
#ifndef WD_TESTS_INFLATE_TWO_STREAMS_HPP_
#define WD_TESTS_INFLATE_TWO_STREAMS_HPP_

#include <gtest/gtest.h>

#include <cstdint>
#include <ostream>
#include <span>
#include <string>

#include "fixtures/sample_bytes.hpp"
#include "pair.hpp"
#include "software/inflate/wide_loop.hpp"

namespace wd::test {

class TwoStreams {
 public:
  explicit TwoStreams(int window_bits);
  // The same stream, as far as `other` has come.
  TwoStreams(const TwoStreams& other);
  TwoStreams& operator=(const TwoStreams&) = delete;
  ~TwoStreams();

  // One call. The rooms are of one size, and hold the same bytes before it.
  [[nodiscard]] Difference call(std::span<const std::uint8_t> in, std::span<std::uint8_t> reference,
                                std::span<std::uint8_t> shim, int flush);
  [[nodiscard]] Difference set_dictionary(const Bytes& dictionary);

  [[nodiscard]] int code() const { return code_; }
  // By the last call.
  [[nodiscard]] std::size_t consumed() const { return consumed_; }
  [[nodiscard]] std::size_t produced() const { return produced_; }
  [[nodiscard]] Pair& pair() { return pair_; }

 private:
  Pair pair_;
  int code_ = 0;
  std::size_t consumed_ = 0;
  std::size_t produced_ = 0;
};

// How a message is fed: how much at a time.
struct Feeding {
  std::size_t in = ~std::size_t{0};
  std::size_t out = 100000;
  int flush = Z_NO_FLUSH;
};

struct Outcome {
  Difference difference;
  int code = 0;
  std::string message;
  Bytes output;
  std::size_t consumed = 0;
};

// A whole message on both, to its end, an error, or where nothing moves any more.
[[nodiscard]] Outcome feed(std::span<const std::uint8_t> packed, int window_bits,
                           const Feeding& feeding, const Bytes& dictionary = {});

// Streams opened in a test of this kind use one variant of the fast loop after the other.
class EachWideLoop : public testing::TestWithParam<Variant<inflate::WideLoop>> {
 protected:
  void SetUp() override;
  void TearDown() override { limit_cpu_features(CpuFeatures::all()); }
};

// In each file with such tests: WD_TEST_EACH_WIDE_LOOP(Suite), Suite being derived from
// EachWideLoop.
#define WD_TEST_EACH_WIDE_LOOP(suite)                                                        \
  INSTANTIATE_TEST_SUITE_P(                                                                  \
      , suite,                                                                               \
      testing::ValuesIn(wd::inflate::wide_loops().begin(), wd::inflate::wide_loops().end()), \
      [](const auto& tested) { return std::string(tested.param.name); })

}  // namespace wd::test

WD_NAMESPACE_BEGIN
inline void PrintTo(const Variant<inflate::WideLoop>& variant, std::ostream* out) {
  *out << variant.name;
}
WD_NAMESPACE_END

#endif  // WD_TESTS_INFLATE_TWO_STREAMS_HPP_
