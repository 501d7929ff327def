// The inflate family by what zlib promises, for a backend whose single calls make other progress
// than zlib's: an accelerator.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#include "sequences.hpp"

namespace wd::test {

namespace {

// What zlib makes of a whole stream, from where it stands: the judge.
struct Verdict {
  int code = Z_OK;
  Bytes output;
  std::size_t consumed = 0;
  uLong adler = 0;
  std::string message;
};

Verdict judge(z_stream& stream, const Bytes& input, const Bytes& dictionary) {
  Verdict verdict;
  stream.next_in = const_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  std::uint8_t part[8192];
  do {
    stream.next_out = part;
    stream.avail_out = sizeof(part);
    verdict.code = ref_inflate(&stream, Z_NO_FLUSH);
    verdict.output.insert(verdict.output.end(), part, part + (sizeof(part) - stream.avail_out));
    if (verdict.code == Z_NEED_DICT)
      verdict.code = ref_inflateSetDictionary(&stream, dictionary.data(),
                                              static_cast<uInt>(dictionary.size()));
  } while (verdict.code == Z_OK);
  // Not total_in, where zlib forgets what it read in the call that asks for a dictionary.
  verdict.consumed = input.size() - stream.avail_in;
  verdict.adler = stream.adler;
  verdict.message = stream.msg == nullptr ? "" : stream.msg;
  return verdict;
}

class PromisedInflateSequence {
 public:
  explicit PromisedInflateSequence(Choices& choices) : choices_(choices) {}

  Difference run() {
    make_material();
    choices_.decided_on_window(material_.window_bits);
    if (choices_.one_in(5)) pair_->use_own_allocator();
    if (!material_.dictionary.empty()) choices_.not_for_devices();
    const int bits = choices_.one_in(4) && material_.window_bits > 0
                         ? (material_.window_bits & 15) + 32
                         : material_.window_bits;
    bits_ = bits;
    if (ref_inflateInit2_(&judge_.stream, bits, ZLIB_VERSION, sizeof(z_stream)) != Z_OK ||
        inflateInit2_(&stream(), bits, ZLIB_VERSION, sizeof(z_stream)) != Z_OK)
      return "inflateInit2 fails";
    Difference difference;
    for (std::uint32_t streams = 1 + choices_.below(2); streams != 0 && difference.empty();
         --streams) {
      difference = one_stream();
      ref_inflateReset(&judge_.stream);
      if (difference.empty() && inflateReset(&stream()) != Z_OK) difference = "inflateReset fails";
    }
    ref_inflateEnd(&judge_.stream);
    if (inflateEnd(&stream()) != Z_OK && difference.empty()) difference = "inflateEnd fails";
    if (difference.empty() && memory_->shim.memory.blocks != 0)
      difference = "memory of the caller's allocator was not given back";
    return difference;
  }

 private:
  z_stream& stream() { return pair_->shim.stream; }

  void make_material() {
    material_ = make_stream(choices_);
    if (choices_.one_in(3)) {
      // Software finds zlib's words for what a device cannot read.
      choices_.not_for_devices();
      damage(choices_, material_.bytes);
    }
    if (choices_.one_in(3)) {
      const CompressedStream more = make_stream(choices_);
      material_.bytes.insert(material_.bytes.end(), more.bytes.begin(), more.bytes.end());
    }
  }

  // A raw stream's dictionary comes before the stream.
  void give_raw_dictionary() {
    if (bits_ >= 0 || material_.dictionary.empty()) return;
    const auto bytes = static_cast<uInt>(material_.dictionary.size());
    ref_inflateSetDictionary(&judge_.stream, material_.dictionary.data(), bytes);
    inflateSetDictionary(&stream(), material_.dictionary.data(), bytes);
  }

  Difference one_stream() {
    give_raw_dictionary();
    const Verdict expected = judge(judge_.stream, material_.bytes, material_.dictionary);
    output_.clear();
    given_ = 0;
    calls_ = 0;
    stream().avail_in = 0;
    const std::uint32_t in_step =
        choices_.one_in(3) ? 1 + choices_.below(20) : 1 + choices_.skewed(100000);
    // Room that is just enough, too: what is asked then is to see the end in the same call.
    exact_ = expected.code == Z_STREAM_END && material_.dictionary.empty() && choices_.one_in(3);
    const auto all = static_cast<std::uint32_t>(expected.output.size());
    const std::uint32_t out_step = exact_               ? std::max(1u, all)
                                   : choices_.one_in(4) ? 1 + choices_.below(20)
                                                        : 1 + choices_.skewed(100000);
    int code = Z_OK;
    for (int idle = 0; code == Z_OK || code == Z_BUF_ERROR;) {
      const std::size_t before = output_.size();
      const uLong taken_before = stream().total_in;
      const bool no_more = stream().avail_in == 0 && given_ == material_.bytes.size();
      code = call(in_step, out_step);
      if (!error_.empty()) return error_;
      const bool moved = output_.size() != before || stream().total_in != taken_before;
      idle = moved || !no_more ? 0 : idle + 1;
      if (idle > 2) break;
      if (choices_.one_in(200))
        if (const Difference found = rare_call(expected); !found.empty()) return found;
    }
    return compare(expected, code, exact_ && in_step >= material_.bytes.size());
  }

  int call(std::uint32_t in_step, std::uint32_t out_step) {
    if (stream().avail_in == 0) {
      const auto left = static_cast<std::uint32_t>(material_.bytes.size() - given_);
      const std::uint32_t part = std::min(left, in_step);
      piece_ = std::make_unique<std::uint8_t[]>(part);
      std::copy_n(material_.bytes.data() + given_, part, piece_.get());
      given_ += part;
      stream().next_in = piece_.get();
      stream().avail_in = part;
    }
    Bytes out(out_step + 64, 0xa5);
    stream().next_out = out.data();
    stream().avail_out = out_step;
    static constexpr int kFlushes[] = {Z_NO_FLUSH, Z_NO_FLUSH, Z_SYNC_FLUSH, Z_FINISH,
                                       Z_NO_FLUSH, Z_FINISH,   Z_BLOCK};
    const int flush = kFlushes[choices_.below(!exact_ && choices_.one_in(60) ? 7 : 6)];
    if (flush == Z_BLOCK) choices_.not_for_devices();
    const uInt in_before = stream().avail_in;
    const uLong totals[] = {stream().total_in, stream().total_out};
    int code = inflate(&stream(), flush);
    const std::uint32_t produced = out_step - stream().avail_out;
    const std::uint32_t consumed = in_before - stream().avail_in;
    ++calls_;
    // To follow one sequence: every call.
    static const bool trace = std::getenv("WD_TEST_TRACE") != nullptr;
    if (trace)
      std::fprintf(stderr, "inflate %d: %d, in %u of %u, out %u of %u, %s\n", flush, code, consumed,
                   in_before, produced, out_step, stream().msg == nullptr ? "" : stream().msg);
    for (std::size_t i = out_step; i < out.size(); ++i)
      if (out[i] != 0xa5) error_ = "inflate wrote past its room";
    if (code != Z_NEED_DICT &&
        (stream().total_in != totals[0] + consumed || stream().total_out != totals[1] + produced))
      error_ = "the totals are not what went and came";
    if (code == Z_BUF_ERROR && flush != Z_FINISH && (consumed != 0 || produced != 0))
      error_ = "no progress is claimed where there was some";
    if (code == Z_OK && flush == Z_FINISH)
      error_ = "Z_FINISH ends with neither an end nor an error";
    // Software that takes over may come to a block's end in input that was taken before.
    if (code == Z_OK && consumed == 0 && produced == 0 && flush != Z_BLOCK)
      error_ = "progress is claimed without any";
    output_.insert(output_.end(), out.begin(), out.begin() + produced);
    if (code == Z_NEED_DICT)
      code = inflateSetDictionary(&stream(), material_.dictionary.data(),
                                  static_cast<uInt>(material_.dictionary.size()));
    return code;
  }

  Difference compare(const Verdict& expected, int code, bool at_once) {
    if (code == Z_OK) code = Z_BUF_ERROR;  // cut off, as the judge's
    if (code != expected.code)
      return "the code at the end: zlib " + std::to_string(expected.code) + ", shim " +
             std::to_string(code);
    const std::string message = stream().msg == nullptr ? "" : stream().msg;
    // Where windows are small, what zlib thinks of a distance beyond them depends on the calls'
    // sizes.
    const int window = bits_ < 0 ? -bits_ : bits_ & 15;
    if (code == Z_DATA_ERROR && (window == 15 || window == 0) && message != expected.message)
      return "the message: zlib " + expected.message + ", shim " + message;
    // What a damaged stream gives before the damage is found may be less by what waits in a window.
    if (output_.size() > expected.output.size() ||
        !std::equal(output_.begin(), output_.end(), expected.output.begin()))
      return "the output differs";
    if (code == Z_DATA_ERROR) return {};
    if (output_.size() != expected.output.size())
      return "the output: zlib " + std::to_string(expected.output.size()) + " bytes, shim " +
             std::to_string(output_.size());
    if (given_ - stream().avail_in != expected.consumed)
      return "what was read at the end: zlib " + std::to_string(expected.consumed) + ", shim " +
             std::to_string(given_ - stream().avail_in);
    if (code == Z_STREAM_END && bits_ > 0 && stream().adler != expected.adler)
      return "adler at the end differs";
    if (code == Z_STREAM_END && stream().data_type != judge_.stream.data_type)
      return "data_type at the end: zlib " + std::to_string(judge_.stream.data_type) + ", shim " +
             std::to_string(stream().data_type);
    if (at_once && calls_ > 1) return "room that was just enough did not show the end at once";
    return {};
  }

  // Functions that show more than progress, or change it: the stream goes on as if they had not
  // been called.
  Difference rare_call(const Verdict& expected) {
    const std::uint32_t call = choices_.below(5);
    choices_.not_for_devices();
    if (std::getenv("WD_TEST_TRACE") != nullptr) std::fprintf(stderr, "rare call %u\n", call);
    switch (call) {
      case 0: {
        auto fresh = std::make_unique<Pair>();
        if (inflateCopy(&fresh->shim.stream, &stream()) != Z_OK) return "inflateCopy fails";
        if (!choices_.one_in(2)) return end_of(fresh->shim.stream);
        if (Difference ended = end_of(stream()); !ended.empty()) return ended;
        kept_.push_back(std::move(pair_));
        pair_ = std::move(fresh);
        return {};
      }
      case 1: {
        Bytes window(32768);
        uInt bytes = 0;
        if (inflateGetDictionary(&stream(), window.data(), &bytes) != Z_OK)
          return "inflateGetDictionary fails";
        const std::size_t known = std::min<std::size_t>(bytes, output_.size());
        // A window may hold what has not been delivered to the caller, never less than nothing.
        return std::search(expected.output.begin(), expected.output.end(), window.begin(),
                           window.begin() + static_cast<std::ptrdiff_t>(known)) !=
                           expected.output.end() ||
                       known == 0 || !material_.dictionary.empty()
                   ? Difference{}
                   : Difference{"inflateGetDictionary gives what was never decoded"};
      }
      case 2:
        inflateMark(&stream());
        return {};
      case 3:
        inflateSyncPoint(&stream());
        return {};
      default:
        inflateCodesUsed(&stream());
        return {};
    }
  }

  static Difference end_of(z_stream& stream) {
    return inflateEnd(&stream) == Z_OK ? Difference{} : Difference{"inflateEnd fails"};
  }

  Choices& choices_;
  CompressedStream material_;
  Side judge_{&kReference, {}, {}, {}};
  std::unique_ptr<Pair> pair_ = std::make_unique<Pair>();
  Pair* memory_ = pair_.get();  // that the caller's allocator counts in
  std::vector<std::unique_ptr<Pair>> kept_;
  std::unique_ptr<std::uint8_t[]> piece_;
  Bytes output_;
  std::size_t given_ = 0;
  Difference error_;
  int bits_ = 0;
  int calls_ = 0;
  bool exact_ = false;  // the room
};

}  // namespace

Difference run_promised_inflate_sequence(Choices& choices) {
  return PromisedInflateSequence(choices).run();
}

}  // namespace wd::test
