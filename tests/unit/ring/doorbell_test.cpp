#include "ring/doorbell.hpp"

#include <gtest/gtest.h>

namespace {

using wd::ring::doorbell_word;
using wd::ring::DoorbellCommand;
using wd::ring::DoorbellLayout;
using wd::ring::DoorbellPriority;

TEST(Doorbell, HasTheFieldsOfItsGeneration) {
  EXPECT_EQ(doorbell_word(DoorbellLayout::narrow, 0x123, DoorbellCommand::submission, 0x3ff,
                          DoorbellPriority::none),
            0x0000'03ff'0000'0123u);
  EXPECT_EQ(doorbell_word(DoorbellLayout::narrow, 0x123, DoorbellCommand::completion, 0x001,
                          DoorbellPriority::none),
            0x0000'0001'0000'1123u);
  EXPECT_EQ(doorbell_word(DoorbellLayout::narrow, 0, DoorbellCommand::completion, 1,
                          DoorbellPriority::arm),
            0x0001'0001'0000'1000u);
  EXPECT_EQ(doorbell_word(DoorbellLayout::wide, 0xffff, DoorbellCommand::completion, 0xabcd,
                          DoorbellPriority::arm),
            0x0001'abcd'0001'ffffu);
}

TEST(Doorbell, KeepsAQueueNumberOutOfTheBitsBesideIt) {
  EXPECT_EQ(doorbell_word(DoorbellLayout::narrow, 0xffff, DoorbellCommand::submission, 0,
                          DoorbellPriority::none),
            0x3ffu);
}

}  // namespace
