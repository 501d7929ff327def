#include "options.hpp"

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

}  // namespace

Options parse_options(int argc, char** argv) {
  Options options;
  const OwnOption own[] = {
      {"stock", true, [&](const char* value) { options.stock = value; }},
      {"shim", true, [&](const char* value) { options.shim = value; }},
      {"corpora", true, [&](const char* value) { options.corpora = value; }},
      {"no-references", false, [&](const char*) { options.references = false; }},
  };
  options.run = parse_run_options(argc, argv, kUsage, own);
  require(options.run.list || !(options.shim.empty() || options.corpora.empty()),
          "--shim and --corpora are needed (--help says more)");
  return options;
}

}  // namespace wd::bench
