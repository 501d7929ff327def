#include "session/completion_queue.hpp"

#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <vector>

namespace {

using wd::Completion;
using wd::CompletionQueue;
using wd::Ticket;

class CompletionQueueTest : public testing::Test {
 protected:
  void push(std::uint64_t ticket) { queue_.push({.ticket = Ticket{ticket}, .user = ticket * 10}); }
  std::vector<std::uint64_t> pop(std::size_t most) {
    std::vector<Completion> completions(most);
    completions.resize(queue_.pop(completions));
    std::vector<std::uint64_t> tickets;
    for (const Completion& completion : completions) {
      EXPECT_EQ(completion.user, static_cast<std::uint64_t>(completion.ticket) * 10);
      tickets.push_back(static_cast<std::uint64_t>(completion.ticket));
    }
    return tickets;
  }
  bool take(std::uint64_t ticket) {
    Completion completion;
    const bool taken = queue_.take(Ticket{ticket}, completion);
    if (taken) {
      EXPECT_EQ(completion.user, ticket * 10);
    }
    return taken;
  }

  CompletionQueue queue_;
};

using Tickets = std::vector<std::uint64_t>;

TEST_F(CompletionQueueTest, GivesThemInTheirOrder) {
  for (std::uint64_t ticket = 1; ticket <= 5; ++ticket) push(ticket);
  EXPECT_EQ(pop(2), (Tickets{1, 2}));
  EXPECT_EQ(pop(0), Tickets{});
  EXPECT_EQ(pop(9), (Tickets{3, 4, 5}));
  EXPECT_EQ(pop(9), Tickets{});
}

TEST_F(CompletionQueueTest, IsFullAtItsCapacityWhereverItBegins) {
  for (std::uint64_t start = 0; start < CompletionQueue::kCapacity; ++start) {
    std::uint64_t ticket = 1;
    for (std::size_t i = 0; i < CompletionQueue::kCapacity; ++i) {
      EXPECT_FALSE(queue_.full());
      push(ticket++);
    }
    EXPECT_TRUE(queue_.full());
    Tickets all;
    for (std::uint64_t i = 1; i < ticket; ++i) all.push_back(i);
    EXPECT_EQ(pop(CompletionQueue::kCapacity + 1), all);
    push(1);  // begins one further the next time
    pop(1);
  }
}

TEST_F(CompletionQueueTest, GivesOneOutOfOrder) {
  pop(1);
  for (std::uint64_t ticket = 1; ticket <= 5; ++ticket) push(ticket);
  EXPECT_TRUE(take(3));
  EXPECT_FALSE(take(3)) << "once";
  EXPECT_FALSE(take(6));
  EXPECT_TRUE(take(1));
  EXPECT_EQ(pop(9), (Tickets{2, 4, 5}));
}

class CompletionQueueEvent : public CompletionQueueTest {
 protected:
  // Through epoll, as a program would see it.
  bool readable(int fd) {
    const int poller = epoll_create1(EPOLL_CLOEXEC);
    epoll_event event{.events = EPOLLIN, .data = {}};
    EXPECT_EQ(epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event), 0);
    const int ready = epoll_wait(poller, &event, 1, 0);
    close(poller);
    return ready == 1;
  }
  bool readable() {
    const auto fd = queue_.event_fd();
    EXPECT_TRUE(fd);
    return readable(*fd);
  }
};

TEST_F(CompletionQueueEvent, IsReadableExactlyWhileCompletionsWait) {
  EXPECT_FALSE(readable());
  push(1);
  EXPECT_TRUE(readable());
  push(2);
  push(3);
  EXPECT_TRUE(readable());
  pop(1);
  EXPECT_TRUE(readable());
  take(3);
  EXPECT_TRUE(readable());
  pop(5);
  EXPECT_FALSE(readable());
  push(4);
  EXPECT_TRUE(readable());
  take(4);
  EXPECT_FALSE(readable());
}

TEST_F(CompletionQueueEvent, KnowsWhatWaitedBeforeItWasAskedFor) {
  push(1);
  EXPECT_TRUE(readable());
}

TEST_F(CompletionQueueEvent, IsOneDescriptor) {
  const auto first = queue_.event_fd();
  const auto second = queue_.event_fd();
  ASSERT_TRUE(first);
  EXPECT_EQ(*first, *second);
}

}  // namespace
