// wdctl COMMAND [ARGUMENTS]
#include <cstdio>
#include <string_view>
#include <vector>

#include "command.hpp"

namespace {

struct Command {
  std::string_view name;
  const char* arguments;
  const char* what;
  int (*run)(wd::ctl::Arguments);
};

constexpr Command kCommands[] = {
    {"calibrate", "[FILE]", "measure what is faster here than OpenSSL, write it to wd.conf",
     wd::ctl::calibrate},
    {"devices", "", "list the accelerators that are there", wd::ctl::devices},
    {"selftest", "[--seconds N]", "test the accelerators, print a report to send",
     wd::ctl::selftest},
};

int usage() {
  std::fprintf(stderr, "usage: wdctl COMMAND [ARGUMENTS]\n\n");
  for (const Command& command : kCommands)
    std::fprintf(stderr, "  %s %s\n      %s\n", command.name.data(), command.arguments,
                 command.what);
  return 2;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) return usage();
  const std::vector<std::string_view> rest(arguments + 2, arguments + count);
  for (const Command& command : kCommands)
    if (command.name == arguments[1]) return command.run(rest);
  return usage();
}
