// DeflateStream and InflateStream: what the shim's functions are made of.
#include "engine_suite.hpp"
#include "wd/context.hpp"
#include "wd/deflate_stream.hpp"
#include "wd/inflate_stream.hpp"

namespace wd::test {

namespace {

DeflateParameters parameters_of(const Settings& settings) {
  return {settings.level, settings.window_bits, settings.memory_level, settings.strategy};
}

std::uint32_t size_of(const Bytes& bytes) {
  return static_cast<std::uint32_t>(bytes.size());
}

template <CompressionChoice kChoice>
struct Streams {
  static constexpr auto kFormats = kAllFormats;

  static const Context& context() {
    static const Context made{[] {
      Config config;
      config.compression = kChoice;
      return config;
    }()};
    return made;
  }
  static DeflateArena arena_for(const Settings& settings) {
    DeflateArena arena;
    EXPECT_EQ(arena.reserve(Allocator::standard(), settings.window_bits, settings.memory_level),
              StreamCode::ok);
    return arena;
  }

  class Encoder {
   public:
    explicit Encoder(const Settings& settings)
        : stream_(context(), settings.format, parameters_of(settings), arena_for(settings)) {
      if (!settings.dictionary.empty())
        stream_.set_dictionary(settings.dictionary.data(), size_of(settings.dictionary));
    }
    ~Encoder() {
      stream_.close();
      stream_.arena().release();
    }
    Step run(Input in, Room out, Flush flush) {
      const DeflateStream::Step step =
          stream_.run(in.data(), static_cast<std::uint32_t>(in.size()), out.data(),
                      static_cast<std::uint32_t>(out.size()), flush, nullptr);
      return step_of(step.code, step.consumed, step.produced, in, out);
    }

   private:
    DeflateStream stream_;
  };

  class Decoder {
   public:
    explicit Decoder(const Settings& settings)
        : stream_(context()), dictionary_(settings.dictionary) {
      EXPECT_EQ(stream_.open(settings.format, settings.window_bits, Allocator::standard()),
                StreamCode::ok);
      if (settings.format == Format::raw && !dictionary_.empty()) set_dictionary();
    }
    ~Decoder() { stream_.close(); }
    Step run(Input in, Room out) {
      const InflateStream::Step step =
          stream_.run(in.data(), static_cast<std::uint32_t>(in.size()), out.data(),
                      static_cast<std::uint32_t>(out.size()), Flush::none, nullptr);
      const auto consumed = static_cast<std::size_t>(step.consumed);
      if (step.code == StreamCode::need_dictionary && set_dictionary() == StreamCode::ok)
        return {consumed, 0, Outcome::more};
      return step_of(step.code, consumed, step.produced, in, out);
    }

   private:
    StreamCode set_dictionary() {
      return stream_.set_dictionary(dictionary_.data(), size_of(dictionary_));
    }

    InflateStream stream_;
    Bytes dictionary_;
  };

  static std::size_t bound(const Settings& settings, std::size_t bytes) {
    DeflateArena arena = arena_for(settings);
    const DeflateStream stream(context(), settings.format, parameters_of(settings), arena);
    const std::size_t most = stream.bound(bytes, nullptr) + (settings.dictionary.empty() ? 0 : 4);
    arena.release();
    return most;
  }
};

using Standard = Streams<CompressionChoice::standard>;
using Exact = Streams<CompressionChoice::exact>;

TEST(ExactStreams, MakeZlibsBytes) {
  for (const Format format : kAllFormats)
    for (int level = 0; level <= 9; ++level) {
      const Settings settings{.format = format, .level = level};
      const Bytes plain = mixture(50000);
      EXPECT_EQ(encoded<Exact>(settings, plain), zlib_makes(settings, plain)) << name_of(settings);
    }
}

}  // namespace

INSTANTIATE_TYPED_TEST_SUITE_P(Streams, EngineSuite, Standard);
INSTANTIATE_TYPED_TEST_SUITE_P(Streams, StreamSuite, Standard);
INSTANTIATE_TYPED_TEST_SUITE_P(ExactStreams, EngineSuite, Exact);
INSTANTIATE_TYPED_TEST_SUITE_P(ExactStreams, StreamSuite, Exact);

}  // namespace wd::test
