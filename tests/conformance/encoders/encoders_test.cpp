// What other compressors make of several kinds of files, at once and in pieces: the original comes
// out, and every call goes as in plain libz.
#include <algorithm>

#include "encoders.hpp"
#include "fixtures/reference_zlib.hpp"
#include "inflate/two_streams.hpp"

namespace wd::test {
namespace {

struct File {
  std::string name;
  Bytes bytes;
};

// Numbers of 1 to 8 bytes in records, as in executables and tables.
Bytes records(std::size_t bytes) {
  Seeded seeded(21);
  Bytes made;
  for (std::uint32_t i = 0; made.size() < bytes; ++i) {
    const std::uint64_t fields[] = {i, 0x00400000 + 16 * i, seeded.below(7), seeded.next() >> 40};
    for (const std::uint64_t field : fields)
      for (unsigned k = 0; k < 8; ++k) made.push_back(static_cast<std::uint8_t>(field >> 8 * k));
  }
  made.resize(bytes);
  return made;
}

std::vector<File> all_files() {
  std::vector<File> files{
      {"empty", {}},           {"one byte", {'a'}},         {"three bytes", {'a', 'b', 'a'}},
      {"short", text(90)},     {"text", text(90000)},       {"records", records(80000)},
      {"noise", noise(70000)}, {"mixture", mixture(100000)}};
  File periods{"periods", {}};
  for (std::size_t period = 1; period <= 20; ++period) {
    const std::size_t end = periods.bytes.size() + 3000;
    const Bytes first = noise(period, period);
    periods.bytes.insert(periods.bytes.end(), first.begin(), first.end());
    while (periods.bytes.size() < end)
      periods.bytes.push_back(periods.bytes[periods.bytes.size() - period]);
  }
  files.push_back(std::move(periods));
  return files;
}

class Encoders : public testing::TestWithParam<Encoder> {};

void expect_decodes(const EncodedMessage& message, const Bytes& plain, Seeded& seeded) {
  const int argument = window_argument(message.format, message.window_bits);
  const Feeding feedings[] = {
      {.out = plain.size() + 1},
      {.out = plain.size() + 1, .flush = Z_FINISH},
      {.in = 200 + seeded.below(20000), .out = 1 + seeded.below(40000)},
      {.in = 50 + seeded.below(300), .out = 200 + seeded.below(700), .flush = Z_SYNC_FLUSH}};
  for (const Feeding& feeding : feedings) {
    const Outcome outcome = feed(message.packed, argument, feeding);
    ASSERT_EQ(outcome.difference, "") << "in " << feeding.in << ", out " << feeding.out;
    ASSERT_EQ(outcome.code, Z_STREAM_END) << outcome.message;
    ASSERT_EQ(outcome.consumed, message.packed.size());
    ASSERT_TRUE(outcome.output == plain);
  }
}

TEST_P(Encoders, AreUnderstood) {
  Seeded seeded(20);
  for (const File& file : all_files())
    for (const EncodedMessage& message : GetParam().encode(file.bytes)) {
      SCOPED_TRACE(file.name + ", " + message.how);
      expect_decodes(message, file.bytes, seeded);
      if (HasFatalFailure()) return;
    }
}

constexpr Encoder kEncoders[] = {
    {"zlib", encode_with_zlib}, {"libdeflate", encode_with_libdeflate}, {"isal", encode_with_isal},
    {"pigz", encode_with_pigz}, {"zopfli", encode_with_zopfli},         {"7zip", encode_with_7zip}};
INSTANTIATE_TEST_SUITE_P(, Encoders, testing::ValuesIn(kEncoders),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace wd::test
