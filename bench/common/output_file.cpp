#include "output_file.hpp"

#include <cstdio>

#include "fail.hpp"

namespace wd::bench {

void write_output(const std::string& text, const std::string& path) {
  std::FILE* file = path.empty() ? stdout : std::fopen(path.c_str(), "w");
  require(file != nullptr, "cannot write", path);
  const bool written = std::fputs(text.c_str(), file) >= 0 && std::fflush(file) == 0;
  require(written, "cannot write", path);
  if (file != stdout) std::fclose(file);
}

}  // namespace wd::bench
