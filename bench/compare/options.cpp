#include "options.hpp"

#include <getopt.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "fail.hpp"

namespace wd::bench {
namespace {

constexpr const char* kUsage =
    "usage: wd-bench-compare --shim LIBRARY --corpora FOLDER [options]\n"
    "  --stock LIBRARY   the zlib compared with (libz.so.1)\n"
    "  --out FILE        write the JSON there (standard output)\n"
    "  --rows FILE       only the rows whose ids stand in FILE, one a line\n"
    "  --rounds N        rounds for each row (9; with --quick 5)\n"
    "  --quick           a smaller sample and fewer rows\n"
    "  --no-references   without libdeflate, ISA-L and zstd beside\n"
    "  --list            describe the rows, a JSON object a line, and stop\n";

unsigned positive(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  require(error == std::errc{} && end == text.data() + text.size() && value > 0,
          "not a positive number", text);
  return value;
}

}  // namespace

Options parse_options(int argc, char** argv) {
  static const option kLong[] = {{"stock", required_argument, nullptr, 's'},
                                 {"shim", required_argument, nullptr, 'w'},
                                 {"corpora", required_argument, nullptr, 'c'},
                                 {"out", required_argument, nullptr, 'o'},
                                 {"rows", required_argument, nullptr, 'r'},
                                 {"rounds", required_argument, nullptr, 'n'},
                                 {"quick", no_argument, nullptr, 'q'},
                                 {"no-references", no_argument, nullptr, 'x'},
                                 {"list", no_argument, nullptr, 'l'},
                                 {"help", no_argument, nullptr, 'h'},
                                 {nullptr, 0, nullptr, 0}};
  Options options;
  for (int which = 0; (which = getopt_long(argc, argv, "", kLong, nullptr)) != -1;) {
    switch (which) {
      case 's':
        options.stock = optarg;
        break;
      case 'w':
        options.shim = optarg;
        break;
      case 'c':
        options.corpora = optarg;
        break;
      case 'o':
        options.out = optarg;
        break;
      case 'r':
        options.rows = optarg;
        break;
      case 'n':
        options.rounds = positive(optarg);
        break;
      case 'q':
        options.quick = true;
        break;
      case 'x':
        options.references = false;
        break;
      case 'l':
        options.list = true;
        break;
      case 'h':
        std::fputs(kUsage, stdout);
        std::exit(0);
      default:
        std::fputs(kUsage, stderr);
        std::exit(2);
    }
  }
  require(options.list || !(options.shim.empty() || options.corpora.empty()),
          "--shim and --corpora are needed (--help says more)");
  return options;
}

}  // namespace wd::bench
