#ifndef WD_BENCH_COMPARE_REFERENCES_HPP_
#define WD_BENCH_COMPARE_REFERENCES_HPP_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "corpus.hpp"
#include "paired_run.hpp"
#include "row.hpp"

namespace wd::bench {

struct ReferenceResult {
  const char* name;
  int level;
  double bytes_per_second;
  std::uint64_t bytes_out;
  std::optional<Quartiles> our_ratio;  // the shim's speed over its own, if measured in turns
};

// What other libraries make of a row's sample with encodings of their own, and their checksums:
// one-shot rows and checksums only, none for the others. These, and the decoders below, run after
// the two that are compared, never between them.
std::vector<ReferenceResult> measure_references(const Row& row, const std::vector<ByteView>& sample,
                                                double min_seconds);

// What other decoders of DEFLATE make of a decoding row's own input. Each has rounds of its own, in
// turns with the shim: a ratio of two speeds minutes apart would say more of the machine.
std::vector<ReferenceResult> measure_decoders(const Row& row, Workload& workload,
                                              const ZlibAbi& shim, unsigned rounds,
                                              double min_seconds);

// Name and version of each, for the report.
std::vector<std::string> reference_versions();

}  // namespace wd::bench

#endif  // WD_BENCH_COMPARE_REFERENCES_HPP_
