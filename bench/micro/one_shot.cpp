// Whole messages through the core's synchronous calls.

#include <benchmark/benchmark.h>

#include <wd/one_shot.hpp>

#include "sample_text.hpp"
#include "software_context.hpp"

namespace {

using wd::bench::software_context;

void compress(benchmark::State& state) {
  const int level = static_cast<int>(state.range(0));
  const auto plain = wd::bench::sample_text(static_cast<std::size_t>(state.range(1)));
  std::vector<std::byte> packed(wd::compress_bound(wd::Format::zlib, plain.size()));
  std::size_t made = 0;
  for (auto _ : state) {
    const auto result = wd::compress(software_context(), wd::Format::zlib, level, plain, packed);
    if (!result) return state.SkipWithError(result.error().text);
    made = *result;
  }
  state.SetBytesProcessed(state.iterations() * state.range(1));
  state.counters["size"] = static_cast<double>(made) / static_cast<double>(plain.size());
}

void decompress(benchmark::State& state) {
  const auto plain = wd::bench::sample_text(static_cast<std::size_t>(state.range(0)));
  std::vector<std::byte> packed(wd::compress_bound(wd::Format::zlib, plain.size()));
  const auto made =
      wd::compress(software_context(), wd::Format::zlib, wd::kDefaultLevel, plain, packed);
  if (!made) return state.SkipWithError(made.error().text);
  packed.resize(*made);
  std::vector<std::byte> back(plain.size());
  for (auto _ : state) {
    const auto result = wd::decompress(software_context(), wd::Format::zlib, packed, back);
    if (!result) return state.SkipWithError(result.error().text);
  }
  if (back != plain) return state.SkipWithError("decompressed something else");
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

constexpr std::int64_t kSizes[] = {256, 4 << 10, 64 << 10, 1 << 20};

void levels_and_sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"level", "size"});
  for (const int level : {1, 3, 6, 9}) {
    for (const std::int64_t size : kSizes) benchmark->Args({level, size});
  }
}

void sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgName("size");
  for (const std::int64_t size : kSizes) benchmark->Arg(size);
}

BENCHMARK(compress)->Name("BM_Compress/backend:software")->Apply(levels_and_sizes);
BENCHMARK(decompress)->Name("BM_Decompress/backend:software")->Apply(sizes);

}  // namespace
