#include "batches.hpp"

#include <unistd.h>

#include "batches_of_threads.hpp"

namespace wd::provider {

namespace {

// How many are computed side by side, and when that is faster than one after the other. Each lane
// is slower than one message alone: a batch takes as long as its longest message would alone, times
// `chain`. And each message has waited: that took as long as `pause_bytes` more would alone.
// Measured beside libcrypto 3.0 on a CPU with VAES, AVX-512 and SHA-NI, for 2 to 32 jobs with 256 B
// to 16 KiB; the speeds that these two numbers foretell are within 10 % where it is a near thing.
struct LaneRow {
  std::uint8_t lanes;
  std::uint16_t chain_percent;
  std::uint16_t pause_bytes;
  // The shortest message for which a full batch pays.
  std::size_t least_bytes;

  consteval LaneRow(std::uint8_t side_by_side, std::uint16_t chain, std::uint16_t pause)
      : lanes(side_by_side),
        chain_percent(chain),
        pause_bytes(pause),
        least_bytes(lanes * std::size_t{pause} * 100 / (lanes * 100U - chain) + 1) {}

  [[nodiscard]] constexpr bool pays(std::size_t depth, std::size_t longest,
                                    std::size_t total) const noexcept {
    return total * 100 >= longest * chain_percent + depth * pause_bytes * 100;
  }
};

constexpr LaneRow kAes128{16, 192, 596};
constexpr LaneRow kAes256{16, 186, 443};
// The CPU has instructions for one message of these alone.
constexpr LaneRow kSha1{16, 528, 670};
constexpr LaneRow kSha256{16, 883, 579};
constexpr LaneRow kSha512{8, 220, 211};
constexpr LaneRow kHmacSha1{16, 494, 469};
constexpr LaneRow kHmacSha256{16, 846, 377};
constexpr LaneRow kHmacSha512{8, 201, 170};

// AES-192 is between the other two.
constexpr LaneRow kLanes[] = {kAes128,     kAes128,     kAes256,    kSha1,     kSha256,
                              kSha256,     kSha512,     kSha512,    kHmacSha1, kHmacSha256,
                              kHmacSha256, kHmacSha512, kHmacSha512};
static_assert(sizeof(kLanes) / sizeof(kLanes[0]) == static_cast<std::size_t>(Lane::count_));

const LaneRow& row_of(Lane lane) noexcept {
  return kLanes[static_cast<std::size_t>(lane)];
}

// After so many batches in a row that did not pay, messages are not held up, but for a trial now
// and then whether others come along meanwhile. What a trial costs shall be less than a hundredth
// of what is computed between two of them: the pauses and, of hashes, the copies, which take up to
// a quarter as long as hashing.
constexpr unsigned kShallowInARow = 2;
constexpr std::size_t kBytesPerTrialByte = 128;
constexpr std::size_t kCopiesPerHash = 4;

void leave(ASYNC_WAIT_CTX*, const void*, OSSL_ASYNC_FD fd, void* operation) {
  static_cast<Batches::Operation*>(operation)->wait_is_gone();
  close(fd);
}

}  // namespace

void Batches::Operation::wait_is_gone() noexcept {
  paused = nullptr;
  abandon();
}

// Its descriptor goes, too: what would be called when the wait context is freed is code that may be
// unloaded by then.
void Batches::Operation::abandon() noexcept {
  if (paused != nullptr) owner->descriptors_.detach(paused);
  paused = nullptr;
  if (state == State::waiting) owner->remove(*this);
  state = State::alone;
}

Batches* Batches::of_this_thread(const wd::CryptoEngine& engine) noexcept {
  Batches* mine = BatchesOfThreads::mine();
  if (mine != nullptr) mine->engine_ = &engine;
  return mine;
}

bool Batches::pays(const wd::CryptoConfig& config, Group& group, Lane lane) noexcept {
  const LaneRow& row = row_of(lane);
  std::size_t longest = 0;
  std::size_t total = 0;
  for (const Operation* operation = group.first; operation != nullptr;
       operation = operation->next) {
    total += operation->job.bytes;
    if (operation->job.bytes > longest) longest = operation->job.bytes;
  }
  if (config.batch_min_depth != 0 ? group.size >= config.batch_min_depth
                                  : row.pays(group.size, longest, total)) {
    group.shallow = 0;
    return true;
  }
  ++group.shallow;
  group.until_trial = kBytesPerTrialByte * (group.size * row.pause_bytes + total / kCopiesPerHash);
  return false;
}

bool Batches::may_take(const wd::CryptoConfig& config, Lane lane, std::size_t bytes) noexcept {
  const std::size_t least =
      config.batch_min_bytes != 0 ? config.batch_min_bytes : row_of(lane).least_bytes;
  return bytes >= least && bytes <= wd::CryptoEngine::kMaxBatchBytes && in_job();
}

bool Batches::wants(Lane lane, std::size_t bytes) noexcept {
  Group& group = group_of(lane);
  // Where one waits, others join.
  if (group.size != 0 || group.shallow < kShallowInARow || bytes >= group.until_trial) return true;
  group.until_trial -= bytes;
  return false;
}

bool Batches::wants(const wd::CryptoEngine& engine, Lane lane, std::size_t bytes) noexcept {
  Batches* mine = of_this_thread(engine);
  return mine != nullptr && mine->wants(lane, bytes);
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
  return true;
}

void Batches::settle(const wd::CryptoConfig& config, Lane lane) noexcept {
  Group& group = group_of(lane);
  if (!pays(config, group, lane) || !execute(group)) dismiss(group);
}

bool Batches::run(const wd::CryptoConfig& config, Operation& operation,
                  Operation*& parked) noexcept {
  ASYNC_JOB* job = ASYNC_get_current_job();
  const Lane lane = operation.lane;
  append(operation);
  if (group_of(lane).size >= row_of(lane).lanes) {
    settle(config, lane);
  } else if (descriptors_.attach(job, leave, &operation)) {
    parked = &operation;
    operation.paused = job;
    ASYNC_pause_job();
    parked = nullptr;
    operation.paused = nullptr;
    descriptors_.detach(job);
  }
  // The loop has come back, or could not be told to: no more will join. What does not pay is given
  // up whole: if the others waited on, each that goes on would join them again, for nothing.
  if (operation.state == Operation::State::waiting) settle(config, lane);
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
  // Jobs of a thread that ends are not gone on with.
  for (Group& group : groups_)
    while (group.first != nullptr) group.first->abandon();
  if (batch_ != nullptr) engine_->batch.destroy(batch_);
  batch_ = nullptr;
  descriptors_.clear();
  for (Group& group : groups_) group = {};
}

}  // namespace wd::provider
