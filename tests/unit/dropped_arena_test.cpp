// Streams on emulated devices, in memory of their caller's that is dropped as a whole, without a
// word: they get the device as others do, and what they held elsewhere does not pile up.
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <deque>
#include <list>
#include <memory>
#include <new>
#include <optional>

#include "base/orphan_watch.hpp"
#include "fixtures/reference_zlib.hpp"
#include "fixtures/sample_bytes.hpp"
#include "wd/deflate_stream.hpp"
#include "wd/inflate_stream.hpp"

namespace wd::test {
namespace {

// Memory that is given out, and dropped as a whole. Somebody else uses it then.
class Pool {
 public:
  Pool() = default;
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool() {
    for (Block& block : blocks_) std::memset(block.memory.get(), 0x57, block.bytes);
  }
  [[nodiscard]] Allocator allocator() { return {take, give_back, this}; }

 private:
  static void* take(void* opaque, unsigned items, unsigned item_bytes) {
    auto& self = *static_cast<Pool*>(opaque);
    const std::size_t bytes = std::size_t{items} * item_bytes;
    self.blocks_.push_back({{std::malloc(bytes), &std::free}, bytes});
    return self.blocks_.back().memory.get();
  }
  static void give_back(void*, void*) {}

  struct Block {
    std::unique_ptr<void, decltype(&std::free)> memory;
    std::size_t bytes;
  };
  std::deque<Block> blocks_;
};

Config on_emulated_devices() {
  Config config;
  config.backend = BackendChoice::hisi;
  std::strcpy(config.emulate, "hisi_zip:api=v3");
  return config;
}

// As the shim places it: in the first block of its arena.
DeflateStream* open_deflate(const Context& context, Pool& pool) {
  const DeflateParameters parameters{};
  DeflateArena arena;
  if (arena.reserve(pool.allocator(), parameters.window_bits, parameters.memory_level) !=
          StreamCode::ok ||
      arena.block(0).bytes() < sizeof(DeflateStream))
    return nullptr;
  return ::new (arena.block(0).memory)
      DeflateStream(context, Format::zlib, parameters, arena, true);
}

class DroppedArenas : public testing::Test {
 protected:
  DroppedArenas() : context_(on_emulated_devices()) { context_.enable_statistics(); }
  [[nodiscard]] RequestCounts by_device(Algorithm algorithm) const {
    return context_.statistics(algorithm, Engine::hisi_zip);
  }

  Context context_;
  const Bytes plain_ = mixture(100'000);
};

TEST_F(DroppedArenas, OfCompressionLeaveNothingBehindForLong) {
  Bytes out(60'000);
  for (int i = 0; i < 300; ++i) {
    Pool pool;
    DeflateStream* stream = open_deflate(context_, pool);
    ASSERT_NE(stream, nullptr);
    const auto step = stream->run(plain_.data(), 50'000, out.data(), 60'000, Flush::sync, nullptr);
    ASSERT_EQ(step.code, StreamCode::ok) << i;
    ASSERT_EQ(step.consumed, 50'000u);
  }
  EXPECT_LT(context_.orphan_watch()->watched(), OrphanWatch::kMost);
  EXPECT_EQ(by_device(Algorithm::deflate).bytes_in, 300u * 50'000);
}

TEST_F(DroppedArenas, OfDecompressionLeaveNothingBehindForLong) {
  const Bytes packed = reference_compress(Format::gzip, plain_);
  Bytes out(50'000);
  for (int i = 0; i < 300; ++i) {
    Pool pool;
    InflateStream stream(context_);
    ASSERT_EQ(stream.open(Format::gzip, 15, pool.allocator()), StreamCode::ok);
    const auto step = stream.run(packed.data(), static_cast<std::uint32_t>(packed.size()),
                                 out.data(), 50'000, Flush::none, nullptr);
    ASSERT_EQ(step.code, StreamCode::ok) << i;
    ASSERT_EQ(step.produced, 50'000u);
  }
  EXPECT_LT(context_.orphan_watch()->watched(), OrphanWatch::kMost);
  EXPECT_EQ(by_device(Algorithm::inflate).bytes_out, 300u * 50'000);
}

TEST_F(DroppedArenas, TakeNothingFromStreamsThatAreAlive) {
  struct Alive {
    Pool pool;
    DeflateStream* stream = nullptr;
    Bytes packed;
  };
  std::list<Alive> alive;
  std::size_t at = 0;
  constexpr std::size_t kPiece = 5000;
  Bytes out(kPiece * 2);
  const auto compress = [&](Alive& one, Flush flush) {
    const auto step = one.stream->run(plain_.data() + at, kPiece, out.data(),
                                      static_cast<std::uint32_t>(out.size()), flush, nullptr);
    one.packed.insert(one.packed.end(), out.begin(), out.begin() + step.produced);
    return step.code;
  };
  // As many as there is room for stay; the last ones have to go elsewhere, untouched.
  for (unsigned i = 0; i < OrphanWatch::kMost + 3; ++i) {
    Alive& one = alive.emplace_back();
    one.stream = open_deflate(context_, one.pool);
    ASSERT_NE(one.stream, nullptr);
    const StreamCode code = compress(one, Flush::sync);
    ASSERT_EQ(code, i < OrphanWatch::kMost ? StreamCode::ok : StreamCode::no_memory) << i;
    if (code == StreamCode::ok) continue;
    EXPECT_TRUE(one.stream->untouched());
    alive.pop_back();
  }
  EXPECT_EQ(
      by_device(Algorithm::deflate).fallbacks[static_cast<std::size_t>(FallbackReason::no_memory)],
      3u);
  // Every second one goes without a word.
  for (auto one = alive.begin(); one != alive.end();) {
    one = alive.erase(one);
    if (one != alive.end()) ++one;
  }
  at = kPiece;
  for (int i = 0; i < 200; ++i) {
    Alive passing;
    passing.stream = open_deflate(context_, passing.pool);
    compress(passing, Flush::none);
  }
  for (Alive& one : alive) {
    ASSERT_EQ(compress(one, Flush::finish), StreamCode::end);
    EXPECT_EQ(one.stream->close(), StreamCode::ok);
    EXPECT_EQ(reference_decompress(Format::zlib, one.packed, 2 * kPiece),
              Bytes(plain_.begin(), plain_.begin() + 2 * kPiece));
  }
}

// The streaming engine has no place in such a stream; it works elsewhere, too.
TEST_F(DroppedArenas, MayHaveStreamsThatHaveLeftTheDevice) {
  for (int i = 0; i < 50; ++i) {
    Pool pool;
    DeflateStream* stream = open_deflate(context_, pool);
    Bytes packed(60'000);
    const auto first =
        stream->run(plain_.data(), 20'000, packed.data(), 30'000, Flush::none, nullptr);
    ASSERT_EQ(first.code, StreamCode::ok);
    // Only zlib knows these: it goes on behind what the device has made.
    ASSERT_EQ(stream->tune({4, 5, 16, 8}), StreamCode::ok);
    const auto second = stream->run(plain_.data() + 20'000, 30'000, packed.data() + first.produced,
                                    30'000, i % 2 == 0 ? Flush::finish : Flush::sync, nullptr);
    ASSERT_EQ(second.consumed, 30'000u);
    if (i % 2 != 0) continue;  // dropped
    ASSERT_EQ(second.code, StreamCode::end);
    packed.resize(first.produced + second.produced);
    EXPECT_EQ(reference_decompress(Format::zlib, packed, 50'000),
              Bytes(plain_.begin(), plain_.begin() + 50'000));
    // And once more, from the start, on the device again.
    stream->reset();
    packed.resize(60'000);
    const auto again =
        stream->run(plain_.data(), 50'000, packed.data(), 60'000, Flush::finish, nullptr);
    ASSERT_EQ(again.code, StreamCode::end);
    packed.resize(again.produced);
    EXPECT_EQ(reference_decompress(Format::zlib, packed, 50'000),
              Bytes(plain_.begin(), plain_.begin() + 50'000));
    EXPECT_EQ(stream->close(), StreamCode::ok);
  }
}

}  // namespace
}  // namespace wd::test
