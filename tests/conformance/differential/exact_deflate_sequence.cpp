#include <algorithm>
#include <cstring>
#include <memory>

#include "behind_the_end.hpp"
#include "deflate_setup.hpp"
#include "sequences.hpp"

namespace wd::test {

namespace {

constexpr int kFlushes[] = {Z_NO_FLUSH,   Z_NO_FLUSH,   Z_NO_FLUSH,      Z_NO_FLUSH,
                            Z_SYNC_FLUSH, Z_FULL_FLUSH, Z_PARTIAL_FLUSH, Z_BLOCK};

class ExactDeflateSequence {
 public:
  explicit ExactDeflateSequence(Choices& choices) : choices_(choices) {}

  Difference run() {
    plain_ = make_plain(choices_, choices_.one_in(10) ? 150000 : 6000);
    input_step_ = 1 + choices_.skewed(20000);
    output_step_ = 1 + choices_.skewed(20000);
    if (choices_.one_in(2)) pair_->use_own_allocator();
    const DeflateSetup setup = DeflateSetup::any(choices_);
    const int reference = setup.open(kReference, a());
    const int shim = setup.open(kShim, b());
    pair_->give_output(0);
    Difference difference = compare("deflateInit2", reference, shim);
    if (!difference.empty() || reference != Z_OK) return difference;
    gzip_ = setup.window_bits > 15;
    raw_ = setup.window_bits < 0;
    window_bits_ = setup.window_bits;
    difference = before_first();
    for (int steps = 0; difference.empty() && steps < 300 && ended_ < 3; ++steps) {
      difference = choices_.one_in(25) && ended_ == 0 ? rare_call() : deflate_call();
      if (difference.empty() && ended_ != 0) difference = behind_the_end();
    }
    if (difference.empty())
      difference = compare("deflateEnd", ref_deflateEnd(&a()), deflateEnd(&b()));
    if (difference.empty() && memory_of().shim.memory.blocks != 0)
      difference = "memory of the caller's allocator was not given back";
    if (difference.empty() &&
        memory_of().shim.memory.peak_bytes > memory_of().reference.memory.peak_bytes)
      difference = "more than zlib's memory";
    return difference;
  }

 private:
  z_stream& a() { return pair_->reference.stream; }
  z_stream& b() { return pair_->shim.stream; }
  const Pair& memory_of() const { return kept_.empty() ? *pair_ : *kept_.front(); }
  Difference compare(const char* call, int reference, int shim) {
    return pair_->compare(call, reference, shim);
  }

  Difference before_first() {
    if (gzip_ && choices_.one_in(2)) {
      auto* text = reinterpret_cast<Bytef*>(const_cast<char*>(kText));
      header_ = gz_header{};
      extra_ = make_plain(choices_, 60);
      header_.time = choices_.below(1u << 31);
      header_.os = choices_.byte();
      header_.text = static_cast<int>(choices_.below(2));
      header_.hcrc = static_cast<int>(choices_.below(2));
      if (choices_.one_in(2) && !extra_.empty()) {
        header_.extra = extra_.data();
        header_.extra_len = static_cast<uInt>(extra_.size());
      }
      if (choices_.one_in(2)) header_.name = text;
      if (choices_.one_in(2)) header_.comment = text;
      const Difference difference =
          compare("deflateSetHeader", ref_deflateSetHeader(&a(), &header_),
                  deflateSetHeader(&b(), &header_));
      if (!difference.empty()) return difference;
    }
    if (choices_.one_in(4)) return set_dictionary();
    if (raw_ && choices_.one_in(4)) return prime();
    return {};
  }

  Difference set_dictionary() {
    Bytes dictionary = make_plain(choices_, 40000);
    dictionary.push_back('d');
    has_dictionary_ = true;
    const auto bytes = static_cast<uInt>(dictionary.size());
    return compare("deflateSetDictionary", ref_deflateSetDictionary(&a(), dictionary.data(), bytes),
                   deflateSetDictionary(&b(), dictionary.data(), bytes));
  }

  Difference prime() {
    // With output pending, zlib lets bits overwrite it (and may emit what it never wrote).
    unsigned pending = 0;
    ref_deflatePending(&a(), &pending, Z_NULL);
    if (pending != 0) return {};
    const int bits = static_cast<int>(choices_.below(19)) - 1;
    const int value = static_cast<int>(choices_.below(1u << 16));
    return compare("deflatePrime", ref_deflatePrime(&a(), bits, value),
                   deflatePrime(&b(), bits, value));
  }

  Difference deflate_call() {
    bool all_given = given_ == plain_.size();
    if (a().avail_in == 0 && !all_given && ended_ == 0) {
      const auto part =
          std::min<std::size_t>(plain_.size() - given_, 1 + choices_.below(input_step_));
      pair_->give_input(plain_.data() + given_, static_cast<std::uint32_t>(part));
      given_ += part;
    }
    all_given = given_ == plain_.size();
    pair_->give_output(!started_            ? first_room()
                       : choices_.one_in(4) ? choices_.skewed(output_step_ + 1)
                                            : output_step_);
    int flush = kFlushes[choices_.below(std::size(kFlushes))];
    if (finishing_ || (all_given && choices_.one_in(3))) flush = Z_FINISH;
    if (choices_.one_in(200)) flush = static_cast<int>(choices_.below(9)) - 1;
    finishing_ = finishing_ || flush == Z_FINISH;
    const int reference = ref_deflate(&a(), flush);
    const int shim = deflate(&b(), flush);
    ended_ += reference == Z_STREAM_END;
    started_ = started_ || reference != Z_STREAM_ERROR;
    Difference difference = compare("deflate", reference, shim);
    if (difference.empty()) difference = compare_pending();
    return difference;
  }

  // Often too small for the header. But one that fills the room to the byte lets zlib take input
  // that it has no room to answer for; the shim does not.
  std::uint32_t first_room() {
    if (choices_.one_in(2)) return 200 + output_step_;
    const std::uint32_t room = 1 + choices_.below(choices_.one_in(2) ? 2 : 100);
    return room == header_bytes() ? room + 1 : room;
  }

  std::uint32_t header_bytes() const {
    if (raw_) return 0;
    if (!gzip_) return has_dictionary_ ? 6 : 2;
    const auto text_bytes = static_cast<std::uint32_t>(std::strlen(kText) + 1);
    return 10 + (header_.extra != Z_NULL ? 2 + header_.extra_len : 0) +
           (header_.name != Z_NULL ? text_bytes : 0) +
           (header_.comment != Z_NULL ? text_bytes : 0) + (header_.hcrc != 0 ? 2 : 0);
  }

  Difference behind_the_end() {
    const Difference difference = call_behind_the_end(choices_, *pair_, window_bits_);
    if (!difference.empty() || !choices_.one_in(3)) return difference;
    ended_ = 0;
    return reset();
  }

  Difference reset() {
    given_ = 0;
    finishing_ = started_ = false;
    has_dictionary_ = false;
    pair_->give_input(nullptr, 0);
    return compare("deflateReset", ref_deflateReset(&a()), deflateReset(&b()));
  }

  Difference compare_pending() {
    unsigned bytes[2] = {1, 1};
    int bits[2] = {1, 1};
    const int codes[] = {ref_deflatePending(&a(), &bytes[0], &bits[0]),
                         deflatePending(&b(), &bytes[1], &bits[1])};
    if (codes[0] != codes[1] || bytes[0] != bytes[1] || bits[0] != bits[1])
      return "deflatePending differs: " + std::to_string(bytes[0]) + " and " +
             std::to_string(bytes[1]) + " bytes, " + std::to_string(bits[0]) + " and " +
             std::to_string(bits[1]) + " bits";
    if (ended_ != 0) return {};  // zlib forgets its wrapper then
    const uLong more = choices_.skewed(100000);
    // In mid-stream zlib adds the four bytes of a dictionary's name when its window has moved on,
    // the shim when there was input; and once it has written a trailer, zlib takes any frame for
    // zlib's.
    const uLong bounds[] = {ref_deflateBound(&a(), more), deflateBound(&b(), more)};
    // And at level 0 its bound can be too small by three.
    const uLong slack = a().total_in != 0 ? 7 : 3;
    if (bounds[1] < bounds[0] || (bounds[1] > bounds[0] + slack && !finishing_))
      return "deflateBound differs: " + std::to_string(bounds[0]) + " and " +
             std::to_string(bounds[1]);
    return {};
  }

  Difference rare_call() {
    switch (choices_.below(9)) {
      case 0:
        return reset();
      case 1:
      case 2: {
        const int level = static_cast<int>(choices_.below(12)) - 1;
        const int strategy = static_cast<int>(choices_.below(6));
        pair_->give_output(200 + choices_.skewed(output_step_));
        return compare("deflateParams", ref_deflateParams(&a(), level, strategy),
                       deflateParams(&b(), level, strategy));
      }
      case 3: {
        const int chain = static_cast<int>(choices_.below(100));
        return compare("deflateTune", ref_deflateTune(&a(), 4, 5, 16, chain),
                       deflateTune(&b(), 4, 5, 16, chain));
      }
      case 4:
        return raw_ ? prime() : Difference{};
      // zlib takes a dictionary, against its manual, when a trailer is written but not all out.
      case 5:
        return finishing_ ? Difference{} : set_dictionary();
      case 6:
        return get_dictionary();
      default:
        return copy();
    }
  }

  Difference get_dictionary() {
    Bytes dictionaries[2] = {Bytes(32768, 1), Bytes(32768, 1)};
    uInt bytes[2] = {5, 5};
    const int codes[] = {ref_deflateGetDictionary(&a(), dictionaries[0].data(), &bytes[0]),
                         deflateGetDictionary(&b(), dictionaries[1].data(), &bytes[1])};
    const bool same =
        codes[0] == codes[1] && bytes[0] == bytes[1] && dictionaries[0] == dictionaries[1];
    return same ? Difference{} : Difference{"deflateGetDictionary differs"};
  }

  Difference copy() {
    auto fresh = std::make_unique<Pair>();
    const int codes[] = {ref_deflateCopy(&fresh->reference.stream, &a()),
                         deflateCopy(&fresh->shim.stream, &b())};
    if (codes[0] != codes[1]) return "deflateCopy's code differs";
    if (codes[0] != Z_OK) return {};
    const int ends[] = {ref_deflateEnd(&a()), deflateEnd(&b())};
    if (ends[0] != ends[1]) return "deflateEnd of a copied stream differs";
    kept_.push_back(std::move(pair_));
    pair_ = std::move(fresh);
    pair_->give_output(0);
    z_stream moved[] = {a(), b()};
    return ref_deflateReset(&moved[0]) == deflateReset(&moved[1])
               ? Difference{}
               : Difference{"a moved z_stream is not refused"};
  }

  Choices& choices_;
  Bytes plain_;
  std::unique_ptr<Pair> pair_ = std::make_unique<Pair>();
  std::vector<std::unique_ptr<Pair>> kept_;
  gz_header header_{};
  Bytes extra_;
  static constexpr const char* kText = "a name";
  std::size_t given_ = 0;
  std::uint32_t input_step_ = 1;
  std::uint32_t output_step_ = 1;
  int window_bits_ = 0;
  int ended_ = 0;
  bool gzip_ = false;
  bool raw_ = false;
  bool has_dictionary_ = false;
  bool started_ = false;
  bool finishing_ = false;
};

}  // namespace

Difference run_exact_deflate_sequence(Choices& choices) {
  return ExactDeflateSequence(choices).run();
}

}  // namespace wd::test
