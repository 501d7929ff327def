#include "wd/deflate_arena.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <map>
#include <vector>

#include "fixtures/sample_bytes.hpp"
#include "zlib_api.hpp"

namespace {

using wd::Allocator;
using wd::DeflateArena;
using wd::StreamCode;
using wd::test::Bytes;
using wd::test::noise;

// What is asked of an allocator: takes and releases, in their order.
struct Ledger {
  struct Entry {
    bool release;
    std::size_t block;  // its number among all that were taken
    unsigned items;
    unsigned item_bytes;

    bool operator==(const Entry&) const = default;
  };

  std::vector<Entry> entries;
  std::map<void*, std::size_t> held;
  std::size_t taken = 0;
  std::size_t fails_at = ~std::size_t{0};

  static void* take(void* opaque, unsigned items, unsigned item_bytes) {
    auto* ledger = static_cast<Ledger*>(opaque);
    ledger->entries.push_back({false, ledger->taken, items, item_bytes});
    if (ledger->taken == ledger->fails_at) return nullptr;
    void* memory = std::malloc(std::size_t{items} * item_bytes);
    ledger->held[memory] = ledger->taken++;
    return memory;
  }
  static void give_back(void* opaque, void* address) {
    auto* ledger = static_cast<Ledger*>(opaque);
    const auto found = ledger->held.find(address);
    ASSERT_NE(found, ledger->held.end());
    ledger->entries.push_back({true, found->second, 0, 0});
    ledger->held.erase(found);
    std::free(address);
  }
  Allocator allocator() { return {take, give_back, this}; }
};

// What plain zlib asks for to open a stream and to end it.
Ledger zlibs_ledger(int window_bits, int memory_level) {
  Ledger ledger;
  z_stream stream{};
  stream.zalloc = Ledger::take;
  stream.zfree = Ledger::give_back;
  stream.opaque = &ledger;
  EXPECT_EQ(ref_deflateInit2_(&stream, 6, Z_DEFLATED, window_bits, memory_level, 0, ZLIB_VERSION,
                              sizeof(stream)),
            Z_OK);
  ref_deflateEnd(&stream);
  return ledger;
}

TEST(DeflateArena, TakesAndReleasesWhatZlibDoes) {
  for (int window_bits = 9; window_bits <= 15; ++window_bits)
    for (int memory_level = 1; memory_level <= 9; ++memory_level) {
      Ledger ledger;
      DeflateArena arena;
      ASSERT_EQ(arena.reserve(ledger.allocator(), window_bits, memory_level), StreamCode::ok);
      EXPECT_TRUE(arena.reserved());
      arena.release();
      EXPECT_FALSE(arena.reserved());
      EXPECT_EQ(ledger.entries, zlibs_ledger(window_bits, memory_level).entries)
          << window_bits << ", " << memory_level;
      EXPECT_TRUE(ledger.held.empty());
    }
}

TEST(DeflateArena, HoldsNothingWhereMemoryRunsOut) {
  const std::size_t blocks = zlibs_ledger(15, 8).taken;
  for (std::size_t failing = 0; failing < blocks; ++failing) {
    Ledger ledger;
    ledger.fails_at = failing;
    DeflateArena arena;
    EXPECT_EQ(arena.reserve(ledger.allocator(), 15, 8), StreamCode::no_memory);
    EXPECT_EQ(arena.failed_at(), failing);
    EXPECT_FALSE(arena.reserved());
    EXPECT_TRUE(ledger.held.empty());
    arena.release();
  }
}

class ReservedArena : public testing::Test {
 protected:
  ReservedArena() { EXPECT_EQ(arena_.reserve(Allocator::standard(), 9, 1), StreamCode::ok); }
  ~ReservedArena() override { arena_.release(); }

  DeflateArena arena_;
};

TEST_F(ReservedArena, FeedsItsBlocksInTheirOrder) {
  for (int again = 0; again < 2; ++again) {
    const Allocator feeder = arena_.feeder();
    for (std::size_t i = 0; i < arena_.count(); ++i) {
      const DeflateArena::Block block = arena_.block(i);
      EXPECT_EQ(feeder.take(block.items, block.item_bytes), block.memory);
    }
    EXPECT_EQ(feeder.take(1, 1), nullptr) << "there are no more";
  }
}

TEST_F(ReservedArena, FeedsNobodyWhoAsksForMore) {
  const Allocator feeder = arena_.feeder();
  const DeflateArena::Block block = arena_.block(0);
  EXPECT_EQ(feeder.take(block.items, block.item_bytes + 1), nullptr);
  EXPECT_EQ(feeder.take(~0u, ~0u), nullptr);
  EXPECT_EQ(feeder.take(block.items, block.item_bytes), block.memory);
  feeder.give_back(block.memory);  // stays the arena's
}

TEST_F(ReservedArena, StoresBytesAcrossItsBlocks) {
  const Bytes bytes = noise(arena_.store_capacity(), 1);
  ASSERT_GT(bytes.size(), 1000u);
  arena_.store(0, bytes.data(), bytes.size());
  for (std::size_t from = 0; from < bytes.size(); from += 97) {
    Bytes fetched(bytes.size() - from);
    arena_.fetch(from, fetched.data(), fetched.size());
    ASSERT_TRUE(std::equal(fetched.begin(), fetched.end(), bytes.begin() + from)) << from;
  }
}

TEST_F(ReservedArena, StoresACopyOfAnothersBytes) {
  const Bytes bytes = noise(arena_.store_capacity(), 2);
  arena_.store(0, bytes.data(), bytes.size());
  DeflateArena copy;
  ASSERT_EQ(copy.reserve(Allocator::standard(), 9, 1), StreamCode::ok);
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, bytes.size() / 2, bytes.size()}) {
    copy.store_from(arena_, size);
    Bytes fetched(size);
    copy.fetch(0, fetched.data(), size);
    EXPECT_TRUE(std::equal(fetched.begin(), fetched.end(), bytes.begin()));
  }
  copy.release();
}

TEST_F(ReservedArena, DoesNotCountItsFirstBlockAsAStore) {
  std::memset(arena_.block(0).memory, 0x5a, arena_.block(0).bytes());
  const Bytes bytes = noise(arena_.store_capacity(), 3);
  arena_.store(0, bytes.data(), bytes.size());
  const auto* first = static_cast<const std::uint8_t*>(arena_.block(0).memory);
  EXPECT_EQ(std::count(first, first + arena_.block(0).bytes(), 0x5a),
            static_cast<std::ptrdiff_t>(arena_.block(0).bytes()));
}

}  // namespace
