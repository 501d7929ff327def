// wd-evp-differential [--kind NAME] [--count N] [--seed S] [--modules FOLDER]: runs N sequences of
// a kind, or of all kinds in turn, from seed S on, with default and with the wd.so of that folder.
// A difference is printed with the seed that shows it, to be run again alone with --count 1, and
// with WD_TEST_TRACE=1 to see the calls.
#include <openssl/err.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>

#include "sequences.hpp"

namespace {

using wd::test::Choices;
using wd::test::Difference;

struct Kind {
  std::string_view name;
  Difference (*run)(Choices&);
};

constexpr Kind kKinds[] = {{"cipher", wd::test::run_cipher_sequence},
                           {"tls-record", wd::test::run_tls_record_sequence},
                           {"digest", wd::test::run_digest_sequence},
                           {"mac", wd::test::run_mac_sequence}};
// Of ten sequences, how many are of each kind.
constexpr std::uint64_t kOfTen[] = {0, 0, 0, 0, 0, 1, 2, 2, 3, 3};

const char* argument(int count, char** arguments, const char* name, const char* otherwise) {
  for (int i = 1; i + 1 < count; ++i)
    if (std::strcmp(arguments[i], name) == 0) return arguments[i + 1];
  return otherwise;
}

// Where the module is: beside us in a build folder, or where the tests are told that it is.
std::string module_folder() {
  if (const char* module = std::getenv("WD_PROVIDER"))
    return std::filesystem::absolute(module).parent_path();
  return std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() /
         "lib/ossl-modules";
}

const Kind* kind_named(std::string_view name) {
  for (const Kind& kind : kKinds)
    if (kind.name == name) return &kind;
  return nullptr;
}

int run(const Kind* only, std::uint64_t seed, std::uint64_t count) {
  std::uint64_t different = 0;
  for (std::uint64_t i = 0; i < count && different < 3; ++i) {
    const Kind& kind = only != nullptr ? *only : kKinds[kOfTen[(seed + i) % 10]];
    Choices choices(seed + i);
    const Difference difference = kind.run(choices);
    if (difference.empty()) continue;
    ++different;
    std::printf("%s, seed %llu: %s\n", kind.name.data(), static_cast<unsigned long long>(seed + i),
                difference.c_str());
  }
  std::printf("%s: %llu sequences from seed %llu, %llu different\n",
              only != nullptr ? only->name.data() : "all kinds",
              static_cast<unsigned long long>(count), static_cast<unsigned long long>(seed),
              static_cast<unsigned long long>(different));
  return different == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

int main(int count, char** arguments) {
  const char* name = argument(count, arguments, "--kind", nullptr);
  const Kind* only = name != nullptr ? kind_named(name) : nullptr;
  if (name != nullptr && only == nullptr) {
    std::fprintf(stderr, "no kind of sequence is named %s\n", name);
    return 2;
  }
  const std::string folder = module_folder();
  if (!wd::test::load_libraries(argument(count, arguments, "--modules", folder.c_str()))) return 2;
  const int code = run(only, std::strtoull(argument(count, arguments, "--seed", "1"), nullptr, 0),
                       std::strtoull(argument(count, arguments, "--count", "1000"), nullptr, 0));
  wd::test::forget_algorithms();
  wd::test::unload_libraries();
  return code;
}
