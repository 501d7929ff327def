// A soak: threads compress and decompress on emulated devices that fail all the time, in every form
// that the core has, and whatever comes out is compared with plain zlib. Nothing may be lost, wrong
// or hang, and the process may hold no more at the end than once it is warm.
// usage: wd-soak [--seconds N] [--threads N] [--seed N] [--job N]
// --job: nothing but that one, over and over, for a look at what has failed.
#include <malloc.h>

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "soak/jobs.hpp"
#include "soak/process_size.hpp"
#include "wd/context.hpp"

namespace wd::test {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::seconds;

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif
// The address sanitizer shall see a device that writes where nothing is any more.
#if defined(__SANITIZE_ADDRESS__)
constexpr const char* kMemory = ":memory=direct";
#else
constexpr const char* kMemory = "";
#endif

// A world of devices, and how they fail.
struct World {
  const char* name;
  std::vector<const char*> devices;
  const char* faults;
  bool verify;
  bool raw;  // faults that raw streams show are all found out
  unsigned max_queues;
  unsigned timeout_ms;
  unsigned fault_window_ms;
  // Of the bytes, that devices do at least, in percent.
  unsigned least_share;
};

// Whatever corrupts a stream without a checksum is found out by nobody.
constexpr const char* kFoundOut =
    ":fault=late%0.5:fault=late_write%0.5:fault=lost%0.3:fault=doubled%0.5:fault=unknown_status%0.5"
    ":fault=wrong_slot%0.5:fault=slow%0.5:fault=stop%0.5:fault=reset%0.2:fault=reset_blocked%0.2";

std::vector<World> worlds() {
  return {
      {"well", {"api=v3", "api=v2"}, "", false, true, 8, 10000, 1000, 90},
      {"every fault, checked in software",
       {"api=v2:devices=4", "api=v3:devices=4", "api=v3:fault=remove@400"},
       ":fault=random%4:fault=exhausted%5",
       true,
       false,
       4,
       50,
       20,
       20},
      {"faults that show",
       {"api=v3:devices=3", "api=v2:devices=2:kernel=5.10", "api=v3:kernel=kae"},
       kFoundOut,
       false,
       true,
       3,
       50,
       20,
       20},
      {"addresses not shared",
       {"api=v3:sva=off", "api=v2:sva=off"},
       kFoundOut,
       true,
       true,
       4,
       50,
       20,
       20},
  };
}

Config config_of(const World& world, std::uint64_t seed) {
  Config config;
  config.backend = BackendChoice::hisi;
  config.verify = world.verify;
  config.max_queues = world.max_queues;
  config.request_timeout_ms = kSanitized ? 4 * world.timeout_ms : world.timeout_ms;
  config.fault_window_ms = world.fault_window_ms;
  std::string emulate;
  for (const char* device : world.devices) {
    if (!emulate.empty()) emulate += ",";
    emulate += std::string("hisi_zip:") + device +
               ":delay=5:reset_time=2:seed=" + std::to_string(seed++) + world.faults + kMemory;
  }
  if (emulate.size() >= sizeof(config.emulate)) std::abort();
  std::memcpy(config.emulate, emulate.c_str(), emulate.size() + 1);
  return config;
}

struct Served {
  std::uint64_t requests = 0;
  std::uint64_t by_device = 0;  // of `bytes`
  std::uint64_t bytes = 0;
  std::uint64_t fallbacks[static_cast<std::size_t>(FallbackReason::count_)] = {};

  [[nodiscard]] double percent() const {
    return bytes == 0 ? 0 : 100.0 * static_cast<double>(by_device) / static_cast<double>(bytes);
  }
};

// Plain bytes: of compression what went in, of decompression what came out.
Served served_in(const Context& context, Algorithm algorithm) {
  Served served;
  for (std::size_t e = 0; e < static_cast<std::size_t>(Engine::count_); ++e) {
    const RequestCounts counts = context.statistics(algorithm, static_cast<Engine>(e));
    const std::uint64_t bytes =
        algorithm == Algorithm::deflate ? counts.bytes_in : counts.bytes_out;
    served.bytes += bytes;
    if (static_cast<Engine>(e) != Engine::hisi_zip) continue;
    served.requests = counts.requests;
    served.by_device = bytes;
    std::memcpy(served.fallbacks, counts.fallbacks, sizeof(served.fallbacks));
  }
  return served;
}

class Soak {
 public:
  Soak(unsigned threads, std::uint64_t seed, std::uint64_t only)
      : seed_(seed), only_(only), now_(threads), workers_(threads) {
    for (const World& world : worlds_) {
      contexts_.push_back(std::make_unique<Context>(config_of(world, seed)));
      contexts_.back()->enable_statistics();
    }
  }

  // As many threads as there shall be, for so long; they end.
  void round(Clock::duration length) {
    end_ = Clock::now() + length;
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < workers_; ++i) threads.emplace_back([this, i] { work(i); });
    for (std::thread& thread : threads) thread.join();
  }
  [[nodiscard]] unsigned long jobs() const { return jobs_; }
  [[nodiscard]] unsigned long wrong() const { return wrong_; }

  // Whether devices did their share, and their faults showed, over all kinds of jobs. Says what
  // was done.
  [[nodiscard]] bool report() const {
    bool good = true;
    for (std::size_t i = 0; i < worlds_.size(); ++i) {
      std::printf("%s\n", worlds_[i].name);
      for (const Algorithm algorithm : {Algorithm::deflate, Algorithm::inflate}) {
        const Served served = served_in(*contexts_[i], algorithm);
        std::printf("  %s: %lu requests, %.1f of %.1f MB by devices (%.1f %%)\n",
                    name_of(algorithm), static_cast<unsigned long>(served.requests),
                    static_cast<double>(served.by_device) / 1e6,
                    static_cast<double>(served.bytes) / 1e6, served.percent());
        std::string reasons;
        for (std::size_t r = 0; r < static_cast<std::size_t>(FallbackReason::count_); ++r)
          if (served.fallbacks[r] != 0)
            reasons += std::string(" ") + name_of(static_cast<FallbackReason>(r)) + " " +
                       std::to_string(served.fallbacks[r]);
        std::printf("    fallbacks:%s\n", reasons.empty() ? " none" : reasons.c_str());
        const bool faulty = worlds_[i].faults[0] != '\0';
        const auto faults =
            served.fallbacks[static_cast<std::size_t>(FallbackReason::device_fault)];
        // Of few requests nothing can be said.
        if (only_ != 0 || served.requests < 500) continue;
        if (served.percent() < worlds_[i].least_share) {
          std::printf("    FAILED: devices shall do %u %% at least\n", worlds_[i].least_share);
          good = false;
        }
        if ((faults != 0) != faulty) {
          std::printf("    FAILED: %s\n", faulty ? "no fault has shown" : "faults of good devices");
          good = false;
        }
      }
    }
    return good;
  }
  void close() { contexts_.clear(); }

  // Aborts when a thread has been at the same job for too long.
  void watch() {
    constexpr seconds kTooLong{kSanitized ? 240 : 60};
    std::vector<std::uint64_t> seen(now_.size());
    std::vector<Clock::time_point> since(now_.size(), Clock::now());
    std::unique_lock lock(mutex_);
    while (!watched_.wait_for(lock, seconds(1), [this] { return done_; })) {
      for (std::size_t i = 0; i < now_.size(); ++i) {
        const std::uint64_t at = now_[i].load(std::memory_order_relaxed);
        if (at == 0 || at != seen[i]) since[i] = Clock::now();
        seen[i] = at;
        if (Clock::now() - since[i] < kTooLong) continue;
        std::printf("FAILED: a job hangs\n");
        for (const auto& each : now_) {
          const std::uint64_t number = each.load(std::memory_order_relaxed);
          if (number != 0) std::printf("  %s\n", describe_job(number).c_str());
        }
        (void)report();
        std::fflush(stdout);
        std::abort();
      }
    }
  }
  void end_watch() {
    {
      const std::lock_guard lock(mutex_);
      done_ = true;
    }
    watched_.notify_all();
  }

 private:
  [[nodiscard]] std::size_t world_of(std::uint64_t number) const { return number % worlds_.size(); }
  [[nodiscard]] Job job(std::uint64_t number) const {
    return job_of(seed_ * 0x100000000 + number, worlds_[world_of(number)].raw);
  }
  [[nodiscard]] std::string describe_job(std::uint64_t number) const {
    return "job " + std::to_string(number) + " (" + worlds_[world_of(number)].name +
           "): " + describe(job(number));
  }
  void work(std::size_t worker) {
    Released released;
    while (Clock::now() < end_ && wrong_ < 20) {
      const std::uint64_t number =
          only_ != 0 ? only_ : next_.fetch_add(1, std::memory_order_relaxed);
      now_[worker].store(number, std::memory_order_relaxed);
      const std::string wrong = run(*contexts_[world_of(number)], job(number), released);
      if (!wrong.empty()) {
        ++wrong_;
        std::printf("FAILED: %s: %s\n", describe_job(number).c_str(), wrong.c_str());
      }
      ++jobs_;
    }
    now_[worker].store(0, std::memory_order_relaxed);
  }

  const std::uint64_t seed_;
  const std::uint64_t only_;  // unless 0
  const std::vector<World> worlds_ = worlds();
  std::vector<std::unique_ptr<Context>> contexts_;
  std::vector<std::atomic<std::uint64_t>> now_;  // each thread's job; 0: none
  const std::size_t workers_;
  std::atomic<std::uint64_t> next_{1};
  std::atomic<unsigned long> jobs_{0};
  std::atomic<unsigned long> wrong_{0};
  Clock::time_point end_;
  std::mutex mutex_;
  std::condition_variable watched_;
  bool done_ = false;
};

void say(const char* when, const ProcessSize& size) {
  std::printf(
      "%s: %zu descriptors and %zu sockets, %.1f MB of heap, %.1f MB resident, %zu mappings, "
      "%zu threads\n",
      when, size.other_descriptors, size.sockets, static_cast<double>(size.heap_bytes) / 1e6,
      static_cast<double>(size.resident_bytes) / 1e6, size.mappings, size.threads);
}

// Queues come and go, each with a handful of mappings and some memory of its own.
bool held_no_more(const ProcessSize& warm, const ProcessSize& end) {
  constexpr std::size_t kHeapSlack = 12 << 20;
  constexpr std::size_t kResidentSlack = 24 << 20;
  constexpr std::size_t kMappingSlack = 128;
  bool good = end.other_descriptors == warm.other_descriptors && end.threads <= warm.threads + 8;
  // Sanitizers keep memory of their own.
  if (!kSanitized)
    good = good && end.mappings <= warm.mappings + kMappingSlack &&
           end.heap_bytes <= warm.heap_bytes + kHeapSlack &&
           end.resident_bytes <= warm.resident_bytes + kResidentSlack;
  if (!good) std::printf("FAILED: the process holds more than when it was warm\n");
  return good;
}

bool queues_are_closed() {
  for (const auto end = Clock::now() + seconds(10); Clock::now() < end; std::this_thread::yield())
    if (process_size().sockets == 0) return true;
  std::printf("FAILED: queues are open at the end\n");
  return false;
}

int soak(seconds length, unsigned threads, std::uint64_t seed, std::uint64_t only) {
  // What is freed goes back, so that what stays shows.
  mallopt(M_ARENA_MAX, 2);
  mallopt(M_MMAP_THRESHOLD, 128 << 10);
  mallopt(M_TRIM_THRESHOLD, 128 << 10);
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  std::printf("soak: %ld s, %u threads, seed %lu\n", static_cast<long>(length.count()), threads,
              static_cast<unsigned long>(seed));
  Soak soak(threads, seed, only);
  std::thread watcher([&] { soak.watch(); });
  constexpr int kRounds = 5;
  ProcessSize warm;
  ProcessSize size;
  for (int i = 0; i < kRounds && soak.wrong() == 0; ++i) {
    soak.round(length / kRounds);
    size = process_size();
    if (i == 0) warm = size;
    say(i == 0 ? "warm" : "then", size);
  }
  bool good = soak.report() && soak.wrong() == 0;
  good = held_no_more(warm, size) && good;
  soak.close();
  good = queues_are_closed() && good;
  soak.end_watch();
  watcher.join();
  std::printf("%lu jobs, %lu wrong: %s\n", soak.jobs(), soak.wrong(), good ? "good" : "FAILED");
  return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace
}  // namespace wd::test

int main(int argc, char** argv) {
  unsigned long length = std::getenv("WD_TEST_LONG") != nullptr ? 600 : 60;
  if (wd::test::kSanitized) length /= 4;
  unsigned long threads = 6;
  unsigned long seed = 1;
  unsigned long job = 0;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    const unsigned long value = std::strtoul(argv[i + 1], nullptr, 10);
    if (name == "--seconds") length = value;
    if (name == "--threads") threads = value;
    if (name == "--seed") seed = value;
    if (name == "--job") job = value;
  }
  return wd::test::soak(std::chrono::seconds(length), static_cast<unsigned>(threads), seed, job);
}
