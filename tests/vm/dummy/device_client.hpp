// A client of a device node that sends requests one by one: the queue and the descriptors are the
// core's.
#ifndef WD_TESTS_VM_DUMMY_DEVICE_CLIENT_HPP_
#define WD_TESTS_VM_DUMMY_DEVICE_CLIENT_HPP_

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <chrono>

#include "fixtures/reference_zlib.hpp"
#include "fixtures/sample_bytes.hpp"
#include "hisi/qm/queue.hpp"
#include "hisi/zip/descriptor.hpp"

namespace wd::test {

using hisi::zip::Direction;
using hisi::zip::Outcome;
using hisi::zip::Request;
using hisi::zip::Verdict;

template <class Pointer>
std::uint64_t address_of(Pointer* at) {
  return reinterpret_cast<std::uint64_t>(at);
}

class DeviceClient {
 public:
  explicit DeviceClient(const DeviceInfo& device, Direction direction = Direction::compress,
                        std::chrono::milliseconds timeout = std::chrono::seconds(30))
      : dialect_(hisi::zip::dialect_of(device.api.version)) {
    const auto kind = static_cast<QueueKind>(direction);
    auto queue = hisi::Queue::open(
        kernel_calls(), Roots{}, device,
        {.kind = kind, .tag_word = dialect_.tag_word, .timeout = timeout, .share_bytes = 0}, here_);
    if (queue)
      queue_ = *queue;
    else
      error_ = queue.error().sys_errno;
  }
  DeviceClient(const DeviceClient&) = delete;
  DeviceClient& operator=(const DeviceClient&) = delete;
  ~DeviceClient() {
    if (queue_ != nullptr) hisi::Queue::destroy(queue_);
  }

  [[nodiscard]] bool is_open() const { return queue_ != nullptr; }
  [[nodiscard]] int error() const { return error_; }
  [[nodiscard]] hisi::Queue& queue() { return *queue_; }

  bool submit(const Request& request, ring::Tag& tag) {
    return queue_->submit(tag, [&](ring::Tag given) noexcept {
      return hisi::zip::encode(dialect_, request, given);
    }) == hisi::Queue::Submitted::yes;
  }
  hisi::Queue::End wait(ring::Tag tag, Outcome& outcome) {
    hisi::Descriptor answer{};
    const auto end = queue_->wait(tag, answer);
    if (end == hisi::Queue::End::answered) outcome = hisi::zip::decode(answer);
    return end;
  }
  // Fault if the queue ended.
  Outcome run(const Request& request) {
    Outcome outcome{};
    outcome.verdict = Verdict::fault;
    ring::Tag tag = 0;
    if (submit(request, tag)) wait(tag, outcome);
    return outcome;
  }

 private:
  const hisi::zip::Dialect& dialect_;
  std::atomic<std::uint32_t> here_{1};
  hisi::Queue* queue_ = nullptr;
  int error_ = 0;
};

// A compression of `bytes` at `from` into raw DEFLATE.
inline Request compression(const void* from, std::size_t bytes, void* to, std::size_t room) {
  Request request;
  request.source = address_of(from);
  request.source_bytes = static_cast<std::uint32_t>(bytes);
  request.destination = address_of(to);
  request.destination_bytes = static_cast<std::uint32_t>(room);
  return request;
}

inline Bytes unpacked(const void* packed, const Outcome& outcome, std::size_t bytes) {
  const auto* const at = static_cast<const std::uint8_t*>(packed);
  return reference_decompress(Format::raw, {at, outcome.produced}, bytes).value_or(Bytes{});
}

// Pages of one's own, given back at the end.
class Pages {
 public:
  explicit Pages(std::size_t bytes, int protection = PROT_READ | PROT_WRITE)
      : bytes_(bytes),
        at_(static_cast<std::uint8_t*>(
            mmap(nullptr, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))) {}
  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;
  ~Pages() { unmap(); }

  void unmap() {
    if (at_ != nullptr) munmap(at_, bytes_);
    at_ = nullptr;
  }

  [[nodiscard]] std::uint8_t* data() const { return at_; }
  [[nodiscard]] std::size_t size() const { return bytes_; }
  void fill(const Bytes& with) const { std::copy(with.begin(), with.end(), at_); }

 private:
  std::size_t bytes_;
  std::uint8_t* at_;
};

}  // namespace wd::test

#endif  // WD_TESTS_VM_DUMMY_DEVICE_CLIENT_HPP_
