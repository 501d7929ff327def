#include "pipeline.hpp"

#include <sched.h>

#include "device/emulator_module.hpp"
#include "fail.hpp"

namespace wd::bench {
namespace {

constexpr std::uint32_t kLeastBytes = 4096;
// Addresses that no device ever follows: the null engine touches no memory.
constexpr std::uint64_t kSource = 0x10000000;
constexpr std::uint64_t kDestination = 0x20000000;

}  // namespace

PathDevice::PathDevice(const Row& row) {
  const std::string names = "hisi_zip:engine=" + row.engine + ":api=" + row.api;
  const auto opened = open_emulator(names.c_str());
  if (!opened) fail("the emulator does not open", opened.error().text);
  calls_ = *opened;
  const auto info = read_device(calls_, Roots{}, "hisi_zip-0");
  if (!info) fail("the emulated device cannot be read", info.error().text);
  info_ = *info;
}

hisi::Queue* PathDevice::open_queue() const {
  hisi::QueueSettings settings;
  settings.tag_word = dialect().tag_word;
  const auto queue = hisi::Queue::open(calls_, Roots{}, info_, settings, here_);
  if (!queue) fail("a queue does not open", queue.error().text);
  return *queue;
}

const hisi::zip::Dialect& PathDevice::dialect() const {
  return hisi::zip::dialect_of(info_.api.version);
}

void Pipeline::submit() noexcept {
  hisi::zip::Request request;
  request.coding = hisi::zip::Coding::zlib;
  request.source = kSource;
  request.source_bytes = kLeastBytes + (turn_++ & 1023);
  request.destination = kDestination;
  request.destination_bytes = 2 * kLeastBytes;
  const auto encoder = [&](ring::Tag tag) noexcept {
    return hisi::zip::encode(dialect_, request, tag);
  };
  ring::Tag tag = 0;
  hisi::Queue::Submitted submitted = queue_.submit(tag, encoder);
  // On a queue that threads share, the next slot may hold somebody's answer: whoever waits for that
  // fetches his own meanwhile, which others may be waiting for.
  while (submitted == hisi::Queue::Submitted::full) {
    if (count_ != 0)
      finish_one();
    else
      sched_yield();
    submitted = queue_.submit(tag, encoder);
  }
  require(submitted == hisi::Queue::Submitted::yes, "a queue takes no requests");
  std::size_t place = first_ + count_++;
  if (place >= flying_.size()) place -= flying_.size();
  flying_[place] = {tag, request.source_bytes};
}

void Pipeline::finish_one() noexcept {
  const Flying& flying = flying_[first_];
  hisi::Descriptor answer;
  require(queue_.wait(flying.tag, answer) == hisi::Queue::End::answered, "a request got lost");
  const hisi::zip::Outcome outcome = hisi::zip::decode(answer);
  require(outcome.verdict == hisi::zip::Verdict::done && outcome.consumed == flying.bytes,
          "a request has another one's answer");
  if (++first_ == flying_.size()) first_ = 0;
  --count_;
}

}  // namespace wd::bench
