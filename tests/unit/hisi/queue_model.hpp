// What a queue has to do, written from what its headers promise and from the hardware's sheet, and
// not from its code: which request is where, what was answered, what is lost, when it is full. It
// knows the device's side, too: what is in the descriptors and in the completion ring.
#ifndef WD_TESTS_UNIT_HISI_QUEUE_MODEL_HPP_
#define WD_TESTS_UNIT_HISI_QUEUE_MODEL_HPP_

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <vector>

namespace wd::test {

class QueueModel {
 public:
  using Words = std::array<std::uint32_t, 32>;
  enum class State { flying, answered, lost };
  enum class Verdict { yes, full, refused };
  struct Held {
    State state;
    Words answer;
  };

  QueueModel(std::uint16_t slots, std::uint16_t completion_slots, std::size_t tag_word)
      : slots_(slots), completion_slots_(completion_slots), tag_word_(tag_word), memory_(slots) {}

  // The driver's side. Requests that were submitted and not fetched, by their tags.
  [[nodiscard]] const std::map<std::uint32_t, Held>& held() const { return held_; }
  [[nodiscard]] std::uint16_t tail() const { return tail_; }
  [[nodiscard]] unsigned in_flight() const { return in_flight_; }
  [[nodiscard]] bool usable() const { return !stopping_ && !stopped_ && !broken_; }
  // No completion will be looked at any more.
  [[nodiscard]] bool dead() const { return stopped_ || broken_; }
  [[nodiscard]] bool retired() const { return retired_; }
  [[nodiscard]] std::uint16_t head() const {
    return static_cast<std::uint16_t>(taken_ % completion_slots_);
  }

  [[nodiscard]] bool slot_held(std::uint16_t index) const {
    for (const auto& [tag, held] : held_)
      if ((tag & 0xffff) == index) return true;
    return false;
  }
  Verdict ask_to_submit() {
    if (in_flight_ + 1u >= slots_ || slot_held(tail_)) return Verdict::full;
    if (usable() && !submission_stop_) return Verdict::yes;
    if (usable()) stopping_ = true;
    return Verdict::refused;
  }
  void submit(std::uint32_t tag, const Words& words) {
    held_[tag] = {State::flying, {}};
    memory_[tail_] = words;
    begun_.push_back(tail_);
    tail_ = static_cast<std::uint16_t>((tail_ + 1) % slots_);
    ++in_flight_;
  }
  // How many requests were answered.
  unsigned collect() {
    unsigned taken = 0;
    while (in_flight_ != 0 && may_look() && !posted_.empty()) {
      const std::uint16_t index = posted_.front();
      Held* const request = flying_in(index);
      if (request == nullptr || tag_in(index) != memory_[index][tag_word_]) {
        broken_ = true;
        return taken;
      }
      posted_.pop_front();
      *request = {State::answered, memory_[index]};
      --in_flight_;
      ++taken_;
      ++taken;
    }
    if (taken != 0 && may_look()) acknowledged_ = taken_;
    return taken;
  }
  void fetch(std::uint32_t tag) { held_.erase(tag); }
  void break_off() { broken_ = true; }
  // The device has been stopped, and what came until then is collected.
  void retire() {
    collect();
    broken_ = retired_ = true;
    in_flight_ = 0;
    begun_.clear();
    for (auto& [tag, held] : held_)
      if (held.state == State::flying) held.state = State::lost;
  }

  // The device's side.
  // Slots with requests that it has not completed yet.
  [[nodiscard]] const std::vector<std::uint16_t>& begun() const { return begun_; }
  [[nodiscard]] bool has_begun(std::uint32_t tag) const {
    for (const std::uint16_t index : begun_)
      if (memory_[index][tag_word_] == tag) return true;
    return false;
  }
  [[nodiscard]] bool completion_fits() const {
    return posted_.size() + (taken_ - acknowledged_) < completion_slots_;
  }
  Words& memory(std::uint16_t index) { return memory_[index]; }
  void post(std::uint16_t index) { posted_.push_back(index); }
  // It is done with one of those.
  void finish(std::size_t place) {
    begun_.erase(begun_.begin() + static_cast<std::ptrdiff_t>(place));
  }
  void stop(bool submissions, bool completions) {
    submission_stop_ = submission_stop_ || submissions;
    completion_stop_ = completion_stop_ || completions;
  }

 private:
  bool may_look() {
    if (!broken_ && completion_stop_) stopped_ = true;
    return !dead();
  }
  [[nodiscard]] std::uint32_t tag_in(std::uint16_t index) const {
    for (const auto& [tag, held] : held_)
      if ((tag & 0xffff) == index) return tag;
    return 0;
  }
  Held* flying_in(std::uint16_t index) {
    const auto found = index < slots_ ? held_.find(tag_in(index)) : held_.end();
    return found == held_.end() || found->second.state != State::flying ? nullptr : &found->second;
  }

  const std::uint16_t slots_;
  const std::uint16_t completion_slots_;
  const std::size_t tag_word_;
  std::map<std::uint32_t, Held> held_;
  std::uint16_t tail_ = 0;
  unsigned in_flight_ = 0;
  bool stopping_ = false;
  bool stopped_ = false;
  bool broken_ = false;
  bool retired_ = false;
  std::vector<Words> memory_;  // the submission ring
  std::vector<std::uint16_t> begun_;
  std::deque<std::uint16_t> posted_;  // completions that nobody has looked at
  std::uint64_t taken_ = 0;
  std::uint64_t acknowledged_ = 0;
  bool submission_stop_ = false;
  bool completion_stop_ = false;
};

}  // namespace wd::test

#endif  // WD_TESTS_UNIT_HISI_QUEUE_MODEL_HPP_
