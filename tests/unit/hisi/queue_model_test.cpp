// A queue and a model of it under random interleavings of what a driver does and what a device
// does, well or badly. A seed decides all of a run; what fails says which.
#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <unordered_map>
#include <vector>

#include "fixtures/fake_uacce.hpp"
#include "fixtures/sample_bytes.hpp"
#include "hisi/qm/queue.hpp"
#include "hisi/queue_model.hpp"

namespace wd::test {
namespace {

using hisi::Descriptor;
using hisi::Queue;
using hisi::QueueSettings;
using hisi::Sharing;
using ring::Tag;
using Submitted = Queue::Submitted;
using State = QueueModel::State;

constexpr std::uint8_t kTagWord = 13;

struct Plan {
  std::uint64_t seed = 1;
  int steps = 400;
  std::uint16_t slots = 8;
  std::uint16_t completion_slots = 8;
  unsigned faults_per_thousand = 0;  // of what the device does
  bool patient = true;               // or no time at all for a request to be answered in
};

// The kernel's and the device's side are FakeUacce's memory, written from the model.
class Play {
 public:
  explicit Play(const Plan& run)
      : run_(run), seeded_(run.seed), model_(run.slots, run.completion_slots, kTagWord) {
    fake_.depth = run.slots;
    fake_.completion_depth = run.completion_slots;
    if (seeded_.below(2) == 0) fake_.attribute("hisi_zip-0", "api") = "hisi_qm_v2\n";
    const auto info = read_device(calls_, FakeUacce::roots(), "hisi_zip-0");
    const QueueSettings settings{QueueKind{0}, kTagWord,
                                 std::chrono::milliseconds(run.patient ? 600000 : 0)};
    queue_ = *Queue::open(calls_, FakeUacce::roots(), *info, settings, here_);
    fake_.on_doorbell = [this](FakeUacce::File& file) {
      EXPECT_EQ(FakeUacce::tail_of(file.last_doorbell), (model_.tail() + 1) % run_.slots);
    };
    fake_.on_poll = [this](FakeUacce::File&) { in_poll(); };
    fake_.on_end = [this](const char* what) { at_end(what); };
  }
  ~Play() {
    if (queue_ != nullptr) destroy();
  }

  void steps() {
    for (int i = 0; i < run_.steps && !testing::Test::HasFailure(); ++i) {
      step();
      agree();
    }
  }
  void destroy() {
    Queue::destroy(std::exchange(queue_, nullptr));
    EXPECT_EQ(fake_.open_files(), stolen_ ? 1 : 0);
    EXPECT_EQ(fake_.only_file().dus, nullptr);
  }
  [[nodiscard]] unsigned long submitted() const { return submitted_; }
  [[nodiscard]] unsigned long fetched(State state) const {
    return fetched_[static_cast<std::size_t>(state)];
  }

 private:
  void step() {
    switch (seeded_.below(16)) {
      case 0:
      case 1:
      case 2:
      case 3:
        return submit();
      case 4:
      case 5:
      case 6:
      case 7:
      case 8:
        return device();
      case 9:
      case 10:
        return collect();
      case 11:
      case 12:
        return fetch_one();
      case 13:
        return seeded_.below(4) == 0 ? wait_for_one() : fetch_one();
      case 14:
        if (seeded_.below(50) == 0) child();
        return;
      default:
        if (model_.in_flight() == 0)
          queue_->share(seeded_.below(2) == 0 ? Sharing::one : Sharing::many);
        return look_at_old_tag();
    }
  }

  // What anybody may see.
  void agree() {
    ASSERT_EQ(queue_->in_flight(), model_.in_flight());
    ASSERT_EQ(queue_->usable(), model_.usable());
    for (const auto& [tag, held] : model_.held())
      ASSERT_EQ(queue_->ended(tag), held.state != State::flying) << tag;
  }

  void submit() {
    QueueModel::Words words{};
    for (std::uint32_t& word : words) word = static_cast<std::uint32_t>(seeded_.next());
    Tag tag = 0;
    const QueueModel::Verdict expected = model_.ask_to_submit();
    const Submitted submitted = queue_->submit(tag, [&](Tag given) noexcept {
      words[kTagWord] = given;
      Descriptor descriptor;
      std::memcpy(descriptor.word, words.data(), sizeof(words));
      return descriptor;
    });
    ASSERT_EQ(static_cast<int>(submitted), static_cast<int>(expected));
    if (submitted != Submitted::yes) return;
    ASSERT_EQ(tag & 0xffff, model_.tail());
    ASSERT_EQ(model_.held().count(tag), 0u) << "a tag that is held";
    // The same tag may come again only after all other generations of its slot.
    std::uint64_t& last = last_given_[tag];
    ASSERT_TRUE(last == 0 || submitted_ + 1 - last >= 65535ul * run_.slots) << tag;
    ASSERT_NE(tag, 0u);
    last = ++submitted_;
    old_tag_ = seeded_.below(4) == 0 ? tag : old_tag_;
    model_.submit(tag, words);
    ASSERT_EQ(std::memcmp(slot(tag & 0xffff), words.data(), sizeof(words)), 0);
  }
  void collect() {
    const unsigned expected = model_.collect();
    ASSERT_EQ(queue_->collect(), expected);
    if (expected == 0 || model_.dead()) return;
    const std::uint64_t rung = fake_.only_file().last_doorbell;
    ASSERT_EQ(rung >> 12 & 0xf, 1u);
    ASSERT_EQ(FakeUacce::tail_of(rung), model_.head());
    ASSERT_EQ(rung >> 48, 0u) << "an event that nobody waits for";
  }
  void fetch_one() {
    std::vector<Tag> ended;
    for (const auto& [tag, held] : model_.held())
      if (held.state != State::flying) ended.push_back(tag);
    if (ended.empty()) return;
    const Tag tag = ended[seeded_.below(ended.size())];
    Descriptor answer{};
    const Queue::End end = queue_->fetch(tag, answer);
    settle(tag, end, answer);
  }
  void wait_for_one() {
    if (model_.held().empty()) return;
    auto at = model_.held().begin();
    std::advance(at, static_cast<std::ptrdiff_t>(seeded_.below(model_.held().size())));
    const Tag tag = at->first;
    const bool flying = at->second.state == State::flying;
    awaited_ = tag;
    polls_ = 0;
    Descriptor answer{};
    const Queue::End end = queue_->wait(tag, answer);
    awaited_ = 0;
    // What came before and while it was waited for; a request that has ended is not.
    if (flying) catch_up();
    settle(tag, end, answer);
  }
  void settle(Tag tag, Queue::End end, const Descriptor& answer) {
    const QueueModel::Held held = model_.held().at(tag);
    ASSERT_NE(held.state, State::flying) << "ended, and still under way";
    ASSERT_EQ(end, held.state == State::answered ? Queue::End::answered : Queue::End::lost);
    if (end == Queue::End::answered) {
      ASSERT_EQ(std::memcmp(answer.word, held.answer.data(), sizeof(answer.word)), 0);
    }
    ++fetched_[static_cast<std::size_t>(held.state)];
    model_.fetch(tag);
  }
  // A tag that nobody holds any more says nothing and frees nothing.
  void look_at_old_tag() {
    if (old_tag_ == 0 || model_.held().count(old_tag_) != 0) return;
    Descriptor answer{};
    ASSERT_TRUE(queue_->ended(old_tag_));
    ASSERT_EQ(queue_->fetch(old_tag_, answer), Queue::End::lost);
  }
  // In a forked child everything ends at once, and nothing of it shows in the parent.
  void child() {
    here_ = 0;
    Tag tag = 0;
    EXPECT_EQ(queue_->submit(tag, [](Tag) noexcept { return Descriptor{}; }), Submitted::refused);
    EXPECT_EQ(queue_->collect(), 0u);
    EXPECT_FALSE(queue_->usable());
    for (const auto& [held, request] : model_.held()) {
      Descriptor answer{};
      EXPECT_TRUE(queue_->ended(held));
      EXPECT_EQ(queue_->wait(held, answer), Queue::End::forked);
    }
    here_ = 1;
  }

  // The device, and what else may happen to it.
  [[nodiscard]] std::byte* slot(std::uint32_t index) {
    return fake_.slot(fake_.only_file(), index);
  }
  void device() {
    if (fake_.only_file().dus == nullptr) return;
    if (seeded_.below(1000) < run_.faults_per_thousand) return misbehave();
    if (model_.begun().empty() || !model_.completion_fits()) return;
    complete(seeded_.below(model_.begun().size()));
  }
  void complete(std::size_t place) {
    const std::uint16_t index = model_.begun()[place];
    model_.finish(place);
    write(index, seeded_.below(32), static_cast<std::uint32_t>(seeded_.next()));
    post(index);
  }
  void write(std::uint16_t index, std::size_t word, std::uint32_t value) {
    if (word == kTagWord) return;
    model_.memory(index)[word] = value;
    std::memcpy(slot(index) + 4 * word, &value, sizeof(value));
  }
  void post(std::uint16_t index) {
    model_.post(index);
    std::byte* entry = fake_.only_file().dus + fake_.sqe_bytes * run_.slots + 16 * posted_at_;
    std::memcpy(entry + 8, &index, sizeof(index));
    std::memcpy(entry + 14, &phase_, sizeof(phase_));
    if (++posted_at_ != run_.completion_slots) return;
    posted_at_ = 0;
    phase_ ^= 1;
  }
  void misbehave() {
    switch (seeded_.below(9)) {
      case 0:  // somebody else's slot, or one completed before
        if (model_.completion_fits()) post(static_cast<std::uint16_t>(seeded_.below(run_.slots)));
        return;
      case 1:  // no slot at all
        if (model_.completion_fits())
          post(static_cast<std::uint16_t>(run_.slots + seeded_.below(65536u - run_.slots)));
        return;
      case 2:  // twice
        if (model_.begun().empty() || !model_.completion_fits()) return;
        complete(0);
        if (model_.completion_fits()) post(static_cast<std::uint16_t>(seeded_.below(run_.slots)));
        return;
      case 3: {  // another request's tag
        if (model_.begun().empty() || !model_.completion_fits()) return;
        const std::uint16_t index = model_.begun().front();
        const std::uint32_t tag = model_.memory(index)[kTagWord] ^ 0x10000u << seeded_.below(16);
        model_.memory(index)[kTagWord] = tag;
        std::memcpy(slot(index) + std::size_t{4} * kTagWord, &tag, sizeof(tag));
        return complete(0);
      }
      case 4:  // a request is forgotten
        if (!model_.begun().empty()) model_.finish(seeded_.below(model_.begun().size()));
        return;
      case 5:
        return stop(true, false);
      case 6:
        return stop(true, true);
      case 7:
        // Completions stop first: no device does that.
        return stop(false, true);
      default:
        if (!stolen_) fake_.steal(fake_.files.begin()->first);
        stolen_ = true;
        return;
    }
  }
  void stop(bool submissions, bool completions) {
    sent_stop_ = sent_stop_ || submissions;
    completed_stop_ = completed_stop_ || completions;
    model_.stop(submissions, completions);
    fake_.set_stop(fake_.only_file(), sent_stop_, completed_stop_);
  }

  // Somebody sleeps: what has come before has been seen, and the device has time for more.
  void in_poll() {
    model_.collect();
    EXPECT_FALSE(queue_->ended(awaited_));
    EXPECT_FALSE(model_.dead());
    EXPECT_EQ(fake_.only_file().last_doorbell >> 48, 1u) << "asleep without an event";
    // No run takes for ever.
    if (++polls_ > 5) {
      if (!model_.has_begun(awaited_) || !model_.completion_fits()) return stop(true, true);
      for (std::size_t i = model_.begun().size(); i-- > 0 && model_.completion_fits();) complete(i);
      return;
    }
    for (std::size_t i = seeded_.below(4); i > 0; --i) device();
    fake_.poll_answer = seeded_.below(8) == 0 ? -EINTR : static_cast<int>(seeded_.below(2));
    if (seeded_.below(1000) < run_.faults_per_thousand) {
      fake_.poll_answer = -EIO;
      poll_failed_ = true;
    }
  }
  // The device drains, and may do all that it does otherwise.
  void at_end(const char* what) {
    if (!std::exchange(seen_end_, true)) {
      catch_up_polls();
      ended_ = true;
      // A device is stopped before anything of its queue goes; but not somebody else's file.
      EXPECT_EQ(std::string(what), stolen_ ? "unmap" : "stop");
      if (!stolen_)
        for (std::size_t i = seeded_.below(6); i > 0; --i) device();
    }
  }
  void catch_up_polls() {
    model_.collect();
    if (std::exchange(poll_failed_, false)) model_.break_off();
  }
  void catch_up() {
    catch_up_polls();
    if (std::exchange(ended_, false)) model_.retire();
  }

  const Plan run_;
  Seeded seeded_;
  QueueModel model_;
  FakeUacce fake_;
  const SystemCalls calls_ = fake_.calls();
  std::atomic<std::uint32_t> here_{1};
  Queue* queue_ = nullptr;
  std::unordered_map<Tag, std::uint64_t> last_given_;
  unsigned long submitted_ = 0;
  unsigned long fetched_[3] = {};
  Tag old_tag_ = 0;
  Tag awaited_ = 0;
  int polls_ = 0;
  bool poll_failed_ = false;
  bool stolen_ = false;
  bool ended_ = false;
  bool seen_end_ = false;
  std::size_t posted_at_ = 0;
  std::uint16_t phase_ = 1;
  bool sent_stop_ = false;
  bool completed_stop_ = false;
};

struct Counts {
  unsigned long answered = 0;
  unsigned long lost = 0;
};

Counts play(std::uint64_t first_seed, int runs, unsigned faults_per_thousand) {
  Counts counts;
  for (int i = 0; i < runs && !testing::Test::HasFailure(); ++i) {
    Plan run;
    run.seed = first_seed + static_cast<std::uint64_t>(i);
    Seeded size(run.seed ^ 0x517e);
    run.slots = static_cast<std::uint16_t>(2 + size.below(size.below(2) == 0 ? 4 : 40));
    run.completion_slots = static_cast<std::uint16_t>(run.slots + size.below(3) * size.below(9));
    run.faults_per_thousand = faults_per_thousand;
    run.patient = faults_per_thousand == 0 || size.below(4) != 0;
    SCOPED_TRACE("seed " + std::to_string(run.seed));
    Play one(run);
    one.steps();
    counts.answered += one.fetched(State::answered);
    counts.lost += one.fetched(State::lost);
    one.destroy();
  }
  return counts;
}

TEST(QueueModelTest, HoldsWithADeviceThatDoesItsWork) {
  const Counts counts = play(1, 5000, 0);
  EXPECT_GT(counts.answered, 200'000u);
  EXPECT_EQ(counts.lost, 0u);
}

TEST(QueueModelTest, HoldsWithADeviceThatDoesNot) {
  const Counts counts = play(100'001, 15'000, 20);
  EXPECT_GT(counts.answered, 150'000u);
  EXPECT_GT(counts.lost, 15'000u);
}

// All generations of all slots, and around.
TEST(QueueModelTest, HoldsWhenGenerationsComeRound) {
  for (const std::uint16_t slots : {std::uint16_t{2}, std::uint16_t{3}}) {
    Plan run;
    run.seed = slots;
    run.slots = slots;
    run.completion_slots = slots;
    run.steps = 3'500'000;
    SCOPED_TRACE(slots);
    Play one(run);
    one.steps();
    EXPECT_GT(one.submitted(), 65535ul * slots + 1000);
  }
}

}  // namespace
}  // namespace wd::test
