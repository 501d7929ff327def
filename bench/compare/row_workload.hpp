#ifndef WD_BENCH_COMPARE_ROW_WORKLOAD_HPP_
#define WD_BENCH_COMPARE_ROW_WORKLOAD_HPP_

#include <map>
#include <string>

#include "row.hpp"
#include "workload.hpp"

namespace wd::bench {

// The corpora of one folder, read when first asked for.
class Corpora {
 public:
  explicit Corpora(std::string folder) : folder_(std::move(folder)) {}

  const Corpus& operator[](const std::string& name);

 private:
  std::string folder_;
  std::map<std::string, Corpus> read_;
};

std::vector<ByteView> sample_of(const Row& row, Corpora& corpora, std::size_t sample_bytes);

// What has to be done for a row. `stock` makes the input of decoders.
WorkloadPtr workload_of(const Row& row, std::vector<ByteView> sample, const ZlibAbi& stock);

}  // namespace wd::bench

#endif  // WD_BENCH_COMPARE_ROW_WORKLOAD_HPP_
