// Matches for zstd by the ZIP engine on an emulated device: put together again, they are the input.
#include <gtest/gtest.h>

#include "emulator/tiny_driver.hpp"
#include "fixtures/sample_bytes.hpp"
#include "hisi/zip/engine.hpp"

namespace wd::test {
namespace {

using hisi::Refusal;
using hisi::zip::Engine;
using hisi::zip::Lz77Effort;
using hisi::zip::Lz77Matches;

class MatchesOfAnEmulatedDevice : public testing::Test {
 protected:
  void open(const std::string& devices) {
    emulated_.emplace(devices);
    hisi::zip::EngineSettings settings;
    settings.calls = &emulated_->calls();
    settings.least_work_bytes = 0;
    settings.timeout = std::chrono::milliseconds(2000);
    engine_ = *Engine::create(settings);
  }
  ~MatchesOfAnEmulatedDevice() override { Engine::destroy(engine_); }

  Engine::MatchAnswer find(const Bytes& plain, Lz77Effort effort = Lz77Effort::standard) {
    room_.assign(hisi::zip::lz77_room_bytes(plain.size()), 0);
    return engine_->find_matches(effort, plain.data(), plain.size(), room_.data(), room_.size());
  }
  static Bytes put_together(const Lz77Matches& matches) {
    Bytes plain;
    const std::uint8_t* literal = matches.literals().data();
    const std::uint8_t* const end = literal + matches.literals().size();
    for (std::uint32_t i = 0; i < matches.sequences(); ++i) {
      const auto sequence = matches.sequence(i);
      std::size_t literals = sequence.literals_bytes;
      std::size_t match = sequence.match_bytes + 3u;
      if (i == matches.long_at() && matches.long_field() == Lz77Matches::LongField::literals)
        literals += 65536;
      if (i == matches.long_at() && matches.long_field() == Lz77Matches::LongField::match)
        match += 65536;
      plain.insert(plain.end(), literal, literal + literals);
      literal += literals;
      for (; match != 0; --match) plain.push_back(plain[plain.size() - (sequence.offset - 3)]);
    }
    plain.insert(plain.end(), literal, end);
    return plain;
  }

  std::optional<Emulated> emulated_;
  Engine* engine_ = nullptr;
  Bytes room_;
};

TEST_F(MatchesOfAnEmulatedDevice, MakeUpTheInput) {
  open("hisi_zip");
  ASSERT_TRUE(engine_->finds_matches());
  for (const std::size_t bytes : {1u, 2u, 3u, 17u, 1000u, 65'536u, 100'001u, 131'072u}) {
    const Bytes plain = mixture(bytes, bytes);
    for (const Lz77Effort effort : {Lz77Effort::standard, Lz77Effort::best}) {
      const auto answer = find(plain, effort);
      ASSERT_TRUE(answer.matches) << bytes;
      EXPECT_TRUE(put_together(*answer.matches) == plain) << bytes;
    }
  }
}

TEST_F(MatchesOfAnEmulatedDevice, MayHaveOneFieldThatIsLonger) {
  open("hisi_zip");
  const Bytes run(100'000, 7);
  const auto of_run = find(run);
  ASSERT_TRUE(of_run.matches);
  EXPECT_EQ(of_run.matches->long_field(), Lz77Matches::LongField::match);
  EXPECT_TRUE(put_together(*of_run.matches) == run);

  // Nothing that comes again, and then something that does.
  Bytes noise(70'000);
  Seeded seeded(5);
  for (auto& byte : noise) byte = seeded.byte();
  noise.insert(noise.end(), noise.end() - 2000, noise.end());
  const auto of_noise = find(noise);
  ASSERT_TRUE(of_noise.matches);
  EXPECT_TRUE(put_together(*of_noise.matches) == noise);
}

TEST_F(MatchesOfAnEmulatedDevice, NeedRoomAndInputWithinBounds) {
  open("hisi_zip");
  const Bytes plain = mixture(5000);
  Bytes room(5000 + 16 + 100);
  const auto answer = engine_->find_matches(Lz77Effort::standard, plain.data(), plain.size(),
                                            room.data(), room.size());
  ASSERT_FALSE(answer.matches);
  EXPECT_EQ(answer.matches.error().code, Errc::output_full);
  room.resize(5000 + 16 + 800);  // enough to ask, not enough for what is found
  const auto full = engine_->find_matches(Lz77Effort::standard, plain.data(), plain.size(),
                                          room.data(), room.size());
  ASSERT_FALSE(full.matches);
  EXPECT_EQ(full.matches.error().code, Errc::output_full);
  const auto too_long = find(Bytes(131'073));
  ASSERT_FALSE(too_long.matches);
  EXPECT_EQ(too_long.matches.error().code, Errc::invalid_argument);
}

TEST_F(MatchesOfAnEmulatedDevice, AreCountedBeforeTheyAreBelieved) {
  const Bytes plain = mixture(20'000);
  open("hisi_zip");
  ASSERT_TRUE(find(plain).matches);
  ASSERT_EQ(emulated_->control("fault=wrong_counts@1+"), 0);
  const auto wrong = find(plain);
  ASSERT_FALSE(wrong.matches);
  EXPECT_EQ(wrong.matches.error().code, Errc::device_fault);
}

TEST_F(MatchesOfAnEmulatedDevice, AreForDevicesThatListThem) {
  open("hisi_zip:api=v2");
  EXPECT_FALSE(engine_->finds_matches());
  const auto answer = find(mixture(1000));
  ASSERT_FALSE(answer.matches);
  EXPECT_EQ(answer.refusal, Refusal::no_device);
}

}  // namespace
}  // namespace wd::test
