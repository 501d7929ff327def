#include <libdeflate.h>

#include <cstdlib>

#include "encoders.hpp"
#include "fixtures/reference_zlib.hpp"

namespace wd::test {

// Every level and strategy; every window with every size of memory, which is how long blocks get.
std::vector<EncodedMessage> encode_with_zlib(const Bytes& plain) {
  std::vector<EncodedMessage> messages;
  const auto add = [&](Format format, const ReferenceOptions& options) {
    messages.push_back({"level " + std::to_string(options.level) + ", strategy " +
                            std::to_string(options.strategy) + ", window " +
                            std::to_string(options.window_bits) + ", memory " +
                            std::to_string(options.memory_level),
                        format, reference_compress(format, plain, options), options.window_bits});
  };
  for (int level = 0; level <= 9; ++level)
    for (int strategy = 0; strategy <= 4; ++strategy)
      add(level % 2 == 0 ? Format::zlib : Format::gzip, {.level = level, .strategy = strategy});
  for (int window_bits = 9; window_bits <= 15; ++window_bits)
    for (int memory_level = 1; memory_level <= 9; ++memory_level)
      for (const int level : {1, 6})
        add(Format::raw,
            {.level = level, .window_bits = window_bits, .memory_level = memory_level});
  return messages;
}

std::vector<EncodedMessage> encode_with_libdeflate(const Bytes& plain) {
  constexpr decltype(&libdeflate_deflate_compress) kFunctions[] = {
      libdeflate_deflate_compress, libdeflate_zlib_compress, libdeflate_gzip_compress};
  constexpr Format kFormats[] = {Format::raw, Format::zlib, Format::gzip};
  std::vector<EncodedMessage> messages;
  for (int level = 0; level <= 12; ++level) {
    libdeflate_compressor* compressor = libdeflate_alloc_compressor(level);
    if (compressor == nullptr) std::abort();
    for (std::size_t i = 0; i < std::size(kFunctions); ++i) {
      Bytes packed(2 * plain.size() + 1000);
      packed.resize(
          kFunctions[i](compressor, plain.data(), plain.size(), packed.data(), packed.size()));
      messages.push_back({"level " + std::to_string(level), kFormats[i], std::move(packed)});
    }
    libdeflate_free_compressor(compressor);
  }
  return messages;
}

}  // namespace wd::test
