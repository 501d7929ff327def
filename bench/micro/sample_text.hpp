#ifndef WD_BENCH_MICRO_SAMPLE_TEXT_HPP_
#define WD_BENCH_MICRO_SAMPLE_TEXT_HPP_

#include <cstddef>
#include <vector>

namespace wd::bench {

// Words in no order, as often as words of a language are: the same bytes in every run, so that
// micro-benchmarks need no corpora. Compresses to about a third.
std::vector<std::byte> sample_text(std::size_t bytes);

}  // namespace wd::bench

#endif  // WD_BENCH_MICRO_SAMPLE_TEXT_HPP_
