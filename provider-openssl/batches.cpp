#include "batches.hpp"

#include <unistd.h>

#include "batches_of_threads.hpp"

namespace wd::provider {

namespace {

// How many are computed side by side; from how many on, and from which length on, that is faster
// than one after the other: measured beside libcrypto 3.0 on a CPU with VAES, AVX-512 and SHA-NI.
struct LaneRow {
  std::uint8_t lanes;
  std::uint8_t min_depth;
  std::uint16_t min_bytes;
};

constexpr LaneRow kLanes[] = {
    {16, 3, 512},                    // AES-128-CBC
    {16, 3, 512},   {16, 3, 512},    // AES-192, -256
    {16, 6, 1024},                   // SHA-1: the CPU has instructions for one alone
    {16, 10, 2048}, {16, 10, 2048},  // SHA-224, -256: likewise
    {8, 3, 512},    {8, 3, 512},     // SHA-384, -512
    {16, 6, 1024},                   // HMAC, as their hashes
    {16, 10, 2048}, {16, 10, 2048}, {8, 3, 512}, {8, 3, 512},
};
static_assert(sizeof(kLanes) / sizeof(kLanes[0]) == static_cast<std::size_t>(Lane::count_));

const LaneRow& row_of(Lane lane) noexcept {
  return kLanes[static_cast<std::size_t>(lane)];
}

// After so many shallow batches in a row, messages are not held up; every so many of them one tries
// whether others come along meanwhile.
constexpr unsigned kShallowInARow = 2;
constexpr unsigned kBetweenTrials = 64;

void leave(ASYNC_WAIT_CTX*, const void*, OSSL_ASYNC_FD fd, void* operation) {
  static_cast<Batches::Operation*>(operation)->abandon();
  close(fd);
}

}  // namespace

void Batches::Operation::abandon() noexcept {
  if (state == State::waiting) owner->remove(*this);
  state = State::alone;
}

Batches* Batches::of_this_thread(const wd::CryptoEngine& engine) noexcept {
  Batches* mine = BatchesOfThreads::mine();
  if (mine != nullptr) mine->engine_ = &engine;
  return mine;
}

std::size_t Batches::min_depth(const wd::CryptoConfig& config, Lane lane) const noexcept {
  return config.batch_min_depth != 0 ? config.batch_min_depth : row_of(lane).min_depth;
}

bool Batches::may_take(const wd::CryptoConfig& config, Lane lane, std::size_t bytes) noexcept {
  const std::size_t least =
      config.batch_min_bytes != 0 ? config.batch_min_bytes : row_of(lane).min_bytes;
  return bytes >= least && bytes <= wd::CryptoEngine::kMaxBatchBytes && in_job();
}

bool Batches::wants(Lane lane) noexcept {
  Group& group = group_of(lane);
  // Where one waits, others join.
  if (group.size != 0 || group.shallow < kShallowInARow) return true;
  return ++group.passed % kBetweenTrials == 0;
}

bool Batches::wants(const wd::CryptoEngine& engine, Lane lane) noexcept {
  Batches* mine = of_this_thread(engine);
  return mine != nullptr && mine->wants(lane);
}

void Batches::append(Operation& operation) noexcept {
  Group& group = group_of(operation.lane);
  operation.owner = this;
  operation.next = nullptr;
  operation.previous = group.last;
  (group.last != nullptr ? group.last->next : group.first) = &operation;
  group.last = &operation;
  ++group.size;
  operation.state = Operation::State::waiting;
}

void Batches::remove(Operation& operation) noexcept {
  Group& group = group_of(operation.lane);
  (operation.previous != nullptr ? operation.previous->next : group.first) = operation.next;
  (operation.next != nullptr ? operation.next->previous : group.last) = operation.previous;
  --group.size;
}

void Batches::dismiss(Group& group) noexcept {
  for (Operation* operation = group.first; operation != nullptr; operation = operation->next)
    operation->state = Operation::State::alone;
  group.first = group.last = nullptr;
  group.size = 0;
}

bool Batches::execute(Group& group) noexcept {
  if (batch_ == nullptr) batch_ = engine_->batch.create();
  if (batch_ == nullptr) return false;
  for (Operation* operation = group.first; operation != nullptr; operation = operation->next)
    engine_->batch.submit(batch_, &operation->job);
  engine_->batch.flush(batch_);
  for (Operation* operation = group.first; operation != nullptr; operation = operation->next)
    operation->state = operation->job.status == wd::BatchJob::Status::done
                           ? Operation::State::done
                           : Operation::State::alone;
  group.first = group.last = nullptr;
  group.size = 0;
  group.shallow = 0;
  return true;
}

bool Batches::run(const wd::CryptoConfig& config, Operation& operation,
                  Operation*& parked) noexcept {
  ASYNC_JOB* job = ASYNC_get_current_job();
  Group& group = group_of(operation.lane);
  append(operation);
  if (group.size >= row_of(operation.lane).lanes && execute(group))
    return operation.state == Operation::State::done;
  if (descriptors_.attach(job, leave, &operation)) {
    parked = &operation;
    ASYNC_pause_job();
    parked = nullptr;
    descriptors_.detach(job);
  }
  // The loop has come back, or could not be told to: no more will join. What is too shallow is
  // given up whole: if the others waited on, each that goes on would join them again, for nothing.
  if (operation.state == Operation::State::waiting) {
    if (group.size < min_depth(config, operation.lane)) {
      ++group.shallow;
      dismiss(group);
    } else if (!execute(group)) {
      dismiss(group);
    }
  }
  return operation.state == Operation::State::done;
}

bool Batches::run(const wd::CryptoEngine& engine, const wd::CryptoConfig& config, Lane lane,
                  Operation& operation, Operation*& parked) noexcept {
  Batches* mine = of_this_thread(engine);
  if (mine == nullptr) return false;
  operation.lane = lane;
  return mine->run(config, operation, parked);
}

void Batches::clear() noexcept {
  if (batch_ != nullptr) engine_->batch.destroy(batch_);
  batch_ = nullptr;
  descriptors_.clear();
  for (Group& group : groups_) group = {};
}

}  // namespace wd::provider
