#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include "sequences.hpp"

namespace wd::test {

namespace {

constexpr int kFlushes[] = {Z_NO_FLUSH, Z_NO_FLUSH, Z_NO_FLUSH, Z_SYNC_FLUSH,   Z_FINISH,
                            Z_BLOCK,    Z_TREES,    Z_FINISH,   Z_PARTIAL_FLUSH};

int any_window_bits(Choices& choices, int of_stream) {
  if (!choices.one_in(4))
    return choices.one_in(4) && of_stream > 0 ? (of_stream & 15) + 32 : of_stream;
  return static_cast<int>(choices.below(70)) - 18;
}

// inflatePrime() fills up to 32 bits.
constexpr std::size_t kPrimedBytes = 4;

struct Headers {
  gz_header reference{};
  gz_header shim{};
  std::uint8_t reference_text[3][40];
  std::uint8_t shim_text[3][40];
};

class InflateSequence {
 public:
  explicit InflateSequence(Choices& choices) : choices_(choices) {}

  Difference run() {
    make_material();
    Difference difference = init();
    for (int steps = 0; difference.empty() && alive_ && steps < 400 && !finished(); ++steps)
      difference = step();
    if (difference.empty() && alive_)
      difference = compare("inflateEnd", ref_inflateEnd(&a()), inflateEnd(&b()));
    if (difference.empty()) difference = check_memory();
    return difference;
  }

 private:
  z_stream& a() { return pair_->reference.stream; }
  z_stream& b() { return pair_->shim.stream; }
  Difference compare(const char* call, long reference, long shim) {
    return pair_->compare(call, static_cast<int>(reference), static_cast<int>(shim));
  }

  void make_material() {
    material_ = make_stream(choices_);
    if (choices_.one_in(6)) {
      material_.bytes = make_plain(choices_, 400);
    } else if (choices_.one_in(3)) {
      damage(choices_, material_.bytes);
    }
    // A second stream behind the first, for what comes after a reset.
    if (choices_.one_in(5)) {
      const CompressedStream more = make_stream(choices_);
      material_.bytes.insert(material_.bytes.end(), more.bytes.begin(), more.bytes.end());
    }
    input_step_ = choices_.one_in(3) ? 1 + choices_.below(4) : 1 + choices_.skewed(40000);
    output_step_ = choices_.one_in(4) ? 1 + choices_.below(8) : 1 + choices_.skewed(70000);
  }

  Difference init() {
    if (choices_.one_in(3)) {
      pair_->use_own_allocator();
      own_allocator_ = true;
    }
    const int bits = any_window_bits(choices_, material_.window_bits);
    window_bits_ = bits;
    const int reference = ref_inflateInit2_(&a(), bits, ZLIB_VERSION, sizeof(z_stream));
    const int shim = inflateInit2_(&b(), bits, ZLIB_VERSION, sizeof(z_stream));
    alive_ = reference == Z_OK;
    pair_->give_output(0);
    return compare("inflateInit2", reference, shim);
  }

  bool finished() {
    return ended_ > 3 || (a().avail_in == 0 && given_ == material_.bytes.size() && idle_ > 3);
  }

  Difference step() {
    if (choices_.one_in(30)) return rare_call();
    return inflate_call();
  }

  Difference inflate_call() {
    if (a().avail_in == 0) {
      const auto left = static_cast<std::uint32_t>(material_.bytes.size() - given_);
      std::uint32_t part =
          std::min(left, choices_.one_in(3) ? 1 + choices_.skewed(input_step_) : input_step_);
      // Input in a block of its own, so that reading past it is seen by a sanitizer. Primed bits
      // that zlib gives back are read again as what lies before the input, whatever that is.
      const std::size_t before = primed_ ? kPrimedBytes : 0;
      piece_ = std::make_unique<std::uint8_t[]>(before + part);
      std::copy_n(material_.bytes.data() + given_, part, piece_.get() + before);
      given_ += part;
      pair_->give_input(part != 0 ? piece_.get() + before : nullptr, part);
      idle_ += part == 0;
    }
    pair_->give_output(choices_.one_in(3) ? choices_.skewed(output_step_ + 1) : output_step_);
    const int flush = kFlushes[choices_.below(std::size(kFlushes))];
    const int reference = ref_inflate(&a(), flush);
    const int shim = inflate(&b(), flush);
    Difference difference = compare("inflate", reference, shim);
    if (difference.empty()) difference = compare_headers();
    if (difference.empty()) difference = compare_position();
    if (reference == Z_NEED_DICT && difference.empty() && choices_.one_in(2))
      difference = set_dictionary();
    failed_ = failed_ || reference == Z_DATA_ERROR;
    ended_ += reference == Z_STREAM_END || reference == Z_DATA_ERROR;
    return difference;
  }

  Difference compare_position() {
    const long marks[] = {ref_inflateMark(&a()), inflateMark(&b())};
    if (marks[0] != marks[1])
      return "inflateMark: zlib " + std::to_string(marks[0]) + ", shim " + std::to_string(marks[1]);
    if (ref_inflateSyncPoint(&a()) != inflateSyncPoint(&b())) return "inflateSyncPoint differs";
    if (ref_inflateCodesUsed(&a()) != inflateCodesUsed(&b())) return "inflateCodesUsed differs";
    return {};
  }

  Difference compare_headers() {
    if (headers_ == nullptr) return {};
    const gz_header& x = headers_->reference;
    const gz_header& y = headers_->shim;
    const bool same = x.text == y.text && x.time == y.time && x.xflags == y.xflags &&
                      x.os == y.os && x.extra_len == y.extra_len && x.hcrc == y.hcrc &&
                      x.done == y.done && (x.extra == nullptr) == (y.extra == nullptr) &&
                      (x.name == nullptr) == (y.name == nullptr) &&
                      (x.comment == nullptr) == (y.comment == nullptr) &&
                      std::memcmp(headers_->reference_text, headers_->shim_text,
                                  sizeof(headers_->shim_text)) == 0;
    return same ? Difference{} : Difference{"gz_header differs"};
  }

  Difference set_dictionary() {
    Bytes dictionary = material_.dictionary;
    if (choices_.one_in(4) || dictionary.empty()) dictionary = make_plain(choices_, 500);
    if (dictionary.empty()) dictionary.push_back(0);
    const auto bytes = static_cast<uInt>(dictionary.size());
    return compare("inflateSetDictionary", ref_inflateSetDictionary(&a(), dictionary.data(), bytes),
                   inflateSetDictionary(&b(), dictionary.data(), bytes));
  }

  Difference get_dictionary() {
    Bytes reference(32768, 1);
    Bytes shim(32768, 1);
    uInt reference_bytes = 7;
    uInt shim_bytes = 7;
    const int codes[] = {ref_inflateGetDictionary(&a(), reference.data(), &reference_bytes),
                         inflateGetDictionary(&b(), shim.data(), &shim_bytes)};
    if (codes[0] != codes[1]) return "inflateGetDictionary's code differs";
    // Opened without a size and never told one, zlib goes on with a window of one byte.
    if ((window_bits_ & 15) == 0 && reference_bytes == 1) return {};
    if (reference_bytes != shim_bytes)
      return "inflateGetDictionary: zlib " + std::to_string(reference_bytes) + " bytes, shim " +
             std::to_string(shim_bytes);
    return reference == shim ? Difference{} : Difference{"inflateGetDictionary's bytes differ"};
  }

  Difference copy() {
    auto fresh = std::make_unique<Pair>();
    const int reference = ref_inflateCopy(&fresh->reference.stream, &a());
    const int shim = inflateCopy(&fresh->shim.stream, &b());
    if (reference != shim) return "inflateCopy's code differs";
    if (reference != Z_OK) return {};
    // Goes on with the copy, or drops it.
    if (choices_.one_in(2)) {
      const int codes[] = {ref_inflateEnd(&fresh->reference.stream),
                           inflateEnd(&fresh->shim.stream)};
      return codes[0] == codes[1] ? Difference{} : Difference{"inflateEnd of a copy differs"};
    }
    ref_inflateEnd(&a());
    inflateEnd(&b());
    const std::uint32_t left = fresh->reference.stream.avail_in;
    kept_.push_back(std::move(pair_));  // its memory accounts are the copy's, too
    pair_ = std::move(fresh);
    pair_->give_output(0);
    if (left != a().avail_in) return "inflateCopy changed avail_in";
    return refuse_moved();
  }

  // A state belongs to the z_stream it was made for, and is refused with any other.
  Difference refuse_moved() {
    z_stream reference = a();
    z_stream shim = b();
    const int codes[] = {ref_inflateReset(&reference), inflateReset(&shim)};
    return codes[0] == codes[1] ? Difference{} : Difference{"a moved z_stream is not refused"};
  }

  Difference rare_call() {
    switch (choices_.below(14)) {
      case 0:
        return compare("inflateReset", ref_inflateReset(&a()), inflateReset(&b()));
      case 1: {
        const int bits = any_window_bits(choices_, material_.window_bits);
        return compare("inflateReset2", ref_inflateReset2(&a(), bits), inflateReset2(&b(), bits));
      }
      case 2:
        return compare("inflateResetKeep", ref_inflateResetKeep(&a()), inflateResetKeep(&b()));
      case 3:
      case 4:
        return compare("inflateSync", ref_inflateSync(&a()), inflateSync(&b()));
      case 5: {
        const int bits = static_cast<int>(choices_.below(20)) - 1;
        const int value = static_cast<int>(choices_.below(1u << 16));
        primed_ = true;
        return compare("inflatePrime", ref_inflatePrime(&a(), bits, value),
                       inflatePrime(&b(), bits, value));
      }
      case 6:
        return set_dictionary();
      case 7:
      case 8:
        return get_dictionary();
      case 9:
        return copy();
      case 10: {
        const int check = static_cast<int>(choices_.below(2));
        return compare("inflateValidate", ref_inflateValidate(&a(), check),
                       inflateValidate(&b(), check));
      }
      case 11:
        return compare("inflateUndermine", ref_inflateUndermine(&a(), 1),
                       inflateUndermine(&b(), 1));
      case 12:
        return get_header();
      default: {
        // Callers keep counts of their own in the totals.
        a().total_in = b().total_in = choices_.below(1000);
        a().total_out = b().total_out = choices_.below(1000);
        return {};
      }
    }
  }

  Difference get_header() {
    headers_ = std::make_unique<Headers>();
    const std::uint32_t most = choices_.below(40);
    const auto prepare = [&](gz_header& header, std::uint8_t(&text)[3][40]) {
      std::memset(text, 0x5a, sizeof(text));
      header.extra = text[0];
      header.name = text[1];
      header.comment = text[2];
      header.extra_max = header.name_max = header.comm_max = most;
    };
    prepare(headers_->reference, headers_->reference_text);
    prepare(headers_->shim, headers_->shim_text);
    return compare("inflateGetHeader", ref_inflateGetHeader(&a(), &headers_->reference),
                   inflateGetHeader(&b(), &headers_->shim));
  }

  Difference check_memory() {
    if (!own_allocator_) return {};
    const CountingMemory& reference = first_->reference.memory;
    const CountingMemory& shim = first_->shim.memory;
    if (shim.blocks != 0) return "memory of the caller's allocator was not given back";
    // zlib keeps no window once a trailer has turned out wrong, the shim has it by then.
    if (shim.peak_bytes * 10 > reference.peak_bytes * 12 && !failed_)
      return "more than 1.2 times zlib's memory: " + std::to_string(shim.peak_bytes) + " and " +
             std::to_string(reference.peak_bytes);
    return {};
  }

  Choices& choices_;
  CompressedStream material_;
  std::unique_ptr<Pair> pair_ = std::make_unique<Pair>();
  Pair* first_ = pair_.get();
  std::vector<std::unique_ptr<Pair>> kept_;
  std::unique_ptr<Headers> headers_;
  std::unique_ptr<std::uint8_t[]> piece_;
  std::size_t given_ = 0;
  std::uint32_t input_step_ = 1;
  std::uint32_t output_step_ = 1;
  int ended_ = 0;
  int idle_ = 0;
  bool alive_ = false;
  bool failed_ = false;
  int window_bits_ = 0;
  bool own_allocator_ = false;
  bool primed_ = false;
};

}  // namespace

Difference run_inflate_sequence(Choices& choices) {
  return InflateSequence(choices).run();
}

}  // namespace wd::test
