// Input and output in the same memory. A device that writes while it reads, or that is reset in
// between, would leave nothing to start again from: such calls are software's, whatever the device
// does, and right.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <span>

#include "fixtures/reference_zlib.hpp"
#include "fixtures/sample_bytes.hpp"
#include "wd/one_shot.hpp"
#include "wd/session.hpp"

namespace wd::test {
namespace {

constexpr std::size_t kBytes = 100'000;

class InPlaceUnderReset : public testing::Test {
 protected:
  static Config config() {
    Config config;
    config.backend = BackendChoice::hisi;
    config.request_timeout_ms = 50;
    config.fault_window_ms = 1;
    std::snprintf(config.emulate, sizeof(config.emulate),
                  "hisi_zip:reset_time=0:fault=reset%%30:fault=reset_blocked%%30:devices=4");
    return config;
  }
  InPlaceUnderReset() { context_.enable_statistics(); }

  [[nodiscard]] std::uint64_t by_device(Algorithm algorithm) const {
    return context_.statistics(algorithm, Engine::hisi_zip).requests;
  }

  const Bytes plain_ = text(kBytes);
  Context context_{config(), "test"};
};

TEST_F(InPlaceUnderReset, MessagesAreDecompressed) {
  const Bytes packed = reference_compress(Format::zlib, plain_);
  for (int round = 0; round < 20; ++round) {
    Bytes buffer(kBytes + 200);
    const auto at = static_cast<std::ptrdiff_t>(buffer.size() - packed.size());
    std::copy(packed.begin(), packed.end(), buffer.begin() + at);
    const auto done =
        decompress(context_, Format::zlib, span_of(buffer).subspan(static_cast<std::size_t>(at)),
                   room_of(buffer));
    ASSERT_TRUE(done);
    ASSERT_EQ(done->produced, kBytes);
    ASSERT_TRUE(std::equal(plain_.begin(), plain_.end(), buffer.begin()));
  }
  EXPECT_EQ(by_device(Algorithm::inflate), 0u);
}

TEST_F(InPlaceUnderReset, StreamsAreDecompressed) {
  const Bytes packed = reference_compress(Format::gzip, plain_);
  for (int round = 0; round < 20; ++round) {
    Bytes buffer(kBytes + 200);
    const std::size_t at = buffer.size() - packed.size();
    std::copy(packed.begin(), packed.end(), buffer.begin() + static_cast<std::ptrdiff_t>(at));
    auto session = Decompressor::open(context_, {.format = Format::gzip});
    ASSERT_TRUE(session);
    const ConstBuffer in{buffer.data() + at, packed.size()};
    const MutableBuffer out{buffer.data(), buffer.size()};
    const auto done = session->run({.in = {&in, 1}, .out = {&out, 1}});
    ASSERT_TRUE(done);
    ASSERT_EQ(done->status, Status::end);
    ASSERT_TRUE(std::equal(plain_.begin(), plain_.end(), buffer.begin()));
  }
  EXPECT_EQ(by_device(Algorithm::inflate), 0u);
}

// The same calls with room of their own, so that the zeros above mean something.
TEST_F(InPlaceUnderReset, OtherRoomIsForTheDevice) {
  const Bytes packed = reference_compress(Format::zlib, plain_);
  for (int round = 0; round < 60; ++round) {
    Bytes room(kBytes + 1000);
    const auto read = decompress(context_, Format::zlib, span_of(packed), room_of(room));
    ASSERT_TRUE(read);
    ASSERT_TRUE(std::equal(plain_.begin(), plain_.end(), room.begin()));
    const auto made = compress(context_, Format::zlib, 6, span_of(plain_), room_of(room));
    ASSERT_TRUE(made);
    room.resize(*made);
    ASSERT_TRUE(reference_decompress(Format::zlib, room, kBytes) == plain_);
  }
  EXPECT_GT(by_device(Algorithm::inflate), 0u);
  EXPECT_GT(by_device(Algorithm::deflate), 0u);
}

}  // namespace
}  // namespace wd::test
