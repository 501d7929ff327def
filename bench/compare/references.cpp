#include "references.hpp"

#include <isa-l.h>
#include <libdeflate.h>
#include <zstd.h>

#include <algorithm>
#include <functional>

#include "clocks.hpp"
#include "fail.hpp"
#include "reference_codec.hpp"

namespace wd::bench {
namespace {

constexpr int kSamples = 3;

// The best of a few samples, each long enough: seconds for one run of `work`.
double best_seconds(double min_seconds, const std::function<void()>& work) {
  double best = 0;
  for (int sample = 0; sample < kSamples; ++sample) {
    unsigned runs = 0;
    double spent = 0;
    for (const double start = cpu_seconds(); spent < min_seconds; spent = cpu_seconds() - start) {
      work();
      ++runs;
    }
    const double each = spent / runs;
    best = sample == 0 ? each : std::min(best, each);
  }
  return best;
}

ReferenceResult measure(ReferenceCodec& codec, Operation operation,
                        const std::vector<ByteView>& sample, double min_seconds) {
  Bytes out(codec.bound(sample.front().size()));
  std::vector<Bytes> packed;
  ReferenceResult result{codec.name(), codec.level(), 0, 0, {}};
  for (const ByteView plain : sample) {
    const std::size_t made = codec.encode(plain, out);
    packed.emplace_back(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(made));
    result.bytes_out += operation == Operation::kCompress ? made : plain.size();
    require(codec.decode(packed.back(), out) == plain.size() &&
                std::equal(plain.begin(), plain.end(), out.begin()),
            "a reference is wrong", codec.name());
  }
  const double seconds = best_seconds(min_seconds, [&] {
    if (operation == Operation::kCompress) {
      for (const ByteView plain : sample) codec.encode(plain, out);
    } else {
      for (const Bytes& each : packed) codec.decode(each, out);
    }
  });
  result.bytes_per_second = static_cast<double>(total_bytes(sample)) / seconds;
  return result;
}

using ChecksumFunction = std::uint32_t (*)(std::uint32_t sum, const std::uint8_t*, std::size_t);

ReferenceResult measure(const char* name, ChecksumFunction function, std::uint32_t initial,
                        ByteView content, double min_seconds) {
  constexpr int kCallsPerRun = 64;  // the clock costs more than a short checksum
  std::uint32_t sum = initial;
  const double seconds = best_seconds(min_seconds, [&] {
    for (int i = 0; i < kCallsPerRun; ++i) sum = function(sum, content.data(), content.size());
  });
  const double bytes = static_cast<double>(content.size()) * kCallsPerRun;
  return {name, 0, bytes / seconds, sum, {}};
}

std::vector<ReferenceResult> measure_checksums(const Row& row, ByteView content,
                                               double min_seconds) {
  if (row.operation == Operation::kCrc32) {
    return {measure(
                "libdeflate",
                [](std::uint32_t sum, const std::uint8_t* at, std::size_t length) {
                  return libdeflate_crc32(sum, at, length);
                },
                0, content, min_seconds),
            measure(
                "isa-l",
                [](std::uint32_t sum, const std::uint8_t* at, std::size_t length) {
                  return crc32_gzip_refl(sum, at, length);
                },
                0, content, min_seconds)};
  }
  return {measure(
              "libdeflate",
              [](std::uint32_t sum, const std::uint8_t* at, std::size_t length) {
                return libdeflate_adler32(sum, at, length);
              },
              1, content, min_seconds),
          measure(
              "isa-l",
              [](std::uint32_t sum, const std::uint8_t* at, std::size_t length) {
                return isal_adler32(sum, at, length);
              },
              1, content, min_seconds)};
}

}  // namespace

std::vector<ReferenceResult> measure_references(const Row& row, const std::vector<ByteView>& sample,
                                                double min_seconds) {
  if (is_checksum(row.operation)) return measure_checksums(row, sample.front(), min_seconds);
  const bool one_shot =
      row.operation == Operation::kCompress || row.operation == Operation::kUncompress;
  if (!one_shot || row.level == 0) return {};
  std::vector<ReferenceResult> results;
  const auto add = [&](const ReferenceCodecPtr& codec) {
    results.push_back(measure(*codec, row.operation, sample, min_seconds));
  };
  if (row.operation == Operation::kCompress) {
    add(libdeflate_reference(row.level));
    add(isal_reference(row.level));
  }
  add(zstd_reference(row.level));
  return results;
}

std::vector<std::string> reference_versions() {
  const auto number = [](int part) { return std::to_string(part); };
  return {std::string("libdeflate ") + LIBDEFLATE_VERSION_STRING,
          "isa-l " + number(ISAL_MAJOR_VERSION) + "." + number(ISAL_MINOR_VERSION) + "." +
              number(ISAL_PATCH_VERSION),
          std::string("zstd ") + ZSTD_versionString()};
}

}  // namespace wd::bench
