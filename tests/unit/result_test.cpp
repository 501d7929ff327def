#include "wd/result.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <type_traits>

namespace {

using wd::Errc;
using wd::Error;
using wd::Result;

TEST(Result, HoldsAValueOrAnError) {
  Result<int> good = 5;
  ASSERT_TRUE(good);
  EXPECT_EQ(*good, 5);
  const Result<int> bad = Error{Errc::io, 13, "no"};
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, Errc::io);
  EXPECT_EQ(bad.error().sys_errno, 13);
  EXPECT_STREQ(bad.error().text, "no");
}

TEST(Result, OfNothingIsSuccessUnlessAnError) {
  EXPECT_TRUE(Result<void>());
  EXPECT_FALSE(Result<void>(Error{Errc::no_memory, 0, ""}));
}

TEST(Result, HandsOnWhatCannotBeCopied) {
  Result<std::unique_ptr<int>> first = std::make_unique<int>(7);
  Result<std::unique_ptr<int>> second = std::move(first);
  ASSERT_TRUE(second);
  const std::unique_ptr<int> taken = std::move(second).value();
  EXPECT_EQ(*taken, 7);
}

TEST(Result, DestroysItsValueOnce) {
  const auto counted = std::make_shared<int>(0);
  {
    Result<std::shared_ptr<int>> first = counted;
    const Result<std::shared_ptr<int>> second = std::move(first);
    EXPECT_EQ(counted.use_count(), 2);
  }
  EXPECT_EQ(counted.use_count(), 1);
}

}  // namespace
