// Descriptors of queues are the program's, too: it closes them, has other files under their
// numbers, forks and executes.
#include <dirent.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "fixtures/pieces.hpp"
#include "fixtures/scratch_folder.hpp"
#include "fixtures/talking_child.hpp"
#include "hisi/emulated_engine.hpp"
#include "wd/one_shot.hpp"
#include "wd/session.hpp"

namespace wd::test {
namespace {

using hisi::zip::Coding;
using hisi::zip::Direction;
using hisi::zip::Stream;
using hisi::zip::Window;

std::set<int> open_descriptors() {
  std::set<int> open;
  DIR* const folder = opendir("/proc/self/fd");
  while (const dirent* const entry = readdir(folder)) open.insert(std::atoi(entry->d_name));
  open.erase(dirfd(folder));
  closedir(folder);
  return open;
}

// Those that `open` makes. The emulator has its own ends of them above.
template <class Open>
std::set<int> descriptors_of(Open&& open) {
  constexpr int kEmulators = 700;
  const std::set<int> before = open_descriptors();
  open();
  std::set<int> made;
  for (const int fd : open_descriptors())
    if (before.count(fd) == 0 && fd < kEmulators) made.insert(fd);
  return made;
}

bool is_same_file(const struct stat& one, int fd) {
  struct stat other {};
  return fstat(fd, &other) == 0 && one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

struct stat status_of(int fd) {
  struct stat status {};
  EXPECT_EQ(fstat(fd, &status), 0);
  return status;
}

// Counts what is done to descriptors that are not ours any more.
class Watched {
 public:
  explicit Watched(const SystemCalls& watched) : watched_(watched), calls_(watched) {
    calls_.world = this;
    calls_.open = [](void* self, const char* path, int flags) noexcept {
      return on(self).open(on(self).world, path, flags);
    };
    calls_.close = [](void* self, int fd) noexcept {
      return on(self, fd).close(on(self).world, fd);
    };
    calls_.ioctl = [](void* self, int fd, unsigned long request, void* argument) noexcept {
      return on(self, fd).ioctl(on(self).world, fd, request, argument);
    };
    calls_.map = [](void* self, int fd, std::size_t bytes, std::uint64_t offset,
                    int* error) noexcept {
      return on(self, fd).map(on(self).world, fd, bytes, offset, error);
    };
    calls_.unmap = [](void* self, void* address, std::size_t bytes) noexcept {
      return on(self).unmap(on(self).world, address, bytes);
    };
    calls_.poll = [](void* self, int fd, int timeout) noexcept {
      return on(self, fd).poll(on(self).world, fd, timeout);
    };
    calls_.identify = [](void* self, int fd, FileIdentity* identity) noexcept {
      return on(self).identify(on(self).world, fd, identity);
    };
    calls_.read_file = [](void* self, const char* path, char* to, std::size_t capacity) noexcept {
      return on(self).read_file(on(self).world, path, to, capacity);
    };
    calls_.list_folder = [](void* self, const char* path, void* user,
                            void (*each)(void*, const char*) noexcept) noexcept {
      return on(self).list_folder(on(self).world, path, user, each);
    };
    calls_.after_doorbell = [](void* self, volatile void* doorbell) noexcept {
      on(self).after_doorbell(on(self).world, doorbell);
    };
  }
  [[nodiscard]] const SystemCalls& calls() const { return calls_; }
  // These numbers mean other files from now on.
  void lose(const std::set<int>& numbers) { lost_ = &numbers; }
  [[nodiscard]] int touched() const { return touched_; }

 private:
  static const SystemCalls& on(void* self, int fd = -1) {
    auto* const watched = static_cast<Watched*>(self);
    const std::set<int>* const lost = watched->lost_;
    if (lost != nullptr && lost->count(fd) != 0) ++watched->touched_;
    return watched->watched_;
  }

  const SystemCalls& watched_;
  SystemCalls calls_;
  std::atomic<const std::set<int>*> lost_{nullptr};
  std::atomic<int> touched_{0};
};

class QueueDescriptors : public testing::TestWithParam<const char*> {
 protected:
  static std::string devices() { return std::string("hisi_zip:api=") + GetParam(); }
  static Config config() {
    Config config;
    config.backend = BackendChoice::hisi;
    std::snprintf(config.emulate, sizeof(config.emulate), "%s", devices().c_str());
    return config;
  }
  static bool round_trips(const Context& context, const Bytes& plain) {
    Bytes packed(compress_bound(Format::zlib, plain.size())), back(plain.size());
    const auto made = compress(context, Format::zlib, 6, span_of(plain), room_of(packed));
    if (!made) return false;
    packed.resize(*made);
    if (reference_decompress(Format::zlib, packed, plain.size()) != plain) return false;
    const auto read = decompress(context, Format::zlib, span_of(packed), room_of(back));
    return read && back == plain;
  }

  const Bytes plain_ = mixture(50'000);
};

INSTANTIATE_TEST_SUITE_P(Generations, QueueDescriptors, testing::Values("v2", "v3"),
                         [](const auto& tested) { return std::string(tested.param); });

// With a stream in its middle, and sockets under the numbers: whatever is said to them, or done to
// them, is seen.
TEST_P(QueueDescriptors, AreLeftAloneOnceTheyAreStolen) {
  const Emulated emulated(devices());
  Watched watched(emulated.calls());
  EngineOnDevices engine(watched.calls());
  auto stream = Stream::create({Coding::zlib, Direction::compress, Window::k32, -1});
  ASSERT_TRUE(stream);
  Bytes room(100'000);
  std::size_t produced = 0;
  const auto step = [&](std::size_t at, std::size_t bytes, bool finish) {
    const auto done =
        engine->run(*stream, plain_.data() + at, bytes, room.data() + produced, 50'000, finish)
            .step;
    produced += done.produced;
    return done;
  };
  const std::set<int> queues = descriptors_of([&] {
    EXPECT_TRUE(engine.round_trips(plain_));
    EXPECT_EQ(step(0, 20'000, false).consumed, 20'000u);
  });
  ASSERT_GE(queues.size(), 2u);  // one for each direction

  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  const struct stat ours = status_of(ends[0]);
  for (const int fd : queues) ASSERT_EQ(dup2(ends[0], fd), fd);
  watched.lose(queues);
  // Queues work on without their descriptors: nothing in the way of a request asks for them.
  EXPECT_TRUE(soon([&] { return engine.round_trips(plain_); }));
  ASSERT_TRUE(soon([&] { return step(20'000, 30'000, true).end == Stream::End::complete; }));
  room.resize(produced);
  room.insert(room.begin(), {0x78, 0x9c});
  EXPECT_TRUE(reference_decompress(Format::zlib, room, plain_.size()) == plain_);
  // All are given back, or were given up.
  engine.end();
  EXPECT_EQ(watched.touched(), 0);
  for (const int fd : queues) EXPECT_TRUE(is_same_file(ours, fd)) << fd;
  char byte = 0;
  EXPECT_EQ(recv(ends[1], &byte, 1, MSG_DONTWAIT), -1);
  for (const int fd : queues) close(fd);
  for (const int fd : ends) close(fd);
  EXPECT_EQ(emulated.attribute("hisi_zip-0", "available_instances"), "64\n");
}

// Somebody waits for an answer, in poll(), when it happens.
TEST_P(QueueDescriptors, AreLeftAloneThoughSomebodyWaits) {
  const Emulated emulated(devices());
  Watched watched(emulated.calls());
  EngineOnDevices engine(watched.calls());
  const std::set<int> queues = descriptors_of([&] { EXPECT_TRUE(engine.round_trips(plain_)); });
  ASSERT_EQ(emulated.control("delay=3600000"), 0);
  ASSERT_EQ(emulated.control("fault=late@1"), 0);
  ASSERT_TRUE(soon([&] { return emulated.count("threads_asleep") == 1; }));
  const long sleeps = emulated.count("sleeps");
  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  const struct stat ours = status_of(ends[0]);
  std::thread thief([&] {
    EXPECT_TRUE(soon([&] { return emulated.count("sleeps") > sleeps; }));
    for (const int fd : queues) EXPECT_EQ(dup2(ends[0], fd), fd);
    watched.lose(queues);
  });
  // It is found out when the next look at the ring is due; then the queue is given up.
  Bytes room(100'000);
  const auto answer = engine->compress({.format = Format::zlib}, plain_.data(), plain_.size(),
                                       room.data(), room.size());
  thief.join();
  EXPECT_EQ(answer.end, hisi::zip::MessageEnd::fault);
  EXPECT_TRUE(soon([&] { return engine.round_trips(plain_); }));
  engine.end();
  EXPECT_EQ(watched.touched(), 0);
  for (const int fd : queues) EXPECT_TRUE(is_same_file(ours, fd)) << fd;
  for (const int fd : queues) close(fd);
  for (const int fd : ends) close(fd);
}

// As daemons do it: all of them, and files under the numbers that are free then.
TEST_P(QueueDescriptors, MayAllBeClosed) {
  if (kThreadSanitizer) GTEST_SKIP() << "the thread sanitizer starts no threads in a child";
  if (!pages_are_wiped_in_a_child()) GTEST_SKIP() << "pages are not wiped at fork here";
  const ScratchFolder folder;
  constexpr int kFiles = 30;
  const auto name = [&](int number) { return folder.path("file" + std::to_string(number)); };
  EXPECT_EQ(in_child([&] {
              Context context(config());
              context.enable_statistics();
              auto compressor = Compressor::open(context, {.format = Format::gzip});
              if (!compressor || !round_trips(context, plain_)) return 1;
              Bytes made(200'000);
              const auto all = std::span<const std::uint8_t>(plain_);
              const auto first = run_whole(*compressor, all.first(25'000), made, Flush::sync);
              if (!first) return 2;
              closefrom(3);
              int files[kFiles];
              struct stat opened[kFiles];
              for (int i = 0; i < kFiles; ++i) {
                files[i] = open(name(i).c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
                if (files[i] < 3) return 3;
                opened[i] = status_of(files[i]);
              }
              for (const int file : files) {
                if (!round_trips(context, plain_)) return 4;
                if (write(file, "mine\n", 5) != 5) return 5;
              }
              const auto rest = run_whole(*compressor, all.subspan(25'000),
                                          std::span(made).subspan(first->produced), Flush::finish);
              if (!rest || rest->status != Status::end) return 6;
              made.resize(first->produced + rest->produced);
              if (reference_decompress(Format::gzip, made, plain_.size()) != plain_) return 7;
              for (int i = 0; i < kFiles; ++i)
                if (!is_same_file(opened[i], files[i])) return 8;
              // And devices are used again.
              return context.statistics(Algorithm::deflate, Engine::hisi_zip).requests > 2 ? 0 : 9;
            }),
            0);
  for (int i = 0; i < kFiles; ++i) EXPECT_EQ(ScratchFolder::contents_of(name(i)), "mine\n") << i;
}

// A child of a bare clone has its parent's queues until it first works, whatever devices it works
// on then.
TEST_P(QueueDescriptors, AreGivenBackByAChildThatWorks) {
  if (!pages_are_wiped_in_a_child()) GTEST_SKIP() << "pages are not wiped at fork here";
  const Context context(config());
  const std::set<int> queues = descriptors_of([&] { EXPECT_TRUE(round_trips(context, plain_)); });
  ASSERT_EQ(queues.size(), 2u);
  std::vector<struct stat> inherited;
  for (const int fd : queues) inherited.push_back(status_of(fd));
  const auto has_none = [&] {
    for (const int fd : open_descriptors())
      for (const struct stat& each : inherited)
        if (is_same_file(each, fd)) return false;
    return true;
  };
  for (const ForkCall how : kForkCalls) {
    TalkingChild child(
        [&](const TalkLine&) {
          if (has_none() != (how != raw_fork)) return 1;
          if (kThreadSanitizer && how != raw_fork) return 0;
          if (kThreadSanitizer)
            return context.accelerator(Algorithm::deflate, 1) == nullptr ? 2 : 0;
          return round_trips(context, plain_) && has_none() ? 0 : 3;
        },
        how);
    EXPECT_EQ(child.end(), 0);
  }
  EXPECT_TRUE(round_trips(context, plain_));
}

// In mid-stream, with its devices in the process itself: what is executed has no descriptor more
// than without them.
TEST_P(QueueDescriptors, AreNotForAProgramThatIsExecuted) {
  if (!pages_are_wiped_in_a_child()) GTEST_SKIP() << "pages are not wiped at fork here";
  const ScratchFolder folder;
  const std::string list = folder.path("list");
  const auto execute = [&list] {
    dup2(open(list.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), 1);
    execl("/bin/sh", "/bin/sh", "-c", "for fd in /proc/$$/fd/*; do readlink $fd; done; exit 0",
          nullptr);
    return 1;
  };
  ASSERT_EQ(in_child(execute), 0);
  const std::string without = ScratchFolder::contents_of(list);
  ASSERT_NE(without.find(list), std::string::npos);
  for (const ForkCall how : kForkCalls) {
    const Context context(config());
    auto compressor = Compressor::open(context, {});
    ASSERT_TRUE(compressor);
    const auto work = [&] {
      Bytes made(200'000);
      return round_trips(context, plain_) &&
             run_whole(*compressor, std::span<const std::uint8_t>(plain_), made, Flush::sync);
    };
    ASSERT_TRUE(work());
    TalkingChild with_parents([&](const TalkLine&) { return execute(); }, how);
    EXPECT_EQ(with_parents.end(), 0);
    EXPECT_EQ(ScratchFolder::contents_of(list), without);
    if (kThreadSanitizer) continue;  // it starts no threads in a child
    TalkingChild with_its_own([&](const TalkLine&) { return work() ? execute() : 2; }, how);
    EXPECT_EQ(with_its_own.end(), 0);
    EXPECT_EQ(ScratchFolder::contents_of(list), without);
  }
}

}  // namespace
}  // namespace wd::test
