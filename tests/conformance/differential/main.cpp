// wd-differential [--kind NAME] [--count N] [--seed S] [--cpu NAME]: runs N sequences of a kind,
// from seed S on. A difference is printed with the seed that shows it, to be run again alone with
// --count 1. --cpu has them run as on a CPU that can do what the variant of that name needs, and no
// more: `plain` is one that has nothing beyond its architecture's baseline. --device-share PERCENT
// fails unless accelerators did that much of what they take; --formats framed says that they do not
// take raw data. It needs WD_STATS, which has counters made.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "device_share.hpp"
#include "forced_cpu.hpp"
#include "sequences.hpp"

namespace {

using wd::test::Choices;
using wd::test::DeviceShare;
using wd::test::Difference;

struct Kind {
  std::string_view name;
  Difference (*run)(Choices&);
};

constexpr Kind kKinds[] = {{"inflate", wd::test::run_inflate_sequence},
                           {"promised-inflate", wd::test::run_promised_inflate_sequence},
                           {"inflate-back", wd::test::run_inflate_back_sequence},
                           {"exact-deflate", wd::test::run_exact_deflate_sequence},
                           {"deflate", wd::test::run_deflate_sequence},
                           {"whole", wd::test::run_whole_sequence}};

const char* argument(int count, char** arguments, const char* name, const char* otherwise) {
  for (int i = 1; i + 1 < count; ++i)
    if (std::strcmp(arguments[i], name) == 0) return arguments[i + 1];
  return otherwise;
}

int run(const Kind& kind, std::uint64_t seed, std::uint64_t count, DeviceShare& share) {
  std::uint64_t different = 0;
  for (std::uint64_t i = 0; i < count && different < 3; ++i) {
    Choices choices(seed + i);
    const Difference difference = kind.run(choices);
    share.count(choices);
    if (difference.empty()) continue;
    ++different;
    std::printf("%s, seed %llu: %s\n", kind.name.data(), static_cast<unsigned long long>(seed + i),
                difference.c_str());
  }
  std::printf("%s: %llu sequences from seed %llu, %llu different\n", kind.name.data(),
              static_cast<unsigned long long>(count), static_cast<unsigned long long>(seed),
              static_cast<unsigned long long>(different));
  return different == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

int main(int count, char** arguments) {
  if (const char* name = argument(count, arguments, "--cpu", nullptr))
    if (const int code = wd::test::force_cpu(name); code != EXIT_SUCCESS) return code;
  const std::string_view wanted = argument(count, arguments, "--kind", "inflate");
  const auto seed = std::strtoull(argument(count, arguments, "--seed", "1"), nullptr, 0);
  const auto sequences = std::strtoull(argument(count, arguments, "--count", "1000"), nullptr, 0);
  const auto least = std::strtoul(argument(count, arguments, "--device-share", "0"), nullptr, 0);
  const std::string_view formats = argument(count, arguments, "--formats", "all");
  for (const Kind& kind : kKinds) {
    if (kind.name != wanted) continue;
    DeviceShare share(formats != "framed");
    const int code = run(kind, seed, sequences, share);
    if (least != 0 && !share.at_least(static_cast<unsigned>(least))) return EXIT_FAILURE;
    return code;
  }
  std::fprintf(stderr, "no kind of sequence is named %s\n", wanted.data());
  return 2;
}
