#include "run_options.hpp"

#include <getopt.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string_view>

namespace wd::bench {
namespace {

unsigned positive(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  require(error == std::errc{} && end == text.data() + text.size() && value > 0,
          "not a positive number", text);
  return value;
}

// getopt_long() answers with these; a comparison's own options follow.
enum Answer : int { kOut, kRows, kRounds, kQuick, kList, kHelp, kFirstOwn };

std::vector<option> getopt_table(std::span<const OwnOption> own) {
  std::vector<option> table{
      {"out", required_argument, nullptr, kOut},       {"rows", required_argument, nullptr, kRows},
      {"rounds", required_argument, nullptr, kRounds}, {"quick", no_argument, nullptr, kQuick},
      {"list", no_argument, nullptr, kList},           {"help", no_argument, nullptr, kHelp}};
  int answer = kFirstOwn;
  for (const OwnOption& one : own)
    table.push_back(
        {one.name, one.has_argument ? required_argument : no_argument, nullptr, answer++});
  table.push_back({nullptr, 0, nullptr, 0});
  return table;
}

}  // namespace

RunOptions parse_run_options(int argc, char** argv, const char* usage,
                             std::span<const OwnOption> own) {
  const std::vector<option> table = getopt_table(own);
  RunOptions options;
  for (int which = 0; (which = getopt_long(argc, argv, "", table.data(), nullptr)) != -1;) {
    switch (which) {
      case kOut:
        options.out = optarg;
        break;
      case kRows:
        options.rows = optarg;
        break;
      case kRounds:
        options.rounds = positive(optarg);
        break;
      case kQuick:
        options.quick = true;
        break;
      case kList:
        options.list = true;
        break;
      case kHelp:
        std::fputs(usage, stdout);
        std::exit(0);
      case '?':
        std::fputs(usage, stderr);
        std::exit(2);
      default:
        own[static_cast<std::size_t>(which - kFirstOwn)].take(optarg);
    }
  }
  return options;
}

std::set<std::string> ids_in(const std::string& path) {
  std::ifstream file(path);
  require(file.good(), "cannot read the list of rows", path);
  std::set<std::string> ids;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty()) ids.insert(line);
  }
  return ids;
}

}  // namespace wd::bench
