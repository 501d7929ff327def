#include "selftest/lanes.hpp"

#include <cerrno>
#include <cstring>
#include <thread>

#include "hisi/zip/known_answer.hpp"
#include "hisi/zip/piece_rules.hpp"

namespace wd::ctl {

namespace {

using std::chrono::milliseconds;

// A known answer is short.
constexpr milliseconds kMostForProof{1000};
// A reset takes a while, and so may others that hold all queues.
constexpr milliseconds kMostWaiting{2000};
constexpr milliseconds kBetweenAttempts{20};

std::string words_for(const Error& error) {
  switch (error.sys_errno) {
    case 0:
      return error.text;
    case EBUSY:
      return "all its queues are held";
    case EPERM:
      return "the device is being reset";
    default:
      return std::string(error.text) + ": " + std::strerror(error.sys_errno);
  }
}

}  // namespace

Lanes::~Lanes() {
  for (hisi::Queue* queue : queues_)
    if (queue != nullptr) hisi::Queue::destroy(queue);
}

hisi::Queue* Lanes::queue(hisi::zip::Direction direction) {
  hisi::Queue*& queue = queues_[static_cast<std::size_t>(direction)];
  if (queue != nullptr && queue->usable()) return queue;
  if (queue != nullptr) hisi::Queue::destroy(queue);
  queue = nullptr;
  hisi::QueueSettings settings;
  settings.kind = static_cast<QueueKind>(direction);
  settings.tag_word = hisi::zip::dialect_of(device_.api.version).tag_word;
  settings.timeout = kTimeout;
  settings.share_bytes = hisi::zip::kShareBytes;
  const auto until = std::chrono::steady_clock::now() + kMostWaiting;
  for (;;) {
    const auto opened = hisi::Queue::open(access_.calls, access_.roots, device_, settings, here_);
    refused_ = !opened;
    if (opened) return queue = *opened;
    why_ = "no queue: " + words_for(opened.error());
    const bool passes = opened.error().sys_errno == EBUSY || opened.error().sys_errno == EPERM;
    if (!passes || std::chrono::steady_clock::now() > until) return nullptr;
    std::this_thread::sleep_for(kBetweenAttempts);
  }
}

std::optional<hisi::zip::Lane> Lanes::lane(hisi::zip::Direction direction) {
  hisi::Queue* opened = queue(direction);
  if (opened == nullptr) return std::nullopt;
  return hisi::zip::Lane(*opened, device_.api.version);
}

bool Lanes::knows_answer(hisi::zip::Direction direction) {
  hisi::Queue* opened = queue(direction);
  if (opened == nullptr) return false;
  opened->set_timeout(kMostForProof);
  const bool known =
      hisi::zip::gives_known_answer(*opened, device_, static_cast<QueueKind>(direction));
  opened->set_timeout(kTimeout);
  return known;
}

}  // namespace wd::ctl
