// Buffers in several pieces, and memory of devices that do not share addresses.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <deque>

#include "fixtures/reference_zlib.hpp"
#include "zip_words.hpp"

namespace wd::test {
namespace {

struct Entry {
  std::uint64_t address, page_control;
  std::uint32_t bytes, own[3];
};

struct alignas(64) List {
  std::uint64_t next;
  std::uint16_t entries_in_chain, entries, capacity, own[25];
  Entry entry[255];
};
static_assert(sizeof(List) >= 64 + 255 * 32);

// A chain over `bytes`, cut into pieces of `piece`, `capacity` of them in a list.
class Chain {
 public:
  Chain(Bytes& bytes, std::size_t piece, std::uint16_t capacity = 255) {
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      if (lists_.empty() || lists_.back().entries == capacity) add(capacity);
      lists_.back().entry[lists_.back().entries++] = {
          reinterpret_cast<std::uint64_t>(bytes.data() + at),
          0,
          static_cast<std::uint32_t>(std::min(piece, bytes.size() - at)),
          {}};
    }
    lists_.front().entries_in_chain = static_cast<std::uint16_t>(capacity * lists_.size());
  }
  List& head() { return lists_.front(); }

 private:
  void add(std::uint16_t capacity) {
    lists_.emplace_back();
    lists_.back() = {};
    lists_.back().capacity = lists_.back().entries_in_chain = capacity;
    if (lists_.size() > 1)
      lists_[lists_.size() - 2].next = reinterpret_cast<std::uint64_t>(&lists_.back());
  }
  std::deque<List> lists_;
};

Words scattered(std::uint32_t format, Chain& in, std::size_t in_bytes, Chain& out,
                std::size_t out_bytes) {
  Words words = whole(format, &in.head(), in_bytes, &out.head(), out_bytes);
  words[9] |= kScattered;
  return words;
}

TEST(EmulatedScatter, ReadsAndWritesLists) {
  const Emulated emulated("hisi_zip");
  TinyQueue compressor(emulated, 0);
  TinyQueue decompressor(emulated, 1);
  Bytes plain = mixture(30'000);
  Bytes packed(40'000);
  Chain in(plain, 100);  // 300 pieces, in two lists
  Chain out(packed, 777, 10);
  Words request = scattered(kGzip, in, plain.size(), out, packed.size() - 10);
  request[8] = 10;  // the header's place
  const Words answer = compressor.run(request);
  ASSERT_EQ(status_of(answer) & ~0x0dU, 0U);
  const Bytes header = header_of(kGzip);
  std::copy(header.begin(), header.end(), packed.begin());
  packed.resize(10 + answer[1]);
  EXPECT_EQ(reference_decompress(Format::gzip, packed, plain.size()), plain);

  Bytes back(plain.size());
  Chain from(packed, 1000);
  Chain to(back, 3000);
  request = scattered(kGzip, from, packed.size() - 10, to, back.size());
  request[7] |= 10;
  EXPECT_EQ(status_of(decompressor.run(request)), 0U);
  EXPECT_EQ(back, plain);
}

TEST(EmulatedScatter, WrongListsTakeTheDeviceDown) {
  const Emulated emulated("hisi_zip:reset_time=0");
  Bytes plain = text(1000);
  Bytes packed(2000);
  const auto ruin = [&](auto&& change) {
    TinyQueue queue(emulated, 0);
    Chain in(plain, 100);
    Chain out(packed, 100);
    Words request = scattered(kZlib, in, plain.size(), out, packed.size());
    change(in.head(), request);
    queue.submit(request);
    return queue.waits_for_stop();
  };
  EXPECT_TRUE(ruin([](List&, Words& request) { request[18] += 8; }));
  EXPECT_TRUE(ruin([](List& list, Words&) { list.entries = 256; }));
  EXPECT_TRUE(ruin([](List& list, Words&) { list.capacity = 0; }));
  EXPECT_TRUE(ruin([](List& list, Words&) { list.entries_in_chain = 10; }));
  EXPECT_TRUE(ruin([](List& list, Words&) { list.next = reinterpret_cast<std::uint64_t>(&list); }));
  EXPECT_TRUE(ruin([](List&, Words& request) { request[4] = 1001; }));
  EXPECT_TRUE(ruin([](List&, Words& request) { request[7] |= 1; }));
  EXPECT_TRUE(ruin([](List&, Words& request) { request[14] = 2001; }));
  EXPECT_EQ(emulated.count("resets"), 8);
}

TEST(EmulatedStaticShare, IsAllThatADeviceWithoutSharedAddressesReaches) {
  const Emulated emulated("hisi_zip:sva=off:reset_time=0");
  EXPECT_EQ(emulated.attribute("hisi_zip-0", "flags"), "2\n");
  EXPECT_EQ(emulated.attribute("hisi_zip-0", "api"), "hisi_qm_v3_noiommu\n");
  TinyQueue queue(emulated, 0);
  const SystemCalls& calls = emulated.calls();
  const auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  const std::size_t bytes = 9U << 20;
  int error = 0;
  auto* const memory =
      static_cast<std::uint8_t*>(calls.map(calls.world, queue.fd(), bytes, 2 * page, &error));
  ASSERT_EQ(error, 0);

  std::uint64_t slice = 0;
  EXPECT_EQ(queue.ioctl(kStaticShareAddress, &slice), 2);  // and two more
  EXPECT_EQ(slice & 0xfff, 64U);
  const std::uint64_t device_address = slice & ~0xfffULL;
  slice = 2;
  EXPECT_EQ(queue.ioctl(kStaticShareAddress, &slice), 0);
  EXPECT_EQ(slice & 0xfff, 16U);
  slice = 3;
  EXPECT_EQ(queue.ioctl(kStaticShareAddress, &slice), -EINVAL);

  const Bytes plain = text(1000);
  std::copy(plain.begin(), plain.end(), memory);
  const auto address = [&](std::size_t at) { return reinterpret_cast<void*>(device_address + at); };
  Words answer = queue.run(whole(kZlib, address(0), 1000, address(4096), 2000));
  EXPECT_EQ(status_of(answer), 0U);
  Bytes packed = header_of(kZlib);
  packed.insert(packed.end(), memory + 4096, memory + 4096 + answer[1]);
  EXPECT_EQ(reference_decompress(Format::zlib, packed, 1000), plain);

  queue.submit(whole(kZlib, memory, 1000, memory + 4096, 2000));
  EXPECT_TRUE(queue.waits_for_stop()) << "the caller's own addresses";
  EXPECT_EQ(calls.unmap(calls.world, memory, bytes), 0);
}

}  // namespace
}  // namespace wd::test
