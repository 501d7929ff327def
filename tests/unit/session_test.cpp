// What all sessions have: tickets, completions, the descriptor. What they do with a request is told
// by compressor_test.cpp and decompressor_test.cpp.
#include "wd/session.hpp"

#include <gtest/gtest.h>
#include <poll.h>

#include <array>
#include <set>
#include <utility>
#include <vector>

namespace {

using wd::Completion;
using wd::ConstBuffer;
using wd::Context;
using wd::Errc;
using wd::Flush;
using wd::MutableBuffer;
using wd::Status;
using wd::StreamRequest;
using wd::Ticket;

bool readable(int fd) {
  pollfd waiting{fd, POLLIN, 0};
  return ::poll(&waiting, 1, 0) == 1 && (waiting.revents & POLLIN) != 0;
}

template <class AnySession>
class Session : public testing::Test {
 protected:
  Ticket submit(std::uint64_t user = 0) {
    const auto ticket = session_.submit(nothing(user));
    EXPECT_TRUE(ticket);
    return *ticket;
  }
  // A request that is complete at once.
  StreamRequest nothing(std::uint64_t user = 0) {
    return {.in = {}, .out = {&room_, 1}, .flush = Flush::none, .user = user};
  }

  std::array<std::uint8_t, 100> out_{};
  const MutableBuffer room_{out_.data(), out_.size()};
  Context context_{wd::Config{}};
  AnySession session_ = AnySession::open(context_, {}).value();
};

using Sessions = testing::Types<wd::Compressor, wd::Decompressor>;
TYPED_TEST_SUITE(Session, Sessions);

TYPED_TEST(Session, GivesEveryRequestATicketOfItsOwn) {
  std::set<Ticket> tickets{Ticket{0}};
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(tickets.insert(this->submit()).second);
  EXPECT_TRUE(tickets.insert(this->session_.run(this->nothing()).value().ticket).second);
}

TYPED_TEST(Session, CompletesInOrderWithTheUsersWords) {
  for (std::uint64_t user = 1; user <= 3; ++user) this->submit(user << 40);
  std::array<Completion, 2> completions;
  ASSERT_EQ(this->session_.poll(completions), 2u);
  EXPECT_EQ(completions[0].user, std::uint64_t{1} << 40);
  EXPECT_EQ(completions[1].user, std::uint64_t{2} << 40);
  EXPECT_EQ(completions[0].status, Status::ok);
  ASSERT_EQ(this->session_.poll(completions), 1u);
  EXPECT_EQ(completions[0].user, std::uint64_t{3} << 40);
  EXPECT_EQ(this->session_.poll(completions), 0u);
  EXPECT_EQ(this->session_.poll({}), 0u);
}

TYPED_TEST(Session, WaitsForAnyTicketOnce) {
  const Ticket first = this->submit(1);
  const Ticket second = this->submit(2);
  auto done = this->session_.wait(second);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->ticket, second);
  EXPECT_EQ(done->user, 2u);
  EXPECT_EQ(this->session_.wait(second).error().code, Errc::not_found);
  EXPECT_TRUE(this->session_.wait(first, wd::Deadline::min())) << "it is there already";
  EXPECT_EQ(this->session_.wait(first).error().code, Errc::not_found);
  EXPECT_EQ(this->session_.wait(Ticket{0}).error().code, Errc::not_found);
}

TYPED_TEST(Session, IsFullWhile64CompletionsWait) {
  for (std::size_t i = 0; i < TypeParam::kDepth; ++i) this->submit();
  EXPECT_EQ(this->session_.submit(this->nothing()).error().code, Errc::queue_full);
  Completion one;
  ASSERT_EQ(this->session_.poll({&one, 1}), 1u);
  this->submit();
  EXPECT_EQ(this->session_.submit(this->nothing()).error().code, Errc::queue_full);
}

TYPED_TEST(Session, RunsPastWhatWaits) {
  for (std::size_t i = 0; i < TypeParam::kDepth; ++i) this->submit(i);
  const auto done = this->session_.run(this->nothing(99));
  ASSERT_TRUE(done);
  EXPECT_EQ(done->user, 99u);
  std::array<Completion, TypeParam::kDepth> completions;
  EXPECT_EQ(this->session_.poll(completions), TypeParam::kDepth);
  EXPECT_EQ(completions.back().user, TypeParam::kDepth - 1);
}

TYPED_TEST(Session, HasADescriptorThatIsReadableWhileCompletionsWait) {
  const auto fd = this->session_.event_fd();
  ASSERT_TRUE(fd);
  EXPECT_FALSE(readable(*fd));
  const Ticket first = this->submit();
  this->submit();
  EXPECT_TRUE(readable(*fd));
  EXPECT_TRUE(this->session_.wait(first));
  EXPECT_TRUE(readable(*fd));
  Completion one;
  this->session_.poll({&one, 1});
  EXPECT_FALSE(readable(*fd));
  EXPECT_EQ(*this->session_.event_fd(), *fd);
}

TYPED_TEST(Session, KeepsCompletionsWhenReset) {
  const Ticket ticket = this->submit();
  this->session_.reset();
  EXPECT_TRUE(this->session_.wait(ticket));
}

TYPED_TEST(Session, RefusesRequestsThatMakeNoSense) {
  const std::uint8_t byte = 0;
  const ConstBuffer sound{&byte, 1};
  const ConstBuffer no_input{nullptr, 1};
  const MutableBuffer no_room{nullptr, 1};
  const auto code = [&](const StreamRequest& request) {
    const auto submitted = this->session_.submit(request);
    const auto run = this->session_.run(request);
    EXPECT_EQ(submitted.has_value(), run.has_value());
    return run ? Errc{} : run.error().code;
  };
  EXPECT_EQ(code({.in = {&no_input, 1}, .out = {&this->room_, 1}}), Errc::invalid_argument);
  EXPECT_EQ(code({.in = {&sound, 1}, .out = {&no_room, 1}}), Errc::invalid_argument);
  for (const Flush flush : {Flush::partial, Flush::block, Flush::trees, static_cast<Flush>(200)})
    EXPECT_EQ(code({.in = {&sound, 1}, .out = {&this->room_, 1}, .flush = flush}),
              Errc::invalid_argument);
  Completion one;
  EXPECT_EQ(this->session_.poll({&one, 1}), 0u) << "nothing was started";
}

TYPED_TEST(Session, MovesWithWhatWaits) {
  const Ticket ticket = this->submit(7);
  TypeParam moved = std::move(this->session_);
  const auto done = moved.wait(ticket);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->user, 7u);
  auto other = TypeParam::open(this->context_, {});
  ASSERT_TRUE(other);
  *other = std::move(moved);
  EXPECT_TRUE(other->run(this->nothing()));
}

TYPED_TEST(Session, TakesARequestWithoutBuffers) {
  const auto done = this->session_.run({.in = {}, .out = {}, .flush = Flush::none});
  ASSERT_TRUE(done);
  EXPECT_EQ(done->consumed, 0u);
  EXPECT_EQ(done->produced, 0u);
}

}  // namespace
