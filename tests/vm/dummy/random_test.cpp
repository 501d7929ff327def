// Random use of devices by four processes, while they and the engine are killed at random moments.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <memory>
#include <random>

#include "dummy/device_client.hpp"
#include "dummy/engine_process.hpp"
#include "dummy/kernel.hpp"
#include "dummy/module.hpp"

namespace {

using wd::test::Bytes;
using wd::test::compression;
using wd::test::DeviceClient;
using wd::test::EngineProcess;
using wd::test::Outcome;
using wd::test::Pages;
using wd::test::text;
using wd::test::unpacked;
using wd::test::Verdict;

constexpr std::size_t kClients = 4;
// Both of the version that knows raw DEFLATE.
constexpr const char* kDevices = "hisi_zip:threads=2,hisi_zip:threads=2";

// What the processes know of each other, in memory that all of them share.
struct Score {
  std::atomic<unsigned long> operations;
  std::atomic<unsigned long> right;
  std::atomic<unsigned long> wrong;
  std::atomic<unsigned long> lost;
};

using Random = std::mt19937_64;

unsigned draw(Random& random, unsigned below) {
  return static_cast<unsigned>(random() % below);
}

// A queue, and one request on it.
struct Place {
  std::unique_ptr<DeviceClient> client;
  std::unique_ptr<Pages> from;
  std::unique_ptr<Pages> to;
  Bytes plain;
  wd::ring::Tag tag = 0;
  bool flying = false;
  bool whole = true;
};

class RandomUser {
 public:
  RandomUser(std::uint64_t seed, Score& score) : random_(seed), score_(score) {}

  // Until it is killed.
  [[noreturn]] void use() {
    for (;;) {
      operate(places_[draw(random_, kPlaces)]);
      score_.operations.fetch_add(1, std::memory_order_relaxed);
    }
  }

 private:
  static constexpr unsigned kPlaces = 4;

  void operate(Place& place) {
    if (place.client == nullptr) return open(place);
    switch (draw(random_, 16)) {
      case 0:
        // With what is in flight.
        place = Place{};
        break;
      case 1:
        if (place.flying) bar(place);
        break;
      case 2:
        fork_one();
        break;
      case 3:
        nonsense(place);
        break;
      default:
        if (place.flying)
          finish(place);
        else
          submit(place);
    }
    if (place.client != nullptr && !place.client->queue().usable()) place = Place{};
  }

  // Of those that there are now; none is an answer, too.
  void open(Place& place) {
    wd::DeviceList list;
    wd::find_devices(wd::kernel_calls(), wd::Roots{}, "hisi_zip", list);
    if (list.count == 0) return;
    place.client = std::make_unique<DeviceClient>(
        list.devices[draw(random_, static_cast<unsigned>(list.count))]);
    if (!place.client->is_open()) place.client.reset();
  }

  void submit(Place& place) {
    const std::size_t bytes = 1 + draw(random_, 60'000);
    place.plain = text(bytes, random_());
    place.from = std::make_unique<Pages>(bytes);
    place.from->fill(place.plain);
    place.to = std::make_unique<Pages>(bytes + 100);
    place.whole = true;
    place.flying = place.client->submit(
        compression(place.from->data(), bytes, place.to->data(), place.to->size()), place.tag);
  }

  // The place stays taken: were it given back, another request's memory could come there, and the
  // device would rightly write to it.
  static void bar(Place& place) {
    const Pages& one = place.plain.size() % 2 == 0 ? *place.from : *place.to;
    mprotect(one.data(), one.size(), PROT_NONE);
    place.whole = false;
  }

  void finish(Place& place) {
    Outcome outcome{};
    place.flying = false;
    if (place.client->wait(place.tag, outcome) != wd::hisi::Queue::End::answered) {
      ++score_.lost;
    } else if (place.whole) {
      const bool right = outcome.verdict == Verdict::done &&
                         unpacked(place.to->data(), outcome, place.plain.size()) == place.plain;
      ++(right ? score_.right : score_.wrong);
      if (!right)
        std::fprintf(stderr, "of %zu bytes: status %#x, %u bytes\n", place.plain.size(),
                     outcome.status, static_cast<unsigned>(outcome.produced));
    }
  }

  // A child that holds all queues for a moment, while its parent goes on.
  void fork_one() {
    const pid_t child = fork();
    if (child == 0) _exit(0);
    if (draw(random_, 2) == 0 || child < 0) return;
    waitpid(child, nullptr, 0);
  }

  // Addresses that lead nowhere, into the kernel, or to what may not be written.
  void nonsense(Place& place) {
    if (place.flying) return;
    static constexpr std::array<std::uint64_t, 3> kAddresses{8, 0xffffffff81000000, ~0ULL - 100};
    wd::ring::Tag tag = 0;
    Outcome outcome{};
    wd::test::Request request = compression(nullptr, 1000, nullptr, 1000);
    request.source = kAddresses[draw(random_, 3)];
    request.destination = kAddresses[draw(random_, 3)];
    if (!place.client->submit(request, tag)) return;
    if (place.client->wait(tag, outcome) == wd::hisi::Queue::End::answered &&
        outcome.verdict == Verdict::done)
      ++score_.wrong;
  }

  Random random_;
  Score& score_;
  std::array<Place, kPlaces> places_;
};

class RandomUse {
 public:
  explicit RandomUse(std::uint64_t seed)
      : random_(seed),
        score_(static_cast<Score*>(mmap(nullptr, sizeof(Score), PROT_READ | PROT_WRITE,
                                        MAP_SHARED | MAP_ANONYMOUS, -1, 0))) {
    engine_ = std::make_unique<EngineProcess>(kDevices);
    for (pid_t& client : clients_) client = start();
  }
  RandomUse(const RandomUse&) = delete;
  RandomUse& operator=(const RandomUse&) = delete;
  ~RandomUse() {
    for (const pid_t client : clients_) end(client);
    engine_.reset();
    munmap(score_, sizeof(Score));
  }

  [[nodiscard]] const Score& score() const { return *score_; }

  // Somebody dies once `operations` more were made, and is replaced.
  void let_one_die(unsigned long operations) {
    const unsigned long until = score_->operations + operations;
    while (score_->operations < until) usleep(200 + draw(random_, 2000));
    const unsigned whom = draw(random_, kClients + 1);
    if (whom < kClients) {
      end(clients_[whom]);
      clients_[whom] = start();
    } else {
      engine_->end(SIGKILL);
      engine_ = std::make_unique<EngineProcess>(kDevices);
      ++engines_;
    }
  }
  [[nodiscard]] unsigned engines() const { return engines_; }

 private:
  pid_t start() {
    const std::uint64_t seed = random_();
    const pid_t client = fork();
    if (client != 0) return client;
    // Its own children end by themselves, unseen.
    signal(SIGCHLD, SIG_IGN);
    RandomUser(seed, *score_).use();
  }
  static void end(pid_t client) {
    int status = 0;
    kill(client, SIGKILL);
    waitpid(client, &status, 0);
    // By us, and by nothing else before.
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << status;
  }

  Random random_;
  Score* score_;
  std::unique_ptr<EngineProcess> engine_;
  std::array<pid_t, kClients> clients_{};
  unsigned engines_ = 0;
};

TEST(RandomUse, SurvivesAnyDeath) {
  const bool is_long = wd::test::on_instrumented_kernel();
  const int deaths = is_long ? 150 : 25;
  const std::uint64_t seed = is_long ? std::random_device{}() : 1;
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  {
    RandomUse use(seed);
    for (int i = 0; i < deaths; ++i) use.let_one_die(40);
    const Score& score = use.score();
    std::printf("%lu operations, %d deaths, %u of engines; answers: %lu right, %lu lost\n",
                score.operations.load(), deaths, use.engines(), score.right.load(),
                score.lost.load());
    EXPECT_EQ(score.wrong, 0u);
    EXPECT_GT(score.right, static_cast<unsigned long>(deaths));
  }
  EXPECT_EQ(wd::test::mapped_by_the_module(), 0);
  EXPECT_EQ(wd::test::unload_when_idle(), 0);
  wd::test::load();
}

}  // namespace
