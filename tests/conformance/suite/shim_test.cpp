// The shim's exported functions, linked in: with the standard allocator, and with the caller's.
#include <zlib.h>

#include <cstdlib>

#include "engine_suite.hpp"

namespace wd::test {

namespace {

void* take(void*, unsigned items, unsigned item_bytes) {
  return std::malloc(std::size_t{items} * item_bytes);
}
void give_back(void*, void* address) {
  std::free(address);
}

// A z_stream whose memory is the library's affair.
struct StandardMemory {
  static void prepare(z_stream&) {}
};

// One whose memory is the caller's: other engines serve it, in other places.
struct CallersMemory {
  static void prepare(z_stream& stream) {
    stream.zalloc = take;
    stream.zfree = give_back;
  }
};

// Null pointers are a mistake to zlib, also where there is nothing to read.
Bytef* not_null(const std::uint8_t* data) {
  static Bytef nothing;
  return data != nullptr ? const_cast<Bytef*>(data) : &nothing;
}

Step run_stream(z_stream& stream, int (*function)(z_streamp, int), Input in, Room out, int flush) {
  stream.next_in = not_null(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = not_null(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int code = function(&stream, flush);
  return step_of(StreamCode(code), in.size() - stream.avail_in, out.size() - stream.avail_out, in,
                 out);
}

template <class Memory>
struct Shim {
  static constexpr auto kFormats = kAllFormats;

  class Encoder {
   public:
    explicit Encoder(const Settings& settings) {
      Memory::prepare(stream_);
      EXPECT_EQ(deflateInit2(&stream_, settings.level, Z_DEFLATED,
                             window_argument(settings.format, settings.window_bits),
                             settings.memory_level, static_cast<int>(settings.strategy)),
                Z_OK);
      if (!settings.dictionary.empty()) {
        EXPECT_EQ(deflateSetDictionary(&stream_, settings.dictionary.data(),
                                       static_cast<uInt>(settings.dictionary.size())),
                  Z_OK);
      }
    }
    ~Encoder() { deflateEnd(&stream_); }
    Step run(Input in, Room out, Flush flush) {
      return run_stream(stream_, deflate, in, out, static_cast<int>(flush));
    }
    std::size_t bound(std::size_t bytes) { return deflateBound(&stream_, bytes); }

   private:
    z_stream stream_{};
  };

  class Decoder {
   public:
    explicit Decoder(const Settings& settings) : dictionary_(settings.dictionary) {
      Memory::prepare(stream_);
      EXPECT_EQ(inflateInit2(&stream_, window_argument(settings.format, settings.window_bits)),
                Z_OK);
      if (settings.format == Format::raw && !dictionary_.empty()) set_dictionary();
    }
    ~Decoder() { inflateEnd(&stream_); }
    Step run(Input in, Room out) {
      int code = Z_OK;
      const auto inflate_once = [&](z_streamp stream, int flush) {
        return code = inflate(stream, flush);
      };
      stream_.next_in = not_null(in.data());
      stream_.avail_in = static_cast<uInt>(in.size());
      stream_.next_out = not_null(out.data());
      stream_.avail_out = static_cast<uInt>(out.size());
      if (inflate_once(&stream_, Z_NO_FLUSH) == Z_NEED_DICT && set_dictionary() == Z_OK)
        inflate_once(&stream_, Z_NO_FLUSH);
      return step_of(StreamCode(code), in.size() - stream_.avail_in, out.size() - stream_.avail_out,
                     in, out);
    }

   private:
    int set_dictionary() {
      return inflateSetDictionary(&stream_, dictionary_.data(),
                                  static_cast<uInt>(dictionary_.size()));
    }

    z_stream stream_{};
    Bytes dictionary_;
  };

  static std::size_t bound(const Settings& settings, std::size_t bytes) {
    return Encoder(settings).bound(bytes);
  }
};

using WithStandardMemory = Shim<StandardMemory>;
using WithCallersMemory = Shim<CallersMemory>;

}  // namespace

INSTANTIATE_TYPED_TEST_SUITE_P(Shim, EngineSuite, WithStandardMemory);
INSTANTIATE_TYPED_TEST_SUITE_P(Shim, StreamSuite, WithStandardMemory);
INSTANTIATE_TYPED_TEST_SUITE_P(ShimInCallersMemory, EngineSuite, WithCallersMemory);
INSTANTIATE_TYPED_TEST_SUITE_P(ShimInCallersMemory, StreamSuite, WithCallersMemory);

}  // namespace wd::test
