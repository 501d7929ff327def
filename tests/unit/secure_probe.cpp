// Prints what a program that runs with more privileges than its caller makes of the environment:
// run set-user-ID by secure_environment_test.cpp.
#include <sys/auxv.h>

#include <cstdio>

#include "wd/config.hpp"

int main() {
  wd::Config config;
  const bool understood = config.load().has_value();
  std::printf("secure=%lu understood=%d exact=%d stats=%s\n", getauxval(AT_SECURE), understood,
              config.compression == wd::CompressionChoice::exact, config.stats);
  return 0;
}
