// The streaming engine by itself: RawDeflate and RawInflate on the private zlib.
#include "engine_suite.hpp"
#include "wd/deflate_arena.hpp"
#include "wd/raw_deflate.hpp"
#include "wd/raw_inflate.hpp"

namespace wd::test {

namespace {

DeflateParameters parameters_of(const Settings& settings) {
  return {settings.level, settings.window_bits, settings.memory_level, settings.strategy};
}

std::uint32_t size_of(const Bytes& bytes) {
  return static_cast<std::uint32_t>(bytes.size());
}

struct RawEngine {
  static constexpr auto kFormats = kRawOnly;

  class Encoder {
   public:
    explicit Encoder(const Settings& settings) {
      EXPECT_EQ(arena_.reserve(Allocator::standard(), settings.window_bits, settings.memory_level),
                StreamCode::ok);
      EXPECT_EQ(raw_.open(parameters_of(settings), arena_), StreamCode::ok);
      if (!settings.dictionary.empty())
        raw_.set_dictionary(settings.dictionary.data(), size_of(settings.dictionary));
    }
    ~Encoder() {
      raw_.close();
      arena_.release();
    }
    Step run(Input in, Room out, Flush flush) {
      const RawDeflate::Step step =
          raw_.run(in.data(), static_cast<std::uint32_t>(in.size()), out.data(),
                   static_cast<std::uint32_t>(out.size()), flush);
      return step_of(step.code, step.consumed, step.produced, in, out);
    }

   private:
    DeflateArena arena_;
    RawDeflate raw_;
  };

  class Decoder {
   public:
    explicit Decoder(const Settings& settings) {
      EXPECT_EQ(raw_.open(settings.window_bits, Allocator::standard()), StreamCode::ok);
      if (!settings.dictionary.empty())
        raw_.set_dictionary(settings.dictionary.data(), size_of(settings.dictionary));
    }
    ~Decoder() { raw_.close(); }
    Step run(Input in, Room out) {
      const RawInflate::Step step =
          raw_.run(in.data(), static_cast<std::uint32_t>(in.size()), out.data(),
                   static_cast<std::uint32_t>(out.size()), Flush::none);
      return step_of(step.code, static_cast<std::size_t>(step.consumed), step.produced, in, out);
    }

   private:
    RawInflate raw_;
  };

  static std::size_t bound(const Settings& settings, std::size_t bytes) {
    return RawDeflate::bound(parameters_of(settings), bytes);
  }
};

}  // namespace

INSTANTIATE_TYPED_TEST_SUITE_P(RawEngine, EngineSuite, RawEngine);
INSTANTIATE_TYPED_TEST_SUITE_P(RawEngine, StreamSuite, RawEngine);

}  // namespace wd::test
