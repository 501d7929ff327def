// Whole messages in one call: libdeflate, or what serves in its place.
#include "wd/one_shot.hpp"
#include "engine_suite.hpp"
#include "wd/context.hpp"

namespace wd::test {

namespace {

const Context& context() {
  static const Context made{Config{}};
  return made;
}

struct OneShot {
  static constexpr auto kFormats = kAllFormats;

  class Encoder {
   public:
    explicit Encoder(const Settings& settings) : settings_(settings) {}
    Step run(Input in, Room out, Flush) {
      const auto done = compress(context(), settings_.format, settings_.level, std::as_bytes(in),
                                 std::as_writable_bytes(out));
      if (done) return {in.size(), *done, Outcome::end};
      EXPECT_EQ(done.error().code, Errc::output_full);
      return {0, 0, Outcome::more};
    }

   private:
    Settings settings_;
  };

  class Decoder {
   public:
    explicit Decoder(const Settings& settings) : settings_(settings) {}
    Step run(Input in, Room out) {
      const auto done =
          decompress(context(), settings_.format, std::as_bytes(in), std::as_writable_bytes(out));
      if (done) return {done->consumed, done->produced, Outcome::end};
      switch (done.error().code) {
        case Errc::output_full:
        case Errc::truncated:
          return {0, 0, Outcome::more};
        default:
          return {0, 0, Outcome::refused};
      }
    }

   private:
    Settings settings_;
  };

  static std::size_t bound(const Settings& settings, std::size_t bytes) {
    return compress_bound(settings.format, bytes);
  }
};

}  // namespace

INSTANTIATE_TYPED_TEST_SUITE_P(OneShot, EngineSuite, OneShot);

}  // namespace wd::test
