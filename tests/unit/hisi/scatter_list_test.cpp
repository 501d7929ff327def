#include "memory/scatter_list.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

namespace {

using wd::ConstBuffer;
using wd::ScatterList;

// The lists as the engine reads them: 64 bytes, then 255 entries of 32.
constexpr std::size_t kListBytes = 64 + 255 * 32;

template <class Number>
Number at(std::uint64_t address, std::size_t offset) {
  Number number;
  std::memcpy(&number, reinterpret_cast<const char*>(address) + offset, sizeof(number));
  return number;
}

std::vector<ConstBuffer> pieces_of(const std::vector<char>& memory, std::size_t count) {
  std::vector<ConstBuffer> pieces;
  for (std::size_t i = 0; i < count; ++i) pieces.push_back({memory.data() + 16 * i, 16});
  return pieces;
}

TEST(ScatterList, HasTheEnginesLayout) {
  const std::vector<char> memory(600);
  const ConstBuffer pieces[] = {
      {memory.data(), 100}, {memory.data(), 0}, {memory.data() + 100, 200}};
  ScatterList list;
  ASSERT_TRUE(list.assign(std::span<const ConstBuffer>(pieces), -1));
  EXPECT_EQ(list.bytes(), 300u);
  EXPECT_EQ(list.address() % 64, 0u);
  EXPECT_EQ(at<std::uint64_t>(list.address(), 0), 0u);
  EXPECT_EQ(at<std::uint16_t>(list.address(), 8), 255);
  EXPECT_EQ(at<std::uint16_t>(list.address(), 10), 2);
  EXPECT_EQ(at<std::uint16_t>(list.address(), 12), 255);
  EXPECT_EQ(at<std::uint64_t>(list.address(), 64 + 32),
            reinterpret_cast<std::uintptr_t>(memory.data() + 100));
  EXPECT_EQ(at<std::uint64_t>(list.address(), 64 + 32 + 8), 0u);
  EXPECT_EQ(at<std::uint32_t>(list.address(), 64 + 32 + 16), 200u);
}

TEST(ScatterList, ChainsWhatOneListDoesNotHold) {
  const std::vector<char> memory(16 * 300);
  const std::vector<ConstBuffer> pieces = pieces_of(memory, 300);
  ScatterList list;
  ASSERT_TRUE(list.assign(std::span<const ConstBuffer>(pieces), -1));
  EXPECT_EQ(at<std::uint16_t>(list.address(), 8), 510);
  EXPECT_EQ(at<std::uint16_t>(list.address(), 10), 255);
  const auto next = at<std::uint64_t>(list.address(), 0);
  EXPECT_EQ(next % 64, 0u);
  EXPECT_GE(next, list.address() + kListBytes);
  EXPECT_EQ(at<std::uint64_t>(next, 0), 0u);
  EXPECT_EQ(at<std::uint16_t>(next, 8), 255);
  EXPECT_EQ(at<std::uint16_t>(next, 10), 45);
  EXPECT_EQ(at<std::uint64_t>(next, 64 + 44 * 32),
            reinterpret_cast<std::uintptr_t>(memory.data() + 16 * 299));
}

TEST(ScatterList, IsUsedAgainWithoutTracesOfTheOld) {
  const std::vector<char> memory(16 * 300);
  const std::vector<ConstBuffer> many = pieces_of(memory, 300);
  const std::vector<ConstBuffer> few = pieces_of(memory, 1);
  ScatterList list;
  ASSERT_TRUE(list.assign(std::span<const ConstBuffer>(many), -1));
  const auto address = list.address();
  ASSERT_TRUE(list.assign(std::span<const ConstBuffer>(few), -1));
  EXPECT_EQ(list.address(), address);
  EXPECT_EQ(list.bytes(), 16u);
  EXPECT_EQ(at<std::uint64_t>(list.address(), 0), 0u);
  EXPECT_EQ(at<std::uint16_t>(list.address(), 8), 255);
  EXPECT_EQ(at<std::uint64_t>(list.address(), 64 + 32), 0u);
}

TEST(ScatterList, RefusesNothingAndTooMuch) {
  const std::vector<char> memory(16);
  ScatterList list;
  EXPECT_FALSE(list.assign(std::span<const ConstBuffer>{}, -1));
  const ConstBuffer too_long[] = {{memory.data(), ScatterList::kMostEntryBytes + 1}};
  EXPECT_FALSE(list.assign(std::span<const ConstBuffer>(too_long), -1));
  const std::vector<ConstBuffer> too_many(256 * 255 + 1, ConstBuffer{memory.data(), 1});
  EXPECT_FALSE(list.assign(std::span<const ConstBuffer>(too_many), -1));
}

}  // namespace
