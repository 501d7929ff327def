#include <benchmark/benchmark.h>

#include <wd/checksum.hpp>

#include "sample_text.hpp"

namespace {

template <auto kFunction>
void checksum(benchmark::State& state) {
  const auto content = wd::bench::sample_text(static_cast<std::size_t>(state.range(0)));
  std::uint32_t sum = 0;
  for (auto _ : state) {
    sum = kFunction(sum, content.data(), content.size());
    benchmark::DoNotOptimize(sum);
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

using Checksum = std::uint32_t (*)(std::uint32_t, const void*, std::size_t) noexcept;

void sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgName("size");
  for (const std::int64_t size : {1, 16, 64, 256, 1 << 10, 4 << 10, 64 << 10, 1 << 20}) {
    benchmark->Arg(size);
  }
}

BENCHMARK(checksum<static_cast<Checksum>(wd::crc32)>)->Name("BM_Crc32")->Apply(sizes);
BENCHMARK(checksum<static_cast<Checksum>(wd::adler32)>)->Name("BM_Adler32")->Apply(sizes);

}  // namespace
