// wd-fuzz-seeds FOLDER: writes streams of all formats for the fuzz targets to start from, each
// behind a few bytes of choices.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "material.hpp"

int main(int count, char** arguments) {
  if (count != 2) {
    std::fprintf(stderr, "wd-fuzz-seeds FOLDER\n");
    return 2;
  }
  const std::filesystem::path folder(arguments[1]);
  std::filesystem::create_directories(folder);
  for (int i = 0; i < 200; ++i) {
    wd::test::Choices choices(static_cast<std::uint64_t>(i) + 1);
    wd::test::Bytes seed;
    for (int k = 0; k < 24; ++k) seed.push_back(choices.byte());
    const wd::test::CompressedStream stream = wd::test::make_stream(choices);
    seed.insert(seed.end(), stream.bytes.begin(), stream.bytes.end());
    std::ofstream file(folder / ("stream" + std::to_string(i)), std::ios::binary);
    file.write(reinterpret_cast<const char*>(seed.data()),
               static_cast<std::streamsize>(seed.size()));
    if (!file) return 1;
  }
  std::ofstream(folder / "made") << "";
  return 0;
}
