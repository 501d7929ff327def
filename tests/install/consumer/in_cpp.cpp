// A program of somebody else's: compresses and decompresses by the C++ API.
#include <wd/one_shot.hpp>
#include <wd/session.hpp>

#include <cstdio>
#include <vector>

int main() {
  std::vector<std::byte> text(100000);
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = std::byte((i * i / 7) & 63);

  wd::Config config;
  if (const auto loaded = config.load(); !loaded) {
    std::puts(loaded.error().text);
    return 1;
  }
  const wd::Context context(config);
  std::vector<std::byte> packed(wd::compress_bound(wd::Format::gzip, text.size()));
  auto compressor = wd::Compressor::open(context, {.format = wd::Format::gzip, .level = 9});
  if (!compressor) return 1;
  const wd::ConstBuffer in{text.data(), text.size()};
  const wd::MutableBuffer out{packed.data(), packed.size()};
  const auto done = compressor->run({.in = {&in, 1}, .out = {&out, 1}});
  if (!done || done->status != wd::Status::end) return 1;

  std::vector<std::byte> back(text.size());
  const auto unpacked =
      wd::decompress(context, wd::Format::automatic, {packed.data(), done->produced}, back);
  const bool same = unpacked && unpacked->produced == text.size() && back == text;
  std::printf("round trip of %zu bytes: %s\n", text.size(), same ? "same" : "different");
  return same ? 0 : 1;
}
