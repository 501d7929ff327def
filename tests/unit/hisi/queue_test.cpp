#include "hisi/qm/queue.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "fixtures/child.hpp"
#include "fixtures/fake_uacce.hpp"

namespace {

using wd::Errc;
using wd::hisi::Descriptor;
using wd::hisi::Queue;
using wd::hisi::QueueSettings;
using wd::ring::Tag;
using wd::test::FakeUacce;
using Submitted = Queue::Submitted;

constexpr std::uint8_t kTagWord = 26;

class QueueTest : public testing::Test {
 protected:
  ~QueueTest() override { Queue::destroy(queue_); }

  void open(std::chrono::milliseconds timeout = std::chrono::milliseconds(10000)) {
    const auto info = wd::read_device(calls_, fake_.roots(), "hisi_zip-0");
    const QueueSettings settings{wd::QueueKind{0}, kTagWord, timeout};
    auto opened = Queue::open(calls_, fake_.roots(), *info, settings, here_);
    ASSERT_TRUE(opened) << opened.error().text;
    queue_ = *opened;
  }
  Tag submit(std::uint32_t first_word = 0) {
    Tag tag = 0;
    EXPECT_EQ(queue_->submit(tag,
                             [&](Tag given) noexcept {
                               Descriptor descriptor{};
                               descriptor.word[0] = first_word;
                               descriptor.word[kTagWord] = given;
                               return descriptor;
                             }),
              Submitted::yes);
    return tag;
  }
  void complete(Tag tag, std::uint32_t second_word = 0) {
    const auto index = static_cast<std::uint16_t>(tag & 0xffff);
    std::memcpy(fake_.slot(fake_.only_file(), index) + 4, &second_word, 4);
    fake_.complete(fake_.only_file(), index);
  }
  Queue::End wait(Tag tag, Descriptor& answer) { return queue_->wait(tag, answer); }

  FakeUacce fake_;
  wd::SystemCalls calls_ = fake_.calls();
  std::atomic<std::uint32_t> here_{1};
  Queue* queue_ = nullptr;
};

TEST_F(QueueTest, AnswersWithWhatTheDeviceMadeOfTheDescriptor) {
  open();
  const Tag tag = submit(17);
  EXPECT_FALSE(queue_->ended(tag));
  complete(tag, 99);
  Descriptor answer{};
  ASSERT_EQ(wait(tag, answer), Queue::End::answered);
  EXPECT_EQ(answer.word[0], 17u);
  EXPECT_EQ(answer.word[1], 99u);
  EXPECT_EQ(queue_->in_flight(), 0u);
}

TEST_F(QueueTest, WritesAllBytesOfADescriptor) {
  open();
  // As a slot looks that another process has used.
  std::memset(fake_.only_file().dus, 0xff, 1024 * 128);
  const Tag tag = submit(1);
  for (int i = 4; i < 128; ++i) {
    if (i / 4 == kTagWord) continue;
    EXPECT_EQ(fake_.only_file().dus[i], std::byte{0}) << i;
  }
  complete(tag);
  Descriptor answer{};
  EXPECT_EQ(wait(tag, answer), Queue::End::answered);
}

TEST_F(QueueTest, AnswersInWhicheverOrderTheyAreAskedFor) {
  open();
  std::vector<Tag> tags;
  for (std::uint32_t i = 0; i < 32; ++i) tags.push_back(submit(i));
  for (const Tag tag : tags) complete(tag, tag ^ 0x55);
  for (std::size_t i = tags.size(); i-- > 0;) {
    Descriptor answer{};
    ASSERT_EQ(wait(tags[i], answer), Queue::End::answered);
    EXPECT_EQ(answer.word[0], i);
    EXPECT_EQ(answer.word[1], tags[i] ^ 0x55);
  }
}

TEST_F(QueueTest, AsksTheKernelForNothingWhileRequestsFlow) {
  fake_.on_doorbell = [&](FakeUacce::File& file) {
    const std::uint32_t tail = FakeUacce::tail_of(file.last_doorbell);
    while (file.done != tail) {
      fake_.complete(file, static_cast<std::uint16_t>(file.done));
      file.done = (file.done + 1) % fake_.depth;
    }
  };
  open();
  const std::size_t calls_before = fake_.only_file().calls.size();
  for (int i = 0; i < 5000; ++i) {
    Descriptor answer{};
    ASSERT_EQ(wait(submit(), answer), Queue::End::answered);
  }
  EXPECT_EQ(fake_.polls, 0);
  EXPECT_EQ(fake_.only_file().calls.size(), calls_before);
}

TEST_F(QueueTest, SleepsInPollWithTheEventArmed) {
  open();
  const Tag tag = submit();
  std::uint64_t armed = 0;
  fake_.on_poll = [&](FakeUacce::File& file) {
    armed = file.last_doorbell;
    complete(tag);
  };
  Descriptor answer{};
  ASSERT_EQ(wait(tag, answer), Queue::End::answered);
  EXPECT_EQ(fake_.polls, 1);
  EXPECT_EQ(armed >> 48, 1u);
  EXPECT_EQ(armed >> 12 & 0xf, 1u);
}

TEST_F(QueueTest, BelievesTheRingNotThePoll) {
  open();
  const Tag tag = submit();
  // Wakes for nothing, then times out for nothing though the completion has come.
  fake_.on_poll = [&](FakeUacce::File&) {
    fake_.poll_answer = fake_.polls == 1 ? 1 : 0;
    if (fake_.polls == 3) complete(tag);
  };
  Descriptor answer{};
  ASSERT_EQ(wait(tag, answer), Queue::End::answered);
  EXPECT_EQ(fake_.polls, 3);
}

TEST_F(QueueTest, StopsTheDeviceBeforeItGivesUpOnARequest) {
  open(std::chrono::milliseconds(0));
  std::vector<std::string> seen;
  fake_.on_end = [&](const char* what) {
    // Not a word to those who wait while the device may still write.
    EXPECT_GT(queue_->in_flight(), 0u);
    seen.emplace_back(what);
  };
  const Tag late = submit();
  const Tag other = submit();
  Descriptor answer{};
  EXPECT_EQ(wait(late, answer), Queue::End::lost);
  EXPECT_EQ(seen, (std::vector<std::string>{"stop", "unmap", "unmap", "close"}));
  EXPECT_TRUE(queue_->ended(other));
  EXPECT_EQ(wait(other, answer), Queue::End::lost);
  EXPECT_FALSE(queue_->usable());
  Tag tag = 0;
  EXPECT_EQ(queue_->submit(tag, [](Tag) noexcept { return Descriptor{}; }), Submitted::refused);
  fake_.on_end = nullptr;
}

TEST_F(QueueTest, KeepsWhatCompletesWhileStopping) {
  open(std::chrono::milliseconds(0));
  const Tag tag = submit(3);
  fake_.on_end = [&](const char* what) {
    if (std::string(what) == "stop") complete(tag, 4);
  };
  Descriptor answer{};
  ASSERT_EQ(wait(tag, answer), Queue::End::answered);
  EXPECT_EQ(answer.word[1], 4u);
  EXPECT_FALSE(queue_->usable());
  fake_.on_end = nullptr;
}

TEST_F(QueueTest, LosesWhatIsInFlightWhenTheDeviceIsReset) {
  open();
  const Tag finished = submit();
  const Tag lost = submit();
  fake_.set_stop(fake_.only_file(), true, false);
  complete(finished);
  Descriptor answer{};
  EXPECT_EQ(wait(finished, answer), Queue::End::answered);
  fake_.set_stop(fake_.only_file(), true, true);
  EXPECT_EQ(wait(lost, answer), Queue::End::lost);
  EXPECT_EQ(fake_.open_files(), 0);
  EXPECT_EQ(fake_.polls, 0);
}

TEST_F(QueueTest, LosesEverythingWhenARingHoldsNonsense) {
  open();
  const Tag tag = submit();
  fake_.complete(fake_.only_file(), 1024);
  Descriptor answer{};
  EXPECT_EQ(wait(tag, answer), Queue::End::lost);
  EXPECT_FALSE(queue_->usable());
}

TEST_F(QueueTest, AbandonsAQueueWhoseDescriptorWasStolen) {
  open();
  const Tag tag = submit();
  fake_.steal(fake_.files.begin()->first);
  const std::size_t calls_before = fake_.only_file().calls.size();
  Descriptor answer{};
  EXPECT_EQ(wait(tag, answer), Queue::End::lost);
  EXPECT_EQ(fake_.only_file().calls.size(), calls_before);
  EXPECT_EQ(fake_.open_files(), 1);
  EXPECT_EQ(fake_.only_file().dus, nullptr);
}

TEST_F(QueueTest, EndsAtOnceInAForkedChild) {
  open();
  const Tag tag = submit();
  const int result = wd::test::in_child([&] {
    here_ = 0;  // as the kernel wipes it
    std::vector<std::string> seen;
    fake_.on_end = [&](const char* what) { seen.emplace_back(what); };
    Descriptor answer{};
    if (!queue_->ended(tag) || wait(tag, answer) != Queue::End::forked) return 1;
    Tag other = 0;
    if (queue_->submit(other, [](Tag) noexcept { return Descriptor{}; }) != Submitted::refused)
      return 2;
    if (queue_->usable() || queue_->collect() != 0) return 3;
    Queue::destroy(queue_);
    return seen == std::vector<std::string>{"close"} ? 0 : 4;
  });
  EXPECT_EQ(result, 0);
  complete(tag);
  Descriptor answer{};
  EXPECT_EQ(wait(tag, answer), Queue::End::answered);
}

TEST_F(QueueTest, IsFullWithOneSlotToSpare) {
  fake_.depth = 16;
  open();
  for (int i = 0; i < 15; ++i) submit();
  Tag tag = 0;
  EXPECT_EQ(queue_->submit(tag, [](Tag) noexcept { return Descriptor{}; }), Submitted::full);
}

TEST_F(QueueTest, OpensNothingItCannotUse) {
  const auto info = wd::read_device(calls_, fake_.roots(), "hisi_zip-0");
  const QueueSettings settings{};
  fake_.sqe_bytes = 64;
  EXPECT_FALSE(Queue::open(calls_, fake_.roots(), *info, settings, here_));
  fake_.sqe_bytes = 128;
  fake_.completion_depth = 2;
  EXPECT_FALSE(Queue::open(calls_, fake_.roots(), *info, settings, here_));
  fake_.completion_depth = 0;
  fake_.open_error = -EBUSY;
  EXPECT_EQ(Queue::open(calls_, fake_.roots(), *info, settings, here_).error().sys_errno, EBUSY);
  EXPECT_EQ(fake_.open_files(), 0);
}

}  // namespace
