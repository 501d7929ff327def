// What the core's synchronous call costs beyond the library that does the work: at most 40 ns are
// allowed. The counter `extra_ns` is the median, over many rounds in turns, of what one call
// through the core takes longer than libdeflate called directly.

#include <benchmark/benchmark.h>
#include <libdeflate.h>

#include <algorithm>
#include <ctime>
#include <memory>
#include <wd/one_shot.hpp>

#include "sample_text.hpp"
#include "software_context.hpp"

namespace {

using Bytes = std::vector<std::byte>;

constexpr int kCallsPerRound = 200;

double cpu_nanoseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return 1e9 * static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec);
}

// Nanoseconds of one call.
template <class Call>
double time_of(Call&& call) {
  const double start = cpu_nanoseconds();
  for (int i = 0; i < kCallsPerRound; ++i) call();
  return (cpu_nanoseconds() - start) / kCallsPerRound;
}

template <class Direct, class Core>
void compare(benchmark::State& state, Direct&& direct, Core&& core) {
  std::vector<double> extra;
  double fastest_direct = time_of(direct);
  for (auto _ : state) {
    const double directly = time_of(direct);
    extra.push_back(time_of(core) - directly);
    fastest_direct = std::min(fastest_direct, directly);
  }
  if (extra.empty()) return;
  std::ranges::nth_element(extra, extra.begin() + static_cast<std::ptrdiff_t>(extra.size() / 2));
  state.counters["extra_ns"] = extra[extra.size() / 2];
  state.counters["direct_ns"] = fastest_direct;
}

// A level at which both use the same engine at the same level; that is checked.
constexpr int kLevel = 1;

void compress(benchmark::State& state) {
  const wd::Context& context = wd::bench::software_context();
  const Bytes plain = wd::bench::sample_text(static_cast<std::size_t>(state.range(0)));
  const std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> compressor(
      libdeflate_alloc_compressor(kLevel), libdeflate_free_compressor);
  Bytes directly(wd::compress_bound(wd::Format::zlib, plain.size()));
  Bytes through(directly.size());
  const auto direct = [&] {
    benchmark::DoNotOptimize(libdeflate_zlib_compress(compressor.get(), plain.data(), plain.size(),
                                                      directly.data(), directly.size()));
  };
  const auto core = [&] {
    const auto made = wd::compress(context, wd::Format::zlib, kLevel, plain, through);
    benchmark::DoNotOptimize(made.has_value());
  };
  direct();
  core();
  // The first two bytes are the header, where libraries write different hints of the level.
  if (!std::equal(directly.begin() + 2, directly.end(), through.begin() + 2)) {
    return state.SkipWithError("the core chose another engine or level: nothing to compare");
  }
  compare(state, direct, core);
}

void decompress(benchmark::State& state) {
  const wd::Context& context = wd::bench::software_context();
  const Bytes plain = wd::bench::sample_text(static_cast<std::size_t>(state.range(0)));
  Bytes packed(wd::compress_bound(wd::Format::zlib, plain.size()));
  const auto made = wd::compress(context, wd::Format::zlib, kLevel, plain, packed);
  if (!made) return state.SkipWithError(made.error().text);
  packed.resize(*made);
  const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)>
      decompressor(libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
  Bytes back(plain.size());
  const auto direct = [&] {
    std::size_t consumed = 0;
    std::size_t produced = 0;
    benchmark::DoNotOptimize(libdeflate_zlib_decompress_ex(decompressor.get(), packed.data(),
                                                           packed.size(), back.data(), back.size(),
                                                           &consumed, &produced));
  };
  const auto core = [&] {
    const auto result = wd::decompress(context, wd::Format::zlib, packed, back);
    benchmark::DoNotOptimize(result.has_value());
  };
  compare(state, direct, core);
}

BENCHMARK(compress)->Name("BM_CallOverhead/compress/level:1")->ArgName("size")->Arg(512)->Arg(4096);
BENCHMARK(decompress)->Name("BM_CallOverhead/decompress")->ArgName("size")->Arg(16)->Arg(512);

}  // namespace
