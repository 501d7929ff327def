// What the shim may touch, and when: memory that zlib is done with, errno, a small stack, and a
// source that several threads copy.
#include <errno.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

void write_with_a_header_of_the_first_call(bool tuned) {
  z_stream stream{};
  ASSERT_EQ(deflateInit2_(&stream, 6, Z_DEFLATED, 31, 8, 0, ZLIB_VERSION, sizeof(stream)), Z_OK);
  if (tuned) {
    ASSERT_EQ(deflateTune(&stream, 4, 5, 16, 8), Z_OK);
  }
  auto header = std::make_unique<gz_header>();
  auto name = std::make_unique<std::string>("a name longer than the room of the first call");
  const std::string kept = *name;
  header->name = reinterpret_cast<Bytef*>(name->data());
  header->hcrc = 1;
  ASSERT_EQ(deflateSetHeader(&stream, header.get()), Z_OK);
  std::vector<Bytef> out(400);
  stream.next_out = out.data();
  stream.avail_out = 12;
  EXPECT_EQ(deflate(&stream, Z_NO_FLUSH), Z_OK);
  header.reset();  // the sanitizer sees whoever reads it now
  name.reset();
  stream.avail_out = 388;
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  EXPECT_STREQ(reinterpret_cast<char*>(out.data() + 10), kept.c_str());
  EXPECT_EQ(deflateEnd(&stream), Z_OK);
}

TEST(ShimLifetime, NeedsNoGzipHeaderBehindTheFirstDeflate) {
  write_with_a_header_of_the_first_call(false);
  write_with_a_header_of_the_first_call(true);
}

TEST(ShimLifetime, LeavesAGzipHeaderAloneOnceItIsFoundToBeNone) {
  Bytef packed[100];
  const Bytef dictionary[] = "dictionary";
  z_stream writer{};
  ASSERT_EQ(deflateInit_(&writer, 6, ZLIB_VERSION, sizeof(writer)), Z_OK);
  ASSERT_EQ(deflateSetDictionary(&writer, dictionary, sizeof(dictionary)), Z_OK);
  writer.next_out = packed;
  writer.avail_out = sizeof(packed);
  ASSERT_EQ(deflate(&writer, Z_FINISH), Z_STREAM_END);
  ASSERT_EQ(deflateEnd(&writer), Z_OK);

  z_stream reader{};
  ASSERT_EQ(inflateInit2_(&reader, 47, ZLIB_VERSION, sizeof(reader)), Z_OK);
  auto header = std::make_unique<gz_header>();
  ASSERT_EQ(inflateGetHeader(&reader, header.get()), Z_OK);
  Bytef out[10];
  reader.next_in = packed;
  reader.avail_in = sizeof(packed) - writer.avail_out;
  reader.next_out = out;
  reader.avail_out = sizeof(out);
  ASSERT_EQ(inflate(&reader, Z_NO_FLUSH), Z_NEED_DICT);
  EXPECT_EQ(header->done, -1);
  header.reset();
  ASSERT_EQ(inflateSetDictionary(&reader, dictionary, sizeof(dictionary)), Z_OK);
  EXPECT_EQ(inflate(&reader, Z_NO_FLUSH), Z_STREAM_END);
  EXPECT_EQ(inflateEnd(&reader), Z_OK);
}

TEST(ShimLifetime, SaysThatAStreamCutOffInItsHeaderIsBusy) {
  z_stream stream{};
  ASSERT_EQ(deflateInit_(&stream, 6, ZLIB_VERSION, sizeof(stream)), Z_OK);
  Bytef out[1];
  stream.next_out = out;
  stream.avail_out = sizeof(out);
  EXPECT_EQ(deflate(&stream, Z_NO_FLUSH), Z_OK);
  EXPECT_EQ(deflateEnd(&stream), Z_DATA_ERROR);
}

TEST(ShimLifetime, KeepsErrno) {
  errno = E2BIG;
  z_stream stream{};
  ASSERT_EQ(inflateInit_(&stream, ZLIB_VERSION, sizeof(stream)), Z_OK);
  EXPECT_EQ(errno, E2BIG);
  inflateEnd(&stream);
}

// A stream in mid-message, copied by several threads at once: zlib only reads it.
void copy_from_several_threads(z_stream source) {
  ASSERT_EQ(deflateInit_(&source, 6, ZLIB_VERSION, sizeof(source)), Z_OK);
  Bytef text[] = "something to begin with";
  Bytef out[100];
  source.next_in = text;
  source.avail_in = sizeof(text);
  source.next_out = out;
  source.avail_out = sizeof(out);
  ASSERT_EQ(deflate(&source, Z_SYNC_FLUSH), Z_OK);
  std::atomic<int> failures{0};
  const auto copy = [&] {
    for (int i = 0; i < 500; ++i) {
      z_stream fresh{};
      if (deflateCopy(&fresh, &source) != Z_OK || deflateEnd(&fresh) != Z_DATA_ERROR) ++failures;
    }
  };
  std::thread first(copy);
  std::thread second(copy);
  first.join();
  second.join();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(deflateEnd(&source), Z_DATA_ERROR);
}

TEST(ShimLifetime, CopiesOneSourceFromSeveralThreads) {
  copy_from_several_threads({});
}

void* take(void*, unsigned items, unsigned item_bytes) {
  return std::calloc(items, item_bytes);
}
void give_back(void*, void* address) {
  std::free(address);
}

TEST(ShimLifetime, CopiesOneSourceInTheCallersMemoryFromSeveralThreads) {
  z_stream source{};
  source.zalloc = take;
  source.zfree = give_back;
  copy_from_several_threads(source);
}

// Gives what zlib asks for up to the `left`-th time.
void* take_while_it_lasts(void* left, unsigned items, unsigned item_bytes) {
  return (*static_cast<int*>(left))-- > 0 ? std::calloc(items, item_bytes) : nullptr;
}

TEST(ShimLifetime, LeavesNothingOfACopyThatThereIsNoMemoryFor) {
  for (int blocks = 0; blocks < 5; ++blocks) {
    int left = 5;
    z_stream source{};
    source.zalloc = take_while_it_lasts;
    source.zfree = give_back;
    source.opaque = &left;
    ASSERT_EQ(deflateInit_(&source, 6, ZLIB_VERSION, sizeof(source)), Z_OK);
    ASSERT_EQ(deflateTune(&source, 4, 5, 16, 8), Z_OK);
    left = blocks;
    z_stream fresh{};
    EXPECT_EQ(deflateCopy(&fresh, &source), Z_MEM_ERROR);
    EXPECT_EQ(deflateEnd(&fresh), Z_STREAM_ERROR);
    EXPECT_EQ(deflateEnd(&source), Z_OK);
  }
}

}  // namespace
