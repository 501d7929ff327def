// How large tables get: a search through all complete codes, as in zlib's examples/enough.c (Mark
// Adler), and the worst ones built where a byte more would be a crash.
#include <gtest/gtest.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "fixtures/guarded_buffer.hpp"
#include "fixtures/huffman_code.hpp"
#include "software/inflate/decode_table.hpp"

namespace wd::inflate {
namespace {

constexpr unsigned kMostBits = test::kMostCodeBits;

class WorstCode {
 public:
  WorstCode(unsigned symbols, unsigned root_bits) : root_bits_(root_bits) {
    unsigned most = 0;
    unsigned worst = 2;
    for (unsigned used = 2; used <= symbols; ++used)
      if (const unsigned added = added_entries({1, used, 2, 0}); added > most) {
        most = added;
        worst = used;
      }
    entries_ = (1u << root_bits) + most;
    for (Node node{1, worst, 2, 0}; node.symbols != 0;) {
      const unsigned codes = known_.at(node.key()).codes;
      lengths_.insert(lengths_.end(), codes, static_cast<std::uint8_t>(node.bits));
      node = next_of(node, codes).first;
    }
  }
  [[nodiscard]] unsigned entries() const { return entries_; }
  [[nodiscard]] const test::CodeLengths& lengths() const { return lengths_; }

 private:
  struct Node {
    unsigned bits;     // of the codes to be given next
    unsigned symbols;  // that have none yet
    unsigned left;     // patterns of so many bits that are not taken
    unsigned room;     // left in the subtable that was opened last
    [[nodiscard]] std::uint64_t key() const {
      return std::uint64_t{bits} << 48 | std::uint64_t{symbols} << 32 | std::uint64_t{left} << 16 |
             room;
    }
  };
  struct Best {
    unsigned added;  // entries of subtables, at most
    unsigned codes;  // of the node's length, where that is so
  };

  // What is left when `codes` codes have been given, and the entries that it took.
  [[nodiscard]] std::pair<Node, unsigned> next_of(Node node, unsigned codes) const {
    unsigned added = 0;
    node.symbols -= codes;
    node.left = 2 * (node.left - codes);
    if (node.bits > root_bits_) {
      const unsigned size = 1u << (node.bits - root_bits_);
      for (; node.room < codes; added += size) {
        codes -= node.room;
        node.room = size;
      }
      node.room -= codes;
      // A subtable that is still open grows with the length of the codes.
      if (node.room != 0 && node.symbols != 0) added += size;
      node.room *= 2;
    }
    ++node.bits;
    return {node, added};
  }

  unsigned added_entries(const Node& node) {
    if (node.symbols == 0) return 0;
    if (const auto found = known_.find(node.key()); found != known_.end())
      return found->second.added;
    Best best{0, node.symbols};
    if (node.symbols == node.left) {
      best.added = next_of(node, node.symbols).second;
    } else {
      // So that the rest fits, and can be complete.
      const unsigned least = 2 * node.left > node.symbols ? 2 * node.left - node.symbols : 0;
      const unsigned deepest = 1u << (kMostBits - node.bits);
      const unsigned most = (node.left * deepest - node.symbols) / (deepest - 1);
      best.codes = least;
      for (unsigned codes = least; codes <= most; ++codes) {
        const auto [next, added] = next_of(node, codes);
        const unsigned all = added + added_entries(next);
        if (all > best.added) best = {all, codes};
      }
    }
    known_.emplace(node.key(), best);
    return best.added;
  }

  unsigned root_bits_;
  unsigned entries_ = 0;
  test::CodeLengths lengths_;
  std::unordered_map<std::uint64_t, Best> known_;
};

// Of the table that was built: where its last subtable ends.
template <Entry kSpecialFlag>
std::size_t entries_used(const Entry* table, unsigned primary_bits) {
  std::size_t end = std::size_t{1} << primary_bits;
  for (std::size_t i = 0; i < std::size_t{1} << primary_bits; ++i)
    if (is_link<kSpecialFlag>(table[i]))
      end = std::max(end, special_payload(table[i]) + (std::size_t{1} << code_bits(table[i])));
  return end;
}

using Build = bool (*)(Entry* table, const std::uint8_t* lengths, unsigned count);

template <Entry kSpecialFlag>
void expect_enough(Build build, std::size_t symbols, unsigned primary_bits, std::size_t entries) {
  const WorstCode worst(static_cast<unsigned>(symbols), primary_bits);
  EXPECT_LE(worst.entries(), entries);
  const test::CodeLengths& lengths = worst.lengths();
  const test::GuardedBuffer memory(entries * sizeof(Entry));
  auto* table = reinterpret_cast<Entry*>(memory.data());
  ASSERT_TRUE(build(table, lengths.data(), static_cast<unsigned>(lengths.size())));
  EXPECT_EQ(entries_used<kSpecialFlag>(table, primary_bits), worst.entries());
}

TEST(InflateTableSizes, AreEnoughForLiteralsAndLengths) {
  expect_enough<kSpecial>(build_litlen_table, kLitlenSymbols, kLitlenBits, kLitlenEntries);
}

TEST(InflateTableSizes, OfLargeTablesAreEnoughForLiteralsAndLengths) {
  expect_enough<kSpecial>(build_large_litlen_table, kLitlenSymbols, kLargeLitlenBits,
                          kLargeLitlenEntries);
}

TEST(InflateTableSizes, AreEnoughForDistances) {
  expect_enough<kSpecialDistance>(build_distance_table, kDistanceSymbols, kDistanceBits,
                                  kDistanceEntries);
}

// The search itself, by numbers that zlib's inftrees.h tells.
TEST(InflateTableSizes, OfZlibAreWhatItSaysTheyAre) {
  EXPECT_EQ(WorstCode(286, 9).entries(), 852u);
  EXPECT_EQ(WorstCode(30, 6).entries(), 592u);
}

}  // namespace
}  // namespace wd::inflate
