// wd.h, from submit to wait.
#include "engine_suite.hpp"
#include "wd/wd.h"

namespace wd::test {

namespace {

const wd_context* context() {
  static wd_context* made = [] {
    wd_context* opened = nullptr;
    EXPECT_EQ(wd_context_open(&opened, nullptr), 0);
    return opened;
  }();
  return made;
}

Step step_of(int code, const wd_completion& done) {
  EXPECT_EQ(code, 0);
  const auto outcome = [&] {
    switch (done.status) {
      case WD_STATUS_OK:
        return Outcome::done;
      case WD_STATUS_END:
        return Outcome::end;
      case WD_STATUS_OUTPUT_FULL:
        return Outcome::more;
      default:
        return Outcome::refused;
    }
  };
  return {done.consumed, done.produced, outcome()};
}

// A request of one piece of input and one of output, and what it refers to.
struct OnePiece {
  wd_const_buffer in;
  wd_mutable_buffer out;

  OnePiece(Input from, Room to) : in{from.data(), from.size()}, out{to.data(), to.size()} {}
  [[nodiscard]] wd_request request(wd_flush flush) const { return {&in, 1, &out, 1, flush, 0}; }
};

struct CApi {
  static constexpr auto kFormats = kAllFormats;

  class Encoder {
   public:
    explicit Encoder(const Settings& settings) : dictionary_(settings.dictionary) {
      const wd_compress_options options{static_cast<wd_format>(settings.format),
                                        settings.level,
                                        settings.window_bits,
                                        settings.memory_level,
                                        static_cast<int>(settings.strategy),
                                        dictionary_.data(),
                                        dictionary_.size()};
      EXPECT_EQ(wd_compressor_open(&session_, context(), &options), 0);
    }
    ~Encoder() { wd_compressor_close(session_); }
    Step run(Input in, Room out, Flush flush) {
      const OnePiece piece(in, out);
      const wd_request request = piece.request(static_cast<wd_flush>(flush));
      const std::int64_t ticket = wd_compressor_submit(session_, &request);
      EXPECT_GT(ticket, 0);
      wd_completion done{};
      return step_of(wd_compressor_wait(session_, ticket, -1, &done), done);
    }

   private:
    Bytes dictionary_;
    wd_compressor* session_ = nullptr;
  };

  class Decoder {
   public:
    explicit Decoder(const Settings& settings) : dictionary_(settings.dictionary) {
      const wd_decompress_options options{static_cast<wd_format>(settings.format),
                                          settings.window_bits, dictionary_.data(),
                                          dictionary_.size()};
      EXPECT_EQ(wd_decompressor_open(&session_, context(), &options), 0);
    }
    ~Decoder() { wd_decompressor_close(session_); }
    Step run(Input in, Room out) {
      const OnePiece piece(in, out);
      const wd_request request = piece.request(WD_FLUSH_NONE);
      wd_completion done{};
      return step_of(wd_decompressor_run(session_, &request, &done), done);
    }

   private:
    Bytes dictionary_;
    wd_decompressor* session_ = nullptr;
  };

  static std::size_t bound(const Settings& settings, std::size_t bytes) {
    const bool ordinary = settings.window_bits == 15 && settings.memory_level == 8;
    return wd_compress_bound(static_cast<wd_format>(settings.format), bytes) +
           (settings.dictionary.empty() ? 0 : 4) + (ordinary ? 0 : bytes / 4);
  }
};

}  // namespace

INSTANTIATE_TYPED_TEST_SUITE_P(CApi, EngineSuite, CApi);
INSTANTIATE_TYPED_TEST_SUITE_P(CApi, StreamSuite, CApi);

}  // namespace wd::test
