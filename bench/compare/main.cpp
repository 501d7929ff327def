// Compares a zlib replacement with the stock zlib in one process, row by row, and writes what it
// measured as JSON. What the rows mean and what is required of them is said in bench/README.md.

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "json_object.hpp"
#include "options.hpp"
#include "output_file.hpp"
#include "paired_run.hpp"
#include "references.hpp"
#include "row_workload.hpp"

namespace wd::bench {
namespace {

// How much is measured how often. A sample stands for a corpus only if it is not too small, and
// a median needs rounds; quick is for finding out that everything works.
struct Effort {
  std::size_t sample_bytes;
  std::size_t size_sample_bytes;  // for sizes alone, which differ more from place to place
  unsigned rounds;
  double min_seconds;  // of one timed sample
};
constexpr Effort kFull{8 << 20, 32 << 20, 9, 0.010};
constexpr Effort kQuick{1 << 20, 1 << 20, 5, 0.005};

struct Sizes {
  std::uint64_t plain;
  std::uint64_t stock;
  std::uint64_t shim;
};

std::string json_of(const Row& row, const ReferenceResult& reference,
                    std::uint64_t stock_bytes_out) {
  JsonObject object;
  object.text("name", reference.name)
      .integer("level", static_cast<std::uint64_t>(reference.level))
      .number("bytes_per_second", reference.bytes_per_second);
  if (reference.our_ratio) object.number("our_ratio", reference.our_ratio->median);
  if (is_encoding(row.operation)) {
    object.number("size_ratio",
                  static_cast<double>(reference.bytes_out) / static_cast<double>(stock_bytes_out));
  }
  return object.str();
}

void describe(JsonObject& object, const Row& row) {
  object.text("id", row.id()).text("operation", name_of(row.operation));
  object.integer("buffer_bytes", row.buffer_bytes);
  if (is_checksum(row.operation)) {
    object.integer("offset_bytes", row.offset_bytes);
    return;
  }
  object.text("corpus", row.corpus).integer("level", static_cast<std::uint64_t>(row.level));
  if (row.piece_bytes == 0) return;
  object.integer("piece_bytes", row.piece_bytes).text("format", name_of(row.format));
}

// Sizes of the timed sample, or of a larger one where there is a difference to be told exactly.
Sizes sizes_of(const Row& row, const Effort& effort, const Workload& timed,
               const PairedResult& result, Corpora& corpora, const ZlibAbi& stock,
               const ZlibAbi& shim) {
  const bool same = result.stock_bytes_out == result.shim_bytes_out;
  if (same || effort.size_sample_bytes == effort.sample_bytes) {
    return {timed.plain_bytes(), result.stock_bytes_out, result.shim_bytes_out};
  }
  const WorkloadPtr all = workload_of(
      row, corpora[row.corpus].sample(row.buffer_bytes, effort.size_sample_bytes), stock);
  return {all->plain_bytes(), all->run(stock), all->run(shim)};
}

void add_speeds(JsonObject& object, const PairedResult& result) {
  object.number("speed_ratio", result.speed_ratio.median)
      .number("speed_ratio_lower_quartile", result.speed_ratio.lower)
      .number("speed_ratio_upper_quartile", result.speed_ratio.upper)
      .integer("rounds", result.rounds)
      .number("stock_bytes_per_second", result.stock_bytes_per_second)
      .number("shim_bytes_per_second", result.shim_bytes_per_second);
}

void add_references(JsonObject& object, const Row& row,
                    const std::vector<ReferenceResult>& references, std::uint64_t stock_bytes_out) {
  std::vector<std::string> values;
  for (const ReferenceResult& reference : references) {
    values.push_back(json_of(row, reference, stock_bytes_out));
    // Where a required figure finds it: figures look at a row's own values.
    if (reference.our_ratio && std::string_view(reference.name) == "libdeflate") {
      object.number("libdeflate_ratio", reference.our_ratio->median)
          .number("libdeflate_ratio_lower_quartile", reference.our_ratio->lower)
          .number("libdeflate_ratio_upper_quartile", reference.our_ratio->upper);
    }
  }
  if (!values.empty()) object.list("references", values);
}

std::string measure(const Row& row, const Effort& effort, const Options& options, Corpora& corpora,
                    const ZlibAbi& stock, const ZlibAbi& shim) {
  const std::vector<ByteView> sample = sample_of(row, corpora, effort.sample_bytes);
  const WorkloadPtr workload = workload_of(row, sample, stock);
  const PairedResult result = run_paired(*workload, stock, shim, effort.rounds, effort.min_seconds);
  std::fprintf(stderr, "%-44s %6.2fx\n", row.id().c_str(), result.speed_ratio.median);

  JsonObject object;
  describe(object, row);
  add_speeds(object, result);
  if (is_encoding(row.operation)) {
    const Sizes sizes = sizes_of(row, effort, *workload, result, corpora, stock, shim);
    object.integer("plain_bytes", sizes.plain)
        .integer("stock_bytes_out", sizes.stock)
        .integer("shim_bytes_out", sizes.shim)
        .number("size_ratio", static_cast<double>(sizes.shim) / static_cast<double>(sizes.stock));
  }
  if (options.references) {
    std::vector<ReferenceResult> references =
        measure_decoders(row, *workload, shim, effort.rounds, effort.min_seconds);
    std::ranges::copy(measure_references(row, sample, effort.min_seconds),
                      std::back_inserter(references));
    add_references(object, row, references, result.stock_bytes_out);
  }
  return object.str();
}

std::string report(const Options& options) {
  const ZlibAbi stock = ZlibAbi::load(options.stock);
  const ZlibAbi shim = ZlibAbi::load(options.shim);
  Effort effort = options.run.quick ? kQuick : kFull;
  if (options.run.rounds != 0) effort.rounds = options.run.rounds;
  Corpora corpora(options.corpora);

  std::vector<std::string> rows;
  for (const Row& row : wanted_of(all_rows(options.run.quick), options.run)) {
    rows.push_back("\n  " + measure(row, effort, options, corpora, stock, shim));
  }
  std::vector<std::string> versions;
  for (const std::string& version : reference_versions()) versions.push_back(json_string(version));
  JsonObject object;
  object.text("stock_path", stock.path)
      .text("stock_version", stock.version)
      .text("shim_path", shim.path)
      .text("shim_version", shim.version)
      .text("mode", options.run.quick ? "quick" : "full")
      .integer("sample_bytes", effort.sample_bytes)
      .list("references", versions)
      .list("rows", rows, ",");
  return object.str() + "\n";
}

}  // namespace
}  // namespace wd::bench

int main(int argc, char** argv) {
  using namespace wd::bench;
  const Options options = parse_options(argc, argv);
  if (options.run.list) {
    for (const Row& row : all_rows(options.run.quick)) {
      JsonObject object;
      describe(object, row);
      std::puts(object.str().c_str());
    }
    return 0;
  }
  write_output(report(options), options.run.out);
  return 0;
}
