// The suite: what every engine does with every format it knows. An engine's own *_test.cpp
// instantiates EngineSuite, and StreamSuite if it takes messages in parts.
#ifndef WD_TESTS_SUITE_ENGINE_SUITE_HPP_
#define WD_TESTS_SUITE_ENGINE_SUITE_HPP_

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <thread>
#include <vector>

#include "engine.hpp"
#include "fixtures/guarded_buffer.hpp"
#include "fixtures/reference_zlib.hpp"
#include "known_streams.hpp"

namespace wd::test {

inline constexpr std::size_t kWhole = ~std::size_t{0};

// Feeds `in` to an encoder in pieces, the last with `flush`; appends what comes to `packed`. False
// if it does not come to its end.
template <class Encoder>
bool encode(Encoder& encoder, const Bytes& in, Flush flush, std::size_t in_piece,
            std::size_t out_piece, Bytes& packed) {
  const GuardedBuffer guarded(in);
  const GuardedBuffer out(out_piece);
  Input rest = guarded.span();
  for (int idle = 0; idle < 3;) {
    const Input now = rest.first(std::min(in_piece, rest.size()));
    const bool last = now.size() == rest.size();
    const Step step = encoder.run(now, out.span(), last ? flush : Flush::none);
    if (step.consumed > now.size() || step.produced > out_piece) return false;
    packed.insert(packed.end(), out.data(), out.data() + step.produced);
    rest = rest.subspan(step.consumed);
    idle = step.consumed == 0 && step.produced == 0 ? idle + 1 : 0;
    if (step.outcome == Outcome::end) return flush == Flush::finish && rest.empty();
    if (step.outcome == Outcome::refused) return false;
    if (step.outcome == Outcome::done && last) return flush != Flush::finish;
  }
  return false;
}

struct Decoded {
  Outcome outcome;  // end, refused, or done: wants more input than there is
  Bytes plain;
  std::size_t consumed;
};

// Feeds `packed` to a decoder in pieces, until its message ends or makes more than `most` bytes.
template <class Decoder>
Decoded decode(Decoder& decoder, const Bytes& packed, std::size_t in_piece, std::size_t out_piece,
               std::size_t most) {
  const GuardedBuffer guarded(packed);
  const GuardedBuffer out(out_piece);
  Input rest = guarded.span();
  Decoded decoded{Outcome::more, {}, 0};
  for (int idle = 0; idle < 3 && decoded.plain.size() <= most;) {
    const Input now = rest.first(std::min(in_piece, rest.size()));
    const Step step = decoder.run(now, out.span());
    if (step.consumed > now.size() || step.produced > out_piece) break;
    decoded.plain.insert(decoded.plain.end(), out.data(), out.data() + step.produced);
    decoded.consumed += step.consumed;
    decoded.outcome = step.outcome;
    rest = rest.subspan(step.consumed);
    idle = step.consumed == 0 && step.produced == 0 ? idle + 1 : 0;
    if (step.outcome == Outcome::end || step.outcome == Outcome::refused) break;
    if (step.outcome == Outcome::done && rest.empty()) break;
  }
  return decoded;
}

template <class Engine>
Bytes encoded(const Settings& settings, const Bytes& plain) {
  typename Engine::Encoder encoder(settings);
  Bytes packed;
  EXPECT_TRUE(
      encode(encoder, plain, Flush::finish, kWhole, Engine::bound(settings, plain.size()), packed));
  return packed;
}

template <class Engine>
Decoded decoded(const Settings& settings, const Bytes& packed, std::size_t room) {
  typename Engine::Decoder decoder(settings);
  return decode(decoder, packed, kWhole, room, room);
}

inline std::optional<Bytes> zlib_reads(const Settings& settings, const Bytes& packed,
                                       std::size_t most) {
  return reference_decompress(settings.format, packed, most, settings.dictionary);
}

inline Bytes zlib_makes(const Settings& settings, const Bytes& plain) {
  return reference_compress(settings.format, plain,
                            {.level = settings.level,
                             .window_bits = settings.window_bits,
                             .memory_level = settings.memory_level,
                             .strategy = static_cast<int>(settings.strategy),
                             .dictionary = settings.dictionary});
}

inline std::string name_of(const Settings& settings) {
  return "format " + std::to_string(static_cast<int>(settings.format)) + ", level " +
         std::to_string(settings.level) + ", window " + std::to_string(settings.window_bits) +
         ", memory " + std::to_string(settings.memory_level) + ", strategy " +
         std::to_string(static_cast<int>(settings.strategy));
}

inline std::vector<std::size_t> message_sizes() {
  std::vector<std::size_t> sizes;
  for (std::size_t size = 0; size < 40; ++size) sizes.push_back(size);
  for (const std::size_t border : {256, 511, 1024, 4096, 16384, 32768, 65535, 131072})
    sizes.insert(sizes.end(), {border - 1, border, border + 1});
  return sizes;
}

// ----- every engine -----

template <class Engine>
class EngineSuite : public testing::Test {};

TYPED_TEST_SUITE_P(EngineSuite);

TYPED_TEST_P(EngineSuite, MakesWhatZlibReadsAtAllSizes) {
  for (const Format format : TypeParam::kFormats)
    for (const std::size_t size : message_sizes()) {
      const Bytes plain = mixture(size, size);
      const Settings settings{.format = format};
      ASSERT_EQ(zlib_reads(settings, encoded<TypeParam>(settings, plain), size), plain) << size;
    }
}

TYPED_TEST_P(EngineSuite, ReadsWhatZlibMadeAtAllSizes) {
  for (const Format format : TypeParam::kFormats)
    for (const std::size_t size : message_sizes()) {
      const Bytes plain = mixture(size, size);
      const Settings settings{.format = format};
      const Bytes packed = zlib_makes(settings, plain);
      const Decoded read = decoded<TypeParam>(settings, packed, size + 1);
      ASSERT_EQ(read.outcome, Outcome::end) << size;
      ASSERT_EQ(read.consumed, packed.size()) << size;
      ASSERT_EQ(read.plain, plain) << size;
    }
}

TYPED_TEST_P(EngineSuite, ReadsItsOwnAtAllLevels) {
  for (const Format format : TypeParam::kFormats)
    for (int level = 0; level <= 9; ++level)
      for (const Bytes& plain : {text(30000), noise(30000), Bytes(30000, 'x')}) {
        const Settings settings{.format = format, .level = level};
        const Bytes packed = encoded<TypeParam>(settings, plain);
        EXPECT_EQ(zlib_reads(settings, packed, plain.size()), plain) << name_of(settings);
        EXPECT_EQ(decoded<TypeParam>(settings, packed, plain.size() + 1).plain, plain);
      }
}

TYPED_TEST_P(EngineSuite, StoresAtLevelZeroAndSearchesAtOthers) {
  for (const Format format : TypeParam::kFormats) {
    const Bytes plain = text(20000);
    EXPECT_GT(encoded<TypeParam>({.format = format, .level = 0}, plain).size(), plain.size());
    const std::size_t quick = encoded<TypeParam>({.format = format, .level = 1}, plain).size();
    const std::size_t thorough = encoded<TypeParam>({.format = format, .level = 9}, plain).size();
    EXPECT_LT(quick, plain.size() / 2);
    EXPECT_LT(thorough, quick);
  }
}

TYPED_TEST_P(EngineSuite, KeepsToItsBoundOnNoise) {
  for (const Format format : TypeParam::kFormats)
    for (int level = 0; level <= 9; ++level)
      for (const std::size_t size : message_sizes()) {
        const Bytes plain = noise(size, size);
        const Settings settings{.format = format, .level = level};
        const Bytes packed = encoded<TypeParam>(settings, plain);
        ASSERT_LE(packed.size(), TypeParam::bound(settings, size)) << name_of(settings);
        ASSERT_EQ(zlib_reads(settings, packed, size), plain) << name_of(settings) << ", " << size;
      }
}

TYPED_TEST_P(EngineSuite, ReadsKnownStreams) {
  for (const KnownStream& known : known_streams()) {
    ASSERT_EQ(reference_decompress(Format::raw, known.packed, known.plain.size()), known.plain)
        << "the stream itself: " << known.what;
    const Decoded read =
        decoded<TypeParam>({.format = Format::raw}, known.packed, known.plain.size() + 1);
    EXPECT_EQ(read.outcome, Outcome::end) << known.what;
    EXPECT_EQ(read.consumed, known.packed.size()) << known.what;
    EXPECT_EQ(read.plain, known.plain) << known.what;
  }
}

TYPED_TEST_P(EngineSuite, LeavesWhatFollowsAMessage) {
  for (const Format format : TypeParam::kFormats)
    for (const std::size_t behind : {std::size_t{1}, std::size_t{7}, std::size_t{100}}) {
      const Bytes plain = text(300);
      Bytes packed = zlib_makes({.format = format}, plain);
      const std::size_t message = packed.size();
      packed.insert(packed.end(), behind, 0xa5);
      const Decoded read = decoded<TypeParam>({.format = format}, packed, plain.size() + 1);
      EXPECT_EQ(read.outcome, Outcome::end);
      EXPECT_EQ(read.consumed, message);
      EXPECT_EQ(read.plain, plain);
    }
}

TYPED_TEST_P(EngineSuite, RefusesBrokenStreams) {
  for (const BrokenStream& broken : broken_streams())
    EXPECT_EQ(decoded<TypeParam>({.format = Format::raw}, broken.packed, 1000).outcome,
              Outcome::refused)
        << broken.why;
}

TYPED_TEST_P(EngineSuite, RefusesWrongTrailers) {
  for (const Format format : TypeParam::kFormats) {
    if (format == Format::raw) continue;
    const Bytes plain = text(500);
    const Bytes packed = zlib_makes({.format = format}, plain);
    const std::size_t trailer = format == Format::gzip ? 8 : 4;
    for (std::size_t bit = 0; bit < trailer * 8; ++bit)
      EXPECT_EQ(
          decoded<TypeParam>({.format = format},
                             with_flipped_bits(packed, packed.size() - 1 - bit / 8, 1u << bit % 8),
                             plain.size() + 1)
              .outcome,
          Outcome::refused)
          << bit;
  }
}

TYPED_TEST_P(EngineSuite, NeverEndsAMessageThatIsCutOff) {
  for (const Format format : TypeParam::kFormats) {
    const Bytes plain = mixture(600);
    const Bytes packed = zlib_makes({.format = format}, plain);
    for (std::size_t size = 0; size < packed.size(); ++size)
      EXPECT_NE(decoded<TypeParam>({.format = format}, Bytes(packed.begin(), packed.begin() + size),
                                   plain.size() + 1)
                    .outcome,
                Outcome::end)
          << size;
  }
}

// The page behind the room, and that behind the input, cannot be touched.
TYPED_TEST_P(EngineSuite, StaysWithinItsBuffersWhateverItReads) {
  Seeded seeded(12);
  for (const Format format : TypeParam::kFormats)
    for (int round = 0; round < 300; ++round) {
      const std::size_t size = 1 + seeded.below(3000);
      const Bytes plain = mixture(size, seeded.next());
      Bytes packed = zlib_makes({.format = format, .level = 1 + round % 9}, plain);
      for (std::size_t damages = 1 + seeded.below(3); damages != 0; --damages) {
        const std::size_t bit = seeded.below(packed.size() * 8);
        packed = with_flipped_bits(packed, bit / 8, 1u << bit % 8);
      }
      const std::size_t room = seeded.below(2) == 0 ? plain.size() : seeded.below(5000) + 1;
      const Decoded read = decoded<TypeParam>({.format = format}, packed, room);
      const auto reference = reference_decompress(format, packed, room);
      if (reference) {
        ASSERT_EQ(read.plain, *reference) << round;
      } else if (format != Format::raw && read.outcome == Outcome::end &&
                 read.consumed == packed.size()) {
        ASSERT_EQ(read.plain, plain) << "accepted by its checksum, round " << round;
      }
    }
}

TYPED_TEST_P(EngineSuite, StaysWithinItsRoomWhenThatIsTooSmall) {
  const Bytes plain = mixture(3000);
  for (const Format format : TypeParam::kFormats) {
    const Settings settings{.format = format};
    const std::size_t needed = encoded<TypeParam>(settings, plain).size();
    for (std::size_t room = 1; room < needed; room += 13) {
      typename TypeParam::Encoder encoder(settings);
      const GuardedBuffer out(room);
      const Step step = encoder.run(plain, out.span(), Flush::finish);
      EXPECT_LE(step.produced, room);
      // A smaller engine may serve where this one does not fit.
      if (step.outcome == Outcome::end) {
        EXPECT_EQ(zlib_reads(settings, Bytes(out.data(), out.data() + step.produced), 3000), plain);
      }
    }
  }
}

// Labelled threads: run under the thread sanitizer.
TYPED_TEST_P(EngineSuite, WorksInSeveralThreads) {
  std::vector<std::thread> threads;
  for (std::uint64_t number = 0; number < 4; ++number)
    threads.emplace_back([number] {
      for (const Format format : TypeParam::kFormats)
        for (int level = 0; level <= 9; level += 3) {
          const Bytes plain = mixture(20000, number);
          const Settings settings{.format = format, .level = level};
          const Bytes packed = encoded<TypeParam>(settings, plain);
          EXPECT_EQ(decoded<TypeParam>(settings, packed, plain.size() + 1).plain, plain);
        }
    });
  for (std::thread& thread : threads) thread.join();
}

REGISTER_TYPED_TEST_SUITE_P(EngineSuite, MakesWhatZlibReadsAtAllSizes, ReadsWhatZlibMadeAtAllSizes,
                            ReadsItsOwnAtAllLevels, StoresAtLevelZeroAndSearchesAtOthers,
                            KeepsToItsBoundOnNoise, ReadsKnownStreams, LeavesWhatFollowsAMessage,
                            RefusesBrokenStreams, RefusesWrongTrailers,
                            NeverEndsAMessageThatIsCutOff, StaysWithinItsBuffersWhateverItReads,
                            StaysWithinItsRoomWhenThatIsTooSmall, WorksInSeveralThreads);

// ----- engines that take messages in parts -----

template <class Engine>
class StreamSuite : public testing::Test {};

TYPED_TEST_SUITE_P(StreamSuite);

TYPED_TEST_P(StreamSuite, ReadsAMessageCutAtAnyByte) {
  const Bytes plain = mixture(500);
  for (const Format format : TypeParam::kFormats) {
    const Bytes packed = zlib_makes({.format = format}, plain);
    for (std::size_t at = 1; at < packed.size(); ++at) {
      typename TypeParam::Decoder decoder({.format = format});
      const Decoded first = decode(decoder, Bytes(packed.begin(), packed.begin() + at), kWhole,
                                   plain.size() + 1, plain.size());
      ASSERT_EQ(first.outcome, Outcome::done) << at;
      ASSERT_EQ(first.consumed, at);
      const Decoded second = decode(decoder, Bytes(packed.begin() + at, packed.end()), kWhole,
                                    plain.size() + 1, plain.size());
      ASSERT_EQ(second.outcome, Outcome::end) << at;
      Bytes all = first.plain;
      all.insert(all.end(), second.plain.begin(), second.plain.end());
      ASSERT_EQ(all, plain) << at;
    }
  }
}

TYPED_TEST_P(StreamSuite, TakesAMessageCutAtAnyByte) {
  const Bytes plain = mixture(300);
  for (const Format format : TypeParam::kFormats)
    for (std::size_t at = 1; at < plain.size(); ++at) {
      const Settings settings{.format = format};
      typename TypeParam::Encoder encoder(settings);
      Bytes packed;
      ASSERT_TRUE(encode(encoder, Bytes(plain.begin(), plain.begin() + at), Flush::none, kWhole,
                         1000, packed));
      ASSERT_TRUE(encode(encoder, Bytes(plain.begin() + at, plain.end()), Flush::finish, kWhole,
                         1000, packed));
      ASSERT_EQ(zlib_reads(settings, packed, plain.size()), plain) << at;
    }
}

TYPED_TEST_P(StreamSuite, WorksInPiecesOfAnySize) {
  const Bytes plain = mixture(20000);
  for (const Format format : TypeParam::kFormats)
    for (const std::size_t in_piece : {std::size_t{1}, std::size_t{3}, std::size_t{1000}, kWhole})
      for (const std::size_t out_piece :
           {std::size_t{1}, std::size_t{5}, std::size_t{777}, std::size_t{32768}}) {
        const Settings settings{.format = format};
        typename TypeParam::Encoder encoder(settings);
        Bytes packed;
        ASSERT_TRUE(encode(encoder, plain, Flush::finish, in_piece, out_piece, packed));
        ASSERT_EQ(zlib_reads(settings, packed, plain.size()), plain);
        typename TypeParam::Decoder decoder(settings);
        const Decoded read = decode(decoder, packed, in_piece, out_piece, plain.size());
        ASSERT_EQ(read.outcome, Outcome::end) << in_piece << ", " << out_piece;
        ASSERT_EQ(read.consumed, packed.size());
        ASSERT_EQ(read.plain, plain);
      }
}

TYPED_TEST_P(StreamSuite, ReadsKnownStreamsByteByByte) {
  for (const KnownStream& known : known_streams()) {
    typename TypeParam::Decoder decoder({.format = Format::raw});
    const Decoded read = decode(decoder, known.packed, 1, 1, known.plain.size());
    EXPECT_EQ(read.outcome, Outcome::end) << known.what;
    EXPECT_EQ(read.plain, known.plain) << known.what;
  }
}

TYPED_TEST_P(StreamSuite, UsesADictionary) {
  const Bytes dictionary = mixture(40000, 4);
  const Bytes plain(dictionary.end() - 3000, dictionary.end());
  for (const Format format : TypeParam::kFormats) {
    if (format == Format::gzip) continue;
    const Settings settings{.format = format, .dictionary = dictionary};
    const Bytes packed = encoded<TypeParam>(settings, plain);
    EXPECT_LT(packed.size(), 100u) << "all of it is in the dictionary";
    EXPECT_EQ(zlib_reads(settings, packed, plain.size()), plain);
    const Decoded read =
        decoded<TypeParam>(settings, zlib_makes(settings, plain), plain.size() + 1);
    EXPECT_EQ(read.outcome, Outcome::end);
    EXPECT_EQ(read.plain, plain);
  }
}

TYPED_TEST_P(StreamSuite, MeansWhatItsSettingsSay) {
  const Bytes plain = mixture(40000);
  for (const Format format : TypeParam::kFormats)
    for (const int level : {1, 6})
      for (const int window_bits : {9, 11, 15})
        for (const int memory_level : {1, 8, 9})
          for (int strategy = 0; strategy <= 4; ++strategy) {
            const Settings settings{.format = format,
                                    .level = level,
                                    .window_bits = window_bits,
                                    .memory_level = memory_level,
                                    .strategy = static_cast<Strategy>(strategy)};
            const Bytes packed = encoded<TypeParam>(settings, plain);
            ASSERT_EQ(zlib_reads(settings, packed, plain.size()), plain) << name_of(settings);
            // Whatever is not the default means zlib's very way of doing it.
            if (strategy != 0 || window_bits != 15) {
              EXPECT_EQ(packed, zlib_makes(settings, plain)) << name_of(settings);
            }
            EXPECT_EQ(decoded<TypeParam>(settings, packed, plain.size() + 1).plain, plain);
          }
}

// What was given before a flush can be read before more is given.
TYPED_TEST_P(StreamSuite, CanBeReadUpToAFlush) {
  const Bytes plain = mixture(3000);
  for (const Format format : TypeParam::kFormats)
    for (const Flush flush : {Flush::sync, Flush::full})
      for (const std::size_t at : {std::size_t{1}, std::size_t{500}, std::size_t{2999}}) {
        const Settings settings{.format = format};
        typename TypeParam::Encoder encoder(settings);
        typename TypeParam::Decoder decoder(settings);
        const Bytes first(plain.begin(), plain.begin() + static_cast<std::ptrdiff_t>(at));
        const Bytes second(plain.begin() + static_cast<std::ptrdiff_t>(at), plain.end());
        Bytes packed;
        ASSERT_TRUE(encode(encoder, first, flush, kWhole, 5000, packed));
        ASSERT_GE(packed.size(), 4u);
        EXPECT_EQ(Bytes(packed.end() - 4, packed.end()), (Bytes{0, 0, 0xff, 0xff}));
        const Decoded read = decode(decoder, packed, kWhole, 5000, 5000);
        EXPECT_EQ(read.outcome, Outcome::done);
        EXPECT_EQ(read.plain, first);
        Bytes rest;
        ASSERT_TRUE(encode(encoder, second, Flush::finish, kWhole, 5000, rest));
        const Decoded more = decode(decoder, rest, kWhole, 5000, 5000);
        EXPECT_EQ(more.outcome, Outcome::end);
        EXPECT_EQ(more.plain, second);
      }
}

TYPED_TEST_P(StreamSuite, CanBeReadFromAFullFlushOn) {
  const Bytes plain = text(2000);
  typename TypeParam::Encoder encoder({.format = Format::raw});
  Bytes dropped;
  ASSERT_TRUE(encode(encoder, plain, Flush::full, kWhole, 5000, dropped));
  Bytes packed;
  ASSERT_TRUE(encode(encoder, plain, Flush::finish, kWhole, 5000, packed));
  EXPECT_EQ(reference_decompress(Format::raw, packed, plain.size()), plain);
}

REGISTER_TYPED_TEST_SUITE_P(StreamSuite, ReadsAMessageCutAtAnyByte, TakesAMessageCutAtAnyByte,
                            WorksInPiecesOfAnySize, ReadsKnownStreamsByteByByte, UsesADictionary,
                            MeansWhatItsSettingsSay, CanBeReadUpToAFlush,
                            CanBeReadFromAFullFlushOn);

}  // namespace wd::test

#endif  // WD_TESTS_SUITE_ENGINE_SUITE_HPP_
