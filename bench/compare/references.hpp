#ifndef WD_BENCH_COMPARE_REFERENCES_HPP_
#define WD_BENCH_COMPARE_REFERENCES_HPP_

#include <cstdint>
#include <vector>

#include "corpus.hpp"
#include "row.hpp"

namespace wd::bench {

struct ReferenceResult {
  const char* name;
  int level;
  double bytes_per_second;
  std::uint64_t bytes_out;
};

// What other libraries make of a row's sample: one-shot rows and checksums only, none for the
// others. They run after the two that are compared, never between them.
std::vector<ReferenceResult> measure_references(const Row& row, const std::vector<ByteView>& sample,
                                                double min_seconds);

// Name and version of each, for the report.
std::vector<std::string> reference_versions();

}  // namespace wd::bench

#endif  // WD_BENCH_COMPARE_REFERENCES_HPP_
