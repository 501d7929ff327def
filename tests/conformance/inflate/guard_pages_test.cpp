// Input that ends, and rooms that end, where a page begins that nobody may touch; near the sizes at
// which the decoder goes from its fast loop to its careful one.
#include <algorithm>

#include "fixtures/guarded_buffer.hpp"
#include "fixtures/reference_zlib.hpp"
#include "two_streams.hpp"

namespace wd::test {
namespace {

constexpr std::size_t kMostInput = 100;
constexpr std::size_t kMostRoom = 400;

Bytes repeated(std::size_t period, std::size_t bytes) {
  Bytes made = noise(std::max<std::size_t>(period, 1));
  while (made.size() < bytes) made.push_back(made[made.size() - period]);
  return made;
}

// Literals of 9 bits and copies of all distances, of which many are long.
Bytes far_copies() {
  Bytes made = noise(40000);
  Seeded seeded(7);
  while (made.size() < 90000) {
    const std::size_t from = made.size() - 1 - seeded.below(32000);
    for (std::size_t i = 0, bytes = 3 + seeded.below(256); i < bytes; ++i)
      made.push_back(made[from + i]);
    for (std::size_t i = seeded.below(4); i != 0; --i) made.push_back(seeded.byte());
  }
  return made;
}

struct Material {
  const char* name;
  Bytes plain;
  ReferenceOptions options;
};

std::vector<Material> all_materials() {
  return {{"text", text(60000), {}},
          {"mixture", mixture(60000), {}},
          {"copies", far_copies(), {.level = 9}},
          {"fixed", text(60000), {.strategy = 4}},
          {"literals", text(60000), {.strategy = 2}},
          {"run", repeated(1, 300000), {}},
          {"period3", repeated(3, 300000), {.level = 9}},
          {"period20", repeated(20, 300000), {}},
          {"stored", noise(60000), {.level = 0}}};
}

// From the middle of a stream on: decodes `in` of input to `room` bytes, both at a page's end.
class GuardPages : public EachWideLoop {
 protected:
  void open(const Material& material) {
    packed_ = reference_compress(Format::raw, material.plain, material.options);
    at_ = 0;
    streams_ = std::make_unique<TwoStreams>(-15);
    const std::size_t wanted = packed_.size() / 2;
    Bytes reference(70000);
    Bytes shim(70000);
    while (at_ < wanted) {
      const auto in = std::span(packed_).subspan(at_, std::min(wanted - at_, packed_.size() - at_));
      ASSERT_EQ(streams_->call(in, reference, shim, Z_NO_FLUSH), "");
      at_ += streams_->consumed();
    }
  }

  void expect_agree(std::size_t in_bytes, std::size_t room, int flush) {
    TwoStreams streams(*streams_);
    std::copy_n(packed_.begin() + static_cast<long>(at_), in_bytes,
                in_.data() + kMostInput - in_bytes);
    const std::span<std::uint8_t> reference(reference_room_.data(), room);
    const std::span<std::uint8_t> shim(room_.data() + kMostRoom - room, room);
    for (std::size_t i = 0; i < kMostRoom; ++i)
      reference_room_[i] = static_cast<std::uint8_t>(i * 7 + in_bytes);
    std::copy_n(reference.begin(), room, shim.begin());
    const std::span<const std::uint8_t> in(in_.data() + kMostInput - in_bytes, in_bytes);
    ASSERT_EQ(streams.call(in, reference, shim, flush), "")
        << in_bytes << " bytes of input, room for " << room;
  }

  Bytes packed_;
  std::size_t at_ = 0;
  std::unique_ptr<TwoStreams> streams_;
  GuardedBuffer in_{kMostInput};
  GuardedBuffer room_{kMostRoom};
  Bytes reference_room_ = Bytes(kMostRoom);
};

TEST_P(GuardPages, AreNotTouchedWhateverTheSizes) {
  for (const Material& material : all_materials()) {
    SCOPED_TRACE(material.name);
    open(material);
    const std::size_t most = std::min(kMostInput, packed_.size() - at_);
    for (std::size_t in = 0; in <= most; ++in)
      for (std::size_t room = in % 3; room <= kMostRoom; room += room < 110 || room > 240 ? 1 : 3)
        expect_agree(in, room, Z_NO_FLUSH);
    if (HasFatalFailure()) return;
  }
}

// Whole messages, their lengths all there are, into a room that is just large enough: one call.
TEST_P(GuardPages, AreNotTouchedByWholeMessages) {
  for (std::size_t bytes = 0; bytes <= 1000; bytes += bytes < 400 ? 1 : 37)
    for (const Bytes& plain : {text(bytes), repeated(1 + bytes % 20, bytes)}) {
      const std::span<const std::uint8_t> head(plain.data(), bytes);
      const Bytes packed = reference_compress(Format::zlib, head);
      const GuardedBuffer in(packed);
      for (const std::size_t spare : {0, 1, 48, 63, 64, 65, 80}) {
        const GuardedBuffer out(bytes + spare);
        Bytes reference(bytes + spare + 1);  // never null
        TwoStreams streams(15);
        ASSERT_EQ(streams.call(in.span(), std::span(reference).first(bytes + spare), out.span(),
                               Z_FINISH),
                  "")
            << bytes << " bytes and " << spare << " to spare";
        ASSERT_EQ(streams.code(), Z_STREAM_END);
        ASSERT_TRUE(std::equal(head.begin(), head.end(), out.data()));
      }
    }
}

// The first page, too: nothing is read before the input, or written before the room.
TEST_P(GuardPages, AreNotTouchedInFront) {
  for (const Material& material : all_materials()) {
    SCOPED_TRACE(material.name);
    open(material);
    const std::size_t most = std::min<std::size_t>(3000, packed_.size() - at_);
    const GuardedBuffer in(std::span<const std::uint8_t>(packed_).subspan(at_, most),
                           GuardedBuffer::Guarded::beginning);
    for (const std::size_t room : {1, 79, 80, 81, 300, 5000, 20000}) {
      const GuardedBuffer out(room, GuardedBuffer::Guarded::beginning);
      Bytes reference(room);
      TwoStreams streams(*streams_);
      ASSERT_EQ(streams.call(in.span(), reference, out.span(), Z_NO_FLUSH), "") << room;
    }
  }
}

WD_TEST_EACH_WIDE_LOOP(GuardPages);

}  // namespace
}  // namespace wd::test
