// Messages that share a batch: the jobs of OpenSSL's ASYNC_JOB (async(7)) that one thread runs.
//
// A job brings its operation and is paused. When as many operations of one kind have come together
// as there are lanes, or when the event loop comes back to one of the paused jobs, they are
// computed side by side; if they are too few for that to be worth while, each job computes its own,
// as it would have without us. No thread is needed to make progress, and nothing is in the engine
// while a job is paused: an operation that is abandoned has only to leave the list.
//
// Threading: a thread has its own, made when first needed, wiped when the thread ends. A paused job
// goes on in the thread that started it, which OpenSSL requires, too.
#ifndef WD_PROVIDER_BATCHES_HPP_
#define WD_PROVIDER_BATCHES_HPP_

#include <openssl/async.h>

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "wait_descriptors.hpp"
#include "wd/crypto_config.hpp"
#include "wd/crypto_engine.hpp"

namespace wd::provider {

// What can share a batch.
enum class Lane : std::uint8_t {
  aes_128_cbc,
  aes_192_cbc,
  aes_256_cbc,
  sha1,
  sha224,
  sha256,
  sha384,
  sha512,
  hmac_sha1,
  hmac_sha224,
  hmac_sha256,
  hmac_sha384,
  hmac_sha512,
  count_
};

class Batches {
 public:
  // One operation: on its job's stack while the job is paused.
  struct Operation {
    wd::BatchJob job = {};

    // The contents it points to are about to go: it leaves the list, whatever becomes of its job.
    void abandon() noexcept;
    // Likewise, and the wait context is on its way out: nothing may be taken out of it.
    void wait_is_gone() noexcept;

   private:
    friend class Batches;
    enum class State : std::uint8_t { waiting, done, alone };
    State state = State::alone;
    // While its job is paused and the job's wait context is there.
    ASYNC_JOB* paused = nullptr;
    Batches* owner = nullptr;
    Operation* next = nullptr;
    Operation* previous = nullptr;
    Lane lane = Lane::count_;
  };

  // Whether the caller is inside a job, and `bytes` is a length that is batched. Otherwise nobody
  // waits.
  [[nodiscard]] static bool may_take(const wd::CryptoConfig& config, Lane lane,
                                     std::size_t bytes) noexcept;

  [[nodiscard]] static bool in_job() noexcept { return ASYNC_get_current_job() != nullptr; }
  // Whether messages of this kind are worth holding up now: asked once for each.
  [[nodiscard]] static bool wants(const wd::CryptoEngine& engine, Lane lane,
                                  std::size_t bytes) noexcept;

  // In a job: true once the operation is done. False: the caller does it alone. `parked` points to
  // the operation while the job is paused, for whoever frees the context meanwhile.
  [[nodiscard]] static bool run(const wd::CryptoEngine& engine, const wd::CryptoConfig& config,
                                Lane lane, Operation& operation, Operation*& parked) noexcept;

 private:
  friend struct BatchesOfThreads;

  struct Group {
    Operation* first = nullptr;
    Operation* last = nullptr;
    std::size_t size = 0;
    // Batches in a row that did not pay.
    unsigned shallow = 0;
    // How much is not held up before the next trial.
    std::size_t until_trial = 0;
  };

  [[nodiscard]] static Batches* of_this_thread(const wd::CryptoEngine& engine) noexcept;
  // Whether those that wait are faster side by side than one after the other; remembers it.
  [[nodiscard]] static bool pays(const wd::CryptoConfig& config, Group& group, Lane lane) noexcept;
  [[nodiscard]] bool wants(Lane lane, std::size_t bytes) noexcept;
  [[nodiscard]] bool run(const wd::CryptoConfig& config, Operation& operation,
                         Operation*& parked) noexcept;
  void append(Operation& operation) noexcept;
  void remove(Operation& operation) noexcept;
  // Each does its own.
  static void dismiss(Group& group) noexcept;
  // All of a group, side by side. False: the engine has no memory.
  [[nodiscard]] bool execute(Group& group) noexcept;
  // Those that wait are computed, or given up if that does not pay.
  void settle(const wd::CryptoConfig& config, Lane lane) noexcept;
  void clear() noexcept;

  [[nodiscard]] Group& group_of(Lane lane) noexcept {
    return groups_[static_cast<std::size_t>(lane)];
  }

  const wd::CryptoEngine* engine_ = nullptr;
  wd::Batch* batch_ = nullptr;
  Group groups_[static_cast<std::size_t>(Lane::count_)];
  WaitDescriptors descriptors_;
};

}  // namespace wd::provider

#endif  // WD_PROVIDER_BATCHES_HPP_
