// Compressor and Decompressor.
#include "engine_suite.hpp"
#include "wd/one_shot.hpp"
#include "wd/session.hpp"

namespace wd::test {

namespace {

const Context& context() {
  static const Context made{Config{}};
  return made;
}

Step step_of(const Completion& done) {
  const auto outcome = [&] {
    switch (done.status) {
      case Status::ok:
        return Outcome::done;
      case Status::end:
        return Outcome::end;
      case Status::output_full:
        return Outcome::more;
      default:
        return Outcome::refused;
    }
  };
  return {done.consumed, done.produced, outcome()};
}

template <class AnySession>
Step run_session(AnySession& session, Input in, Room out, Flush flush) {
  const ConstBuffer from{in.data(), in.size()};
  const MutableBuffer to{out.data(), out.size()};
  const auto done = session.run({.in = {&from, 1}, .out = {&to, 1}, .flush = flush});
  EXPECT_TRUE(done);
  return done ? step_of(*done) : Step{0, 0, Outcome::refused};
}

struct Sessions {
  static constexpr auto kFormats = kAllFormats;

  // An encoder's or decoder's dictionary is borrowed as long as its session lives.
  class Encoder {
   public:
    explicit Encoder(const Settings& settings) : settings_(settings) {}
    Step run(Input in, Room out, Flush flush) { return run_session(session_, in, out, flush); }

   private:
    Settings settings_;
    Compressor session_ = Compressor::open(context(), {.format = settings_.format,
                                                       .level = settings_.level,
                                                       .window_bits = settings_.window_bits,
                                                       .memory_level = settings_.memory_level,
                                                       .strategy = settings_.strategy,
                                                       .dictionary = span_of(settings_.dictionary)})
                              .value();
  };

  class Decoder {
   public:
    explicit Decoder(const Settings& settings) : settings_(settings) {}
    Step run(Input in, Room out) { return run_session(session_, in, out, Flush::none); }

   private:
    Settings settings_;
    Decompressor session_ =
        Decompressor::open(context(), {.format = settings_.format,
                                       .window_bits = settings_.window_bits,
                                       .dictionary = span_of(settings_.dictionary)})
            .value();
  };

  static std::size_t bound(const Settings& settings, std::size_t bytes) {
    const bool ordinary = settings.window_bits == 15 && settings.memory_level == 8;
    return compress_bound(settings.format, bytes) + (settings.dictionary.empty() ? 0 : 4) +
           (ordinary ? 0 : bytes / 4);
  }
};

}  // namespace

INSTANTIATE_TYPED_TEST_SUITE_P(Sessions, EngineSuite, Sessions);
INSTANTIATE_TYPED_TEST_SUITE_P(Sessions, StreamSuite, Sessions);

}  // namespace wd::test
