#include <algorithm>
#include <cstring>
#include <memory>

#include "behind_the_end.hpp"
#include "deflate_setup.hpp"
#include "sequences.hpp"

namespace wd::test {

namespace {

// Plain libz reading what the shim writes, as it is written.
class Reader {
 public:
  Reader(int window_bits, const Bytes& dictionary) : dictionary_(&dictionary) {
    // zlib compresses with windows of 512 bytes where 256 are asked for.
    if (window_bits == 8) window_bits = 9;
    ref_inflateInit2_(&stream_, window_bits, ZLIB_VERSION, sizeof(stream_));
    if (window_bits < 0 && !dictionary.empty())
      ref_inflateSetDictionary(&stream_, dictionary.data(), static_cast<uInt>(dictionary.size()));
  }
  ~Reader() { ref_inflateEnd(&stream_); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  void want_header(gz_header& header) { ref_inflateGetHeader(&stream_, &header); }

  // Everything that can be decoded from `bytes` more of input is appended to output().
  void feed(const std::uint8_t* data, std::size_t bytes) {
    stream_.next_in = const_cast<Bytef*>(data);
    stream_.avail_in = static_cast<uInt>(bytes);
    std::uint8_t part[4096];
    do {
      stream_.next_out = part;
      stream_.avail_out = sizeof(part);
      code_ = ref_inflate(&stream_, Z_SYNC_FLUSH);
      if (code_ == Z_NEED_DICT)
        code_ = ref_inflateSetDictionary(&stream_, dictionary_->data(),
                                         static_cast<uInt>(dictionary_->size()));
      output_.insert(output_.end(), part, part + (sizeof(part) - stream_.avail_out));
    } while (code_ == Z_OK && (stream_.avail_out == 0 || stream_.avail_in != 0));
  }

  [[nodiscard]] const Bytes& output() const { return output_; }
  [[nodiscard]] bool complete() const { return code_ == Z_STREAM_END && stream_.avail_in == 0; }
  [[nodiscard]] bool broken() const {
    return code_ != Z_OK && code_ != Z_BUF_ERROR && code_ != Z_STREAM_END;
  }

 private:
  z_stream stream_{};
  const Bytes* dictionary_;
  Bytes output_;
  int code_ = Z_OK;
};

class DeflateSequence {
 public:
  explicit DeflateSequence(Choices& choices) : choices_(choices) {}

  Difference run() {
    setup_ = DeflateSetup::any(choices_);
    if (choices_.one_in(2)) use_own_allocator();
    choices_.decided_on_window(setup_.window_bits);
    if (setup_.level == 0 || setup_.strategy != Z_DEFAULT_STRATEGY) choices_.not_for_devices();
    z_stream probe{};
    const int expected = setup_.open(kReference, probe);
    if (expected == Z_OK) ref_deflateEnd(&probe);
    if (setup_.open(kShim, stream()) != expected) return "deflateInit2's code differs from zlib's";
    if (expected != Z_OK) return {};
    Difference difference;
    for (std::uint32_t streams = 1 + choices_.below(3); streams != 0 && difference.empty();
         --streams) {
      difference = one_stream();
      if (!difference.empty()) break;
      if (deflateReset(&stream()) != Z_OK) difference = "deflateReset fails";
    }
    if (difference.empty() && deflateEnd(&stream()) != Z_OK) difference = "deflateEnd after reset";
    if (difference.empty() && memory_->blocks != 0)
      difference = "memory of the caller's allocator was not given back";
    return difference;
  }

 private:
  z_stream& stream() { return pair_->shim.stream; }

  void use_own_allocator() {
    stream().zalloc = CountingMemory::allocate;
    stream().zfree = CountingMemory::release;
    stream().opaque = memory_.get();
  }

  Difference one_stream() {
    plain_ = make_plain(choices_, choices_.one_in(6) ? 200000 : 5000);
    dictionary_.clear();
    written_.clear();
    given_ = 0;
    Difference difference = prepare();
    if (!difference.empty()) return difference;
    Reader reader(setup_.window_bits, dictionary_);
    gz_header seen{};
    std::uint8_t seen_name[20] = {};
    seen.name = seen_name;
    seen.name_max = sizeof(seen_name);
    reader.want_header(seen);
    const bool at_once = choices_.one_in(3);
    if (!at_once)
      difference = many_calls(reader);
    else
      difference = choices_.one_in(3) ? rest_later(reader) : one_call(reader);
    if (difference.empty()) difference = check_end(reader);
    if (difference.empty() && at_once && as_set_up_) difference = behind_the_end();
    if (difference.empty() && header_set_ &&
        (seen.done != 1 || seen.time != header_.time ||
         std::strcmp(reinterpret_cast<char*>(seen_name), kName) != 0))
      difference = "the gzip header does not come back";
    return difference;
  }

  Difference prepare() {
    header_set_ = false;
    if (setup_.window_bits > 15) {
      header_ = gz_header{};
      header_.time = choices_.below(1u << 31);
      header_.name = reinterpret_cast<Bytef*>(const_cast<char*>(kName));
      header_.hcrc = static_cast<int>(choices_.below(2));
      header_set_ = choices_.one_in(3);
      if (deflateSetHeader(&stream(), header_set_ ? &header_ : Z_NULL) != Z_OK)
        return "deflateSetHeader fails";
    } else if (choices_.one_in(4)) {
      if (stream().zalloc != Z_NULL) choices_.not_for_devices();
      dictionary_ = make_plain(choices_, 2000);
      dictionary_.push_back('d');
      if (deflateSetDictionary(&stream(), dictionary_.data(),
                               static_cast<uInt>(dictionary_.size())) != Z_OK)
        return "deflateSetDictionary fails";
    }
    return choices_.one_in(6) ? tune() : Difference{};
  }

  Difference tune() {
    choices_.not_for_devices();
    if (deflateTune(&stream(), 4, 5, 16, 8) != Z_OK) return "deflateTune fails";
    return {};
  }

  // All input, and the room that deflateBound promises to be enough.
  Difference one_call(Reader& reader) {
    // zlib's own bound is too small by up to three at level 0.
    const uLong bound = deflateBound(&stream(), plain_.size()) + 3;
    Bytes out(bound + 1, 0x7e);
    stream().next_in = plain_.data();
    stream().avail_in = static_cast<uInt>(plain_.size());
    stream().next_out = out.data();
    stream().avail_out = room_ = static_cast<uInt>(bound);
    if (deflate(&stream(), Z_FINISH) != Z_STREAM_END)
      return "deflateBound was not enough: level " + std::to_string(setup_.level) +
             ", windowBits " + std::to_string(setup_.window_bits) + ", memLevel " +
             std::to_string(setup_.memory_level) + ", strategy " + std::to_string(setup_.strategy) +
             ", " + std::to_string(plain_.size()) + " bytes";
    if (out[bound] != 0x7e) return "deflate wrote past its room";
    given_ = plain_.size();
    take(reader, out.data(), bound - stream().avail_out);
    return {};
  }

  // All input, and less room than it needs.
  Difference rest_later(Reader& reader) {
    const std::uint32_t room = room_ = 1 + choices_.skewed(2000);
    stream().next_in = plain_.data();
    stream().avail_in = static_cast<uInt>(plain_.size());
    for (;;) {
      Bytes out(room + 1, 0x7e);
      stream().next_out = out.data();
      stream().avail_out = room;
      const int code = deflate(&stream(), Z_FINISH);
      if (code != Z_OK && code != Z_STREAM_END)
        return "deflate's code for Z_FINISH without enough room is " + std::to_string(code);
      if (out[room] != 0x7e) return "deflate wrote past its room";
      take(reader, out.data(), room - stream().avail_out);
      if (code == Z_STREAM_END) break;
      if (stream().avail_out != 0) return "deflate leaves room and does not end";
      if (choices_.one_in(50))
        if (Difference failed = tune(); !failed.empty()) return failed;
    }
    given_ = plain_.size();
    return {};
  }

  // Behind the end of a message that was given at once, the shim knows of it what zlib knows.
  Difference behind_the_end() {
    as_set_up_ = false;  // from here on
    z_stream& reference = pair_->reference.stream;
    if (setup_.open(kReference, reference) != Z_OK) return "zlib does not open again";
    if (!dictionary_.empty())
      ref_deflateSetDictionary(&reference, dictionary_.data(),
                               static_cast<uInt>(dictionary_.size()));
    reference.next_in = plain_.data();
    reference.avail_in = static_cast<uInt>(plain_.size());
    Bytes out(room_);
    int code = Z_OK;
    while (code == Z_OK) {
      reference.next_out = out.data();
      reference.avail_out = room_;
      code = ref_deflate(&reference, Z_FINISH);
    }
    Difference difference;
    if (code != Z_STREAM_END) difference = "zlib does not finish";
    // What differs rightly: the size of the output, and a guess at the data that is zlib's for its
    // own first block only. And check_end() has asked for an error.
    stream().total_out = reference.total_out;
    reference.data_type = stream().data_type;
    stream().msg = Z_NULL;
    if (difference.empty()) difference = call_behind_the_end(choices_, *pair_, setup_.window_bits);
    ref_deflateEnd(&reference);
    return difference;
  }

  Difference many_calls(Reader& reader) {
    // Fewer than seven bytes of room, and zlib repeats a flush's marker with each call (zlib.h).
    const std::uint32_t room = 7 + choices_.skewed(choices_.one_in(2) ? 30 : 30000);
    const std::uint32_t step = 1 + choices_.skewed(30000);
    for (int calls = 0; calls < 1000000; ++calls) {
      const auto left = static_cast<std::uint32_t>(plain_.size() - given_);
      const std::uint32_t part = std::min(left, 1 + choices_.below(step));
      constexpr int kFlushes[] = {Z_NO_FLUSH,   Z_NO_FLUSH,   Z_PARTIAL_FLUSH,
                                  Z_SYNC_FLUSH, Z_FULL_FLUSH, Z_BLOCK};
      const int flush = part == left && choices_.one_in(2)
                            ? Z_FINISH
                            : kFlushes[choices_.below(std::size(kFlushes))];
      // Of a stream in the caller's memory the first call says whether a device is worth its while.
      if (calls == 0 && part == 0 && stream().zalloc != Z_NULL) choices_.not_for_devices();
      const int code = drive(reader, part, room, flush);
      if (code == Z_STREAM_END) return {};
      if (!error_.empty()) return error_;
      if (const Difference found = check_flush(reader, flush); !found.empty()) return found;
      if (choices_.one_in(15))
        if (const Difference found = rare_call(reader, room); !found.empty()) return found;
    }
    return "the stream does not end";
  }

  // Gives `part` bytes and calls until all the output they led to is out.
  int drive(Reader& reader, std::uint32_t part, std::uint32_t room, int flush) {
    stream().next_in = plain_.data() + given_;
    stream().avail_in = part;
    for (;;) {
      Bytes out(room + 1, 0x7e);
      stream().next_out = out.data();
      stream().avail_out = room;
      const uInt in_before = stream().avail_in;
      const uLong total_before = stream().total_out;
      const int code = deflate(&stream(), flush);
      const std::uint32_t produced = room - stream().avail_out;
      if (out[room] != 0x7e) error_ = "deflate wrote past its room";
      if (stream().total_out != total_before + produced) error_ = "total_out is not what came";
      if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
        error_ = "deflate's code is " + std::to_string(code);
      if (code == Z_BUF_ERROR && (produced != 0 || in_before != stream().avail_in))
        error_ = "no progress is claimed where there was some";
      take(reader, out.data(), produced);
      if (reader.broken()) error_ = "plain libz cannot read what came";
      if (code == Z_STREAM_END && (flush != Z_FINISH || stream().avail_in != 0))
        error_ = "the stream ends early";
      if (code == Z_STREAM_END || !error_.empty()) {
        given_ += part - stream().avail_in;
        return code;
      }
      if (stream().avail_out != 0 && flush != Z_FINISH) break;
      if (code == Z_BUF_ERROR) {
        if (flush == Z_FINISH) error_ = "Z_FINISH makes no progress";
        break;
      }
    }
    if (stream().avail_in != 0) error_ = "input is left though there was room";
    given_ += part;
    return Z_OK;
  }

  void take(Reader& reader, const std::uint8_t* data, std::size_t bytes) {
    written_.insert(written_.end(), data, data + bytes);
    reader.feed(data, bytes);
  }

  // Behind a flush all that was given can be read; the same flush again adds nothing.
  Difference check_flush(Reader& reader, int flush) {
    if (flush != Z_SYNC_FLUSH && flush != Z_FULL_FLUSH && flush != Z_PARTIAL_FLUSH) return {};
    if (reader.output().size() != given_) return "a flush leaves input unreadable";
    // Programs take the marker away and put it back.
    static constexpr std::uint8_t kMarker[] = {0x00, 0x00, 0xff, 0xff};
    if (flush != Z_PARTIAL_FLUSH &&
        !std::equal(std::begin(kMarker), std::end(kMarker),
                    written_.end() -
                        std::min<std::ptrdiff_t>(4, static_cast<std::ptrdiff_t>(written_.size()))))
      return "a flush does not end with its marker";
    std::uint8_t room[64];
    stream().next_out = room;
    stream().avail_out = sizeof(room);
    if (deflate(&stream(), flush) != Z_BUF_ERROR || stream().avail_out != sizeof(room))
      return "a repeated flush emits something";
    stream().avail_out = 0;
    if (deflate(&stream(), Z_NO_FLUSH) != Z_BUF_ERROR) return "no room is no buffer error";
    return {};
  }

  Difference rare_call(Reader& reader, std::uint32_t room) {
    switch (choices_.below(4)) {
      case 0: {
        auto fresh = std::make_unique<Pair>();
        if (deflateCopy(&fresh->shim.stream, &stream()) != Z_OK) return "deflateCopy fails";
        deflateEnd(&stream());
        pair_ = std::move(fresh);
        return {};
      }
      case 1: {
        as_set_up_ = false;
        choices_.not_for_devices();
        Bytes out(4096 + room);
        const auto size = static_cast<uInt>(out.size());
        stream().next_out = out.data();
        stream().avail_out = size;
        const int code = deflateParams(&stream(), static_cast<int>(choices_.below(10)),
                                       static_cast<int>(choices_.below(5)));
        take(reader, out.data(), size - stream().avail_out);
        if (code != Z_OK && code != Z_BUF_ERROR) return "deflateParams fails";
        return {};
      }
      case 2:
        if (setup_.window_bits > 15) return {};
        return deflateSetHeader(&stream(), &header_) == Z_STREAM_ERROR
                   ? Difference{}
                   : Difference{"a header is taken where there is none"};
      default: {
        unsigned bytes = 0;
        int bits = 0;
        if (deflatePending(&stream(), &bytes, &bits) != Z_OK) return "deflatePending fails";
        return bits >= 0 && bits <= 16 ? Difference{} : Difference{"deflatePending's bits"};
      }
    }
  }

  Difference check_end(Reader& reader) {
    if (!reader.complete())
      return "what came is no complete stream: " + std::to_string(written_.size()) + " bytes";
    if (reader.output() != plain_) return "plain libz reads something else than was given";
    // zlib counts a dictionary as input.
    if (dictionary_.empty() && stream().total_in != plain_.size())
      return "total_in is not what was given";
    if (stream().total_out != written_.size()) return "total_out is not what came";
    if (setup_.window_bits > 15) {
      if (stream().adler != ref_crc32(0, plain_.data(), static_cast<uInt>(plain_.size())))
        return "adler is not the CRC-32";
    } else if (setup_.window_bits > 0) {
      if (stream().adler != ref_adler32(1, plain_.data(), static_cast<uInt>(plain_.size())))
        return "adler is not the Adler-32";
    }
    return check_after_end();
  }

  Difference check_after_end() {
    std::uint8_t room[32];
    stream().next_in = plain_.data();
    stream().avail_in = 0;
    stream().next_out = room;
    stream().avail_out = sizeof(room);
    if (deflate(&stream(), Z_FINISH) != Z_STREAM_END || stream().avail_out != sizeof(room))
      return "Z_FINISH after the end is not the end again";
    if (deflate(&stream(), Z_NO_FLUSH) != Z_STREAM_ERROR) return "a stream goes on after its end";
    stream().avail_in = plain_.empty() ? 0 : 1;
    if (stream().avail_in != 0 && deflate(&stream(), Z_FINISH) != Z_BUF_ERROR)
      return "input after the end is no buffer error";
    return {};
  }

  static constexpr const char* kName = "the name";

  Choices& choices_;
  DeflateSetup setup_{};
  std::unique_ptr<CountingMemory> memory_ = std::make_unique<CountingMemory>();
  std::unique_ptr<Pair> pair_ = std::make_unique<Pair>();
  gz_header header_{};
  Bytes plain_;
  Bytes dictionary_;
  Bytes written_;
  std::size_t given_ = 0;
  std::uint32_t room_ = 0;  // of each call, for input that is given at once
  Difference error_;
  bool header_set_ = false;
  bool as_set_up_ = true;  // level and strategy have not been changed
};

}  // namespace

Difference run_deflate_sequence(Choices& choices) {
  return DeflateSequence(choices).run();
}

}  // namespace wd::test
