// Every field of a ZIP descriptor at its place, byte by byte, from the register description.
#include "hisi/zip/descriptor.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

namespace {

using namespace wd::hisi::zip;
using wd::hisi::Descriptor;

using Bytes128 = std::vector<std::uint8_t>;

Bytes128 bytes_of(const Descriptor& descriptor) {
  Bytes128 bytes(128);
  std::memcpy(bytes.data(), &descriptor, 128);
  return bytes;
}

// All zero but for these bytes.
Bytes128 golden(std::initializer_list<std::pair<std::size_t, std::vector<std::uint8_t>>> parts) {
  Bytes128 bytes(128);
  for (const auto& [at, part] : parts) std::copy(part.begin(), part.end(), bytes.begin() + at);
  return bytes;
}

Request nothing() {
  Request request;
  request.coding = Coding{0};
  request.window = Window::k4;
  request.first = false;
  request.finish = false;
  return request;
}

Bytes128 third(const Request& request, std::uint32_t tag = 0) {
  return bytes_of(encode(dialect_of(3), request, tag));
}
Bytes128 second(const Request& request, std::uint32_t tag = 0) {
  return bytes_of(encode(dialect_of(2), request, tag));
}

TEST(ZipDescriptor, OfNothingIsAllZeroButItsType) {
  EXPECT_EQ(second(nothing()), golden({}));
  EXPECT_EQ(third(nothing()), golden({{31, {0x30}}}));
}

TEST(ZipDescriptor, IsOfTypeThreeFromTheThirdGenerationOn) {
  EXPECT_EQ(dialect_of(1).descriptor_type, 0);
  EXPECT_EQ(dialect_of(2).descriptor_type, 0);
  EXPECT_EQ(dialect_of(3).descriptor_type, 3);
  EXPECT_EQ(dialect_of(5).descriptor_type, 3);
}

TEST(ZipDescriptor, KeepsTheTagWhereItsTypeDoes) {
  EXPECT_EQ(second(nothing(), 0x12345678), golden({{52, {0x78, 0x56, 0x34, 0x12}}}));
  EXPECT_EQ(third(nothing(), 0x12345678), golden({{31, {0x30}}, {104, {0x78, 0x56, 0x34, 0x12}}}));
}

TEST(ZipDescriptor, HasLengthsInWords4And14) {
  Request request = nothing();
  request.source_bytes = 0x00800000;
  request.destination_bytes = 0x007654fe;
  EXPECT_EQ(second(request),
            golden({{16, {0x00, 0x00, 0x80, 0x00}}, {56, {0xfe, 0x54, 0x76, 0x00}}}));
}

TEST(ZipDescriptor, HasModesInWord7) {
  Request request = nothing();
  request.finish = true;
  EXPECT_EQ(second(request), golden({{31, {0x02}}}));
  request = nothing();
  request.stateful = true;
  EXPECT_EQ(second(request), golden({{31, {0x04}}}));
  request = nothing();
  request.first = true;
  EXPECT_EQ(second(request), golden({{31, {0x08}}}));
}

TEST(ZipDescriptor, SkipsBytesOfScatterLists) {
  Request request = nothing();
  request.source_skip = 0xff123456;  // 24 bits of it
  request.destination_skip = 0xff654321;
  request.scattered = true;
  EXPECT_EQ(second(request),
            golden({{28, {0x56, 0x34, 0x12}}, {32, {0x21, 0x43, 0x65}}, {37, {0x01}}}));
}

TEST(ZipDescriptor, NamesCodings) {
  const std::pair<Coding, std::uint8_t> codings[] = {
      {Coding::deflate, 0x01},        {Coding::zlib, 0x02},
      {Coding::gzip, 0x03},           {Coding::lz4, 0x04},
      {Coding::lz77_only, 0x40},      {Coding::lz77_only_best, 0x41},
      {Coding::lz77_zstd_best, 0x42}, {Coding::lz77_zstd, 0x43}};
  for (const auto& [coding, number] : codings) {
    Request request = nothing();
    request.coding = coding;
    EXPECT_EQ(second(request), golden({{36, {number}}}));
  }
}

TEST(ZipDescriptor, NumbersWindows) {
  const std::pair<Window, std::uint8_t> windows[] = {{Window::k4, 0x00},
                                                     {Window::k8, 0x10},
                                                     {Window::k16, 0x20},
                                                     {Window::k24, 0x30},
                                                     {Window::k32, 0x40}};
  for (const auto& [window, number] : windows) {
    Request request = nothing();
    request.window = window;
    EXPECT_EQ(second(request), golden({{37, {number}}}));
  }
}

TEST(ZipDescriptor, HasAddressesInWords18To25) {
  Request request = nothing();
  request.source = 0x1122334455667788;
  request.destination = 0x99aabbccddeeff00;
  request.literals = 0x0123456789abcdef;
  request.literals_bytes = 0x01020304;
  EXPECT_EQ(third(request), golden({{31, {0x30}},
                                    {52, {0x04, 0x03, 0x02, 0x01}},
                                    {72, {0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11}},
                                    {80, {0x00, 0xff, 0xee, 0xdd, 0xcc, 0xbb, 0xaa, 0x99}},
                                    {96, {0xef, 0xcd, 0xab, 0x89, 0x67, 0x45, 0x23, 0x01}}}));
}

TEST(ZipDescriptor, CarriesAStreamsState) {
  Request request = nothing();
  request.stateful = true;
  request.context = 0x1122334455667788;
  request.words = {{0x11121314, 0x21222324, 0x31323334}, 0x41424344, 0x51525354};
  EXPECT_EQ(third(request), golden({{31, {0x34}},
                                    {60, {0x14, 0x13, 0x12, 0x11}},
                                    {88, {0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11}},
                                    {112, {0x24, 0x23, 0x22, 0x21}},
                                    {116, {0x34, 0x33, 0x32, 0x31}},
                                    {120, {0x44, 0x43, 0x42, 0x41}},
                                    {124, {0x54, 0x53, 0x52, 0x51}}}));
}

TEST(ZipDescriptor, OfAMessageCarriesNoStream) {
  Request request = nothing();
  request.context = 0x1122334455667788;
  request.words = {{1, 2, 3}, 4, 5};
  EXPECT_EQ(second(request), golden({}));
}

TEST(ZipOutcome, ReadsWhatTheEngineWrites) {
  Descriptor answer{};
  auto& word = answer.word;
  word[0] = 100;
  word[1] = 200;
  word[2] = 300;
  word[3] = 0xabcd0113;
  word[15] = 0x00a00c83;
  word[28] = 0xfff80005;
  word[29] = 0xffff8000;
  word[30] = 600;
  word[31] = 0x01020304;
  const Outcome outcome = decode(answer);
  EXPECT_EQ(outcome.consumed, 100u);
  EXPECT_EQ(outcome.produced, 200u);
  EXPECT_EQ(outcome.literals_bytes, 300u);
  EXPECT_EQ(outcome.status, 0x13);
  EXPECT_TRUE(outcome.last_block);
  EXPECT_EQ(outcome.verdict, Verdict::end);
  EXPECT_EQ(context_state(outcome.words), 3u);
  EXPECT_TRUE(final_block_seen(outcome.words));
  EXPECT_EQ(cached_bits(outcome.words), 3u);
  EXPECT_EQ(stored_bytes_left(outcome.words), 5u);
  EXPECT_EQ(window_bytes(outcome.words), 0x8000u);
  EXPECT_EQ(outcome.words.body_bytes, 600u);
  EXPECT_EQ(outcome.words.checksum, 0x01020304u);
}

TEST(ZipOutcome, TakesEveryStatusThatIsNotKnownForAFault) {
  for (std::uint32_t status = 0; status < 256; ++status)
    for (const std::uint32_t last : {0u, 0x100u}) {
      Descriptor answer{};
      answer.word[3] = status | last;
      Verdict expected = Verdict::fault;
      if (status == 0x00 || status == 0x0d) expected = Verdict::done;
      if (status == 0x13) expected = last != 0 ? Verdict::end : Verdict::done;
      if (status == 0x0e) expected = Verdict::no_room;
      if (status == 0x10) expected = Verdict::bad_check;
      EXPECT_EQ(decode(answer).verdict, expected) << status << " " << last;
    }
}

}  // namespace
