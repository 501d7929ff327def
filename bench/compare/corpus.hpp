#ifndef WD_BENCH_COMPARE_CORPUS_HPP_
#define WD_BENCH_COMPARE_CORPUS_HPP_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace wd::bench {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

// A file of the corpora folder, read once.
class Corpus {
 public:
  static Corpus read(const std::string& folder, const std::string& name);

  // Buffers of `buffer_bytes` from evenly spread places, together about `sample_bytes` (at least
  // one buffer): a part that stands for the whole, and the same in every run. A corpus smaller than
  // one buffer is given whole.
  [[nodiscard]] std::vector<ByteView> sample(std::size_t buffer_bytes,
                                             std::size_t sample_bytes) const;

 private:
  Bytes content_;
};

std::uint64_t total_bytes(const std::vector<ByteView>& buffers);

}  // namespace wd::bench

#endif  // WD_BENCH_COMPARE_CORPUS_HPP_
