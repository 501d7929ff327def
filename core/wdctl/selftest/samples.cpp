#include "selftest/samples.hpp"

#include <cstring>
#include <span>
#include <string_view>

#include "wd/config.hpp"
#include "wd/one_shot.hpp"

namespace wd::ctl {

namespace {

constexpr std::size_t kSizes[] = {0, 1, 300, 4096, 65537, (std::size_t{1} << 20) + 7};
// A request takes 8 MiB.
constexpr std::size_t kMoreThanOneRequest = (std::size_t{8} << 20) + 4097;

Bytes plain_of(Kind kind, std::size_t size) {
  constexpr std::string_view kWords[] = {"queue ",      "doorbell ", "the ",  "of ",    "a ",
                                         "descriptor ", "ring\n",    "and ",  "phase ", "is ",
                                         "completed, ", "stopped. ", "0x3f ", "then ",  "waits "};
  Bytes plain(size);
  if (kind == Kind::zeros) return plain;
  Random random(static_cast<unsigned>(size) + 1);
  for (std::size_t at = 0; at < size;) {
    if (kind == Kind::noise) {
      plain[at++] = static_cast<std::byte>(random() >> 8);
      continue;
    }
    for (const char letter : kWords[random() % std::size(kWords)])
      if (at < size) plain[at++] = static_cast<std::byte>(letter);
  }
  return plain;
}

Config software_only() {
  Config config;
  config.backend = BackendChoice::software;
  return config;
}

}  // namespace

std::string name_of(const Sample& sample) {
  constexpr const char* kFormats[] = {"raw", "zlib", "gzip"};
  constexpr const char* kKinds[] = {"text", "noise", "zeros"};
  return std::string(kFormats[static_cast<std::size_t>(sample.format)]) + ", " +
         kKinds[static_cast<std::size_t>(sample.kind)] + ", " +
         std::to_string(sample.plain.size()) + " bytes";
}

Judge::Judge() : software_(software_only(), "wdctl") {}

Bytes Judge::pack(Format format, const Bytes& plain) const {
  Bytes packed(compress_bound(format, plain.size()));
  const auto bytes = compress(software_, format, kDefaultLevel, plain, packed);
  packed.resize(bytes ? *bytes : 0);
  return packed;
}

bool Judge::is_packed(Format format, const std::byte* packed, std::size_t packed_bytes,
                      const Bytes& plain) const {
  Bytes back(plain.size() + 1);
  const auto done =
      decompress(software_, format, std::span<const std::byte>(packed, packed_bytes), back);
  return done && done->consumed == packed_bytes && done->produced == plain.size() &&
         (plain.empty() || std::memcmp(back.data(), plain.data(), plain.size()) == 0);
}

std::vector<Sample> samples_of(const Judge& judge, Format format) {
  std::vector<Sample> samples;
  const auto add = [&](Kind kind, std::size_t size) {
    Bytes plain = plain_of(kind, size);
    Bytes packed = judge.pack(format, plain);
    samples.push_back({format, kind, std::move(plain), std::move(packed)});
  };
  for (const Kind kind : {Kind::text, Kind::noise, Kind::zeros})
    for (const std::size_t size : kSizes) add(kind, size);
  add(Kind::text, kMoreThanOneRequest);
  return samples;
}

}  // namespace wd::ctl
