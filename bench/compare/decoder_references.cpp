#include "reference_decoder.hpp"
#include "references.hpp"

namespace wd::bench {

std::vector<ReferenceResult> measure_decoders(const Row& row, Workload& workload,
                                              const ZlibAbi& shim, unsigned rounds,
                                              double min_seconds) {
  if (!is_decoding(row.operation)) return {};
  std::vector<ReferenceResult> results;
  const auto add = [&](const char* name, const ZlibAbi& decoder) {
    const PairedResult paired = run_paired(workload, decoder, shim, rounds, min_seconds);
    results.push_back({name, row.level, paired.stock_bytes_per_second, paired.stock_bytes_out,
                       paired.speed_ratio});
  };
  if (row.operation == Operation::kUncompress) add("libdeflate", libdeflate_decoder());
  add("isa-l", isal_decoder());
  return results;
}

}  // namespace wd::bench
