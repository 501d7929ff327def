#include "soak/jobs.hpp"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "fixtures/reference_zlib.hpp"
#include "wd/deflate_stream.hpp"
#include "wd/inflate_stream.hpp"
#include "wd/one_shot.hpp"
#include "wd/session.hpp"

namespace wd::test {
namespace {

using Input = std::span<const std::uint8_t>;

// Whatever goes on without end is wrong, too.
constexpr int kMostCalls = 1'000'000;

std::uint64_t sum_of(const Bytes& bytes) {
  std::uint64_t sum = 0xcbf29ce484222325;
  for (const std::uint8_t byte : bytes) sum = (sum ^ byte) * 0x100000001b3;
  return sum;
}

// Mostly small, at times so large that it takes many requests.
std::size_t size_of_message(Seeded& seeded) {
  switch (seeded.below(40)) {
    case 0:
      return seeded.below(4);
    case 1:
      return seeded.below(seeded.below(25) == 0 ? 9'500'000 : 500'000);
    default:
      return seeded.below(seeded.below(2) == 0 ? 3000 : 60'000);
  }
}

// Room for a call: a byte, around what an engine's rules turn on, or enough.
std::size_t room_of_call(Seeded& seeded, std::size_t message_bytes) {
  if (message_bytes > 100'000) return 20'000 + seeded.below(300'000);
  switch (seeded.below(8)) {
    case 0:
      return 1 + seeded.below(12);
    case 1:
    case 2:
      return 1 + seeded.below(400);
    default:
      return 1 + seeded.below(40'000);
  }
}
std::size_t piece_of(Seeded& seeded, std::size_t left) {
  const std::size_t most = seeded.below(3) == 0 ? 500 : left;
  return std::min(left, 1 + seeded.below(std::max<std::size_t>(most, 1)));
}

std::string compared(const Job& job, const std::optional<Bytes>& packed, const Bytes& plain) {
  if (!packed) return "no output";
  const auto back = reference_decompress(job.format, *packed, plain.size());
  if (!back) return "plain zlib cannot read the output";
  return *back == plain ? "" : "the output is another message's";
}

std::optional<Bytes> compress_whole_message(const Context& context, const Job& job,
                                            const Bytes& plain, int level) {
  Bytes packed(compress_bound(job.format, plain.size()));
  const auto done = compress(context, job.format, level, span_of(plain), room_of(packed));
  if (!done) return std::nullopt;
  packed.resize(*done);
  return packed;
}

// One request of a session, with its pieces, run or submitted and waited for.
template <class AnySession>
Completion request(AnySession& session, Seeded& seeded, Input in, std::span<std::uint8_t> out,
                   Flush flush) {
  const std::size_t in_half = seeded.below(in.size() + 1);
  const std::size_t out_half = seeded.below(out.size() + 1);
  const ConstBuffer ins[] = {{in.data(), in_half}, {in.data() + in_half, in.size() - in_half}};
  const MutableBuffer outs[] = {{out.data(), out_half},
                                {out.data() + out_half, out.size() - out_half}};
  const StreamRequest asked{.in = ins, .out = outs, .flush = flush};
  if (seeded.below(2) == 0) return session.run(asked).value();
  return session.wait(session.submit(asked).value()).value();
}

std::optional<Bytes> compress_in_session(const Context& context, const Job& job, const Bytes& plain,
                                         int level, Seeded& seeded) {
  auto session = Compressor::open(context, {.format = job.format, .level = level});
  if (!session) return std::nullopt;
  Bytes packed;
  Bytes room;
  std::size_t at = 0;
  Flush flush = Flush::none;
  std::size_t end = 0;
  for (int calls = 0; calls < kMostCalls; ++calls) {
    if (at == end && flush != Flush::finish) {
      end = at + piece_of(seeded, plain.size() - at);
      constexpr Flush kFlushes[] = {Flush::none, Flush::none, Flush::sync, Flush::full};
      flush = end == plain.size() ? Flush::finish : kFlushes[seeded.below(4)];
    }
    room.resize(room_of_call(seeded, plain.size()));
    const Completion done =
        request(*session, seeded, Input(plain).subspan(at, end - at), room, flush);
    packed.insert(packed.end(), room.begin(),
                  room.begin() + static_cast<std::ptrdiff_t>(done.produced));
    at += done.consumed;
    if (done.status == Status::end)
      return at == plain.size() ? std::optional(packed) : std::nullopt;
    if (done.status != Status::ok && done.status != Status::output_full) return std::nullopt;
  }
  return std::nullopt;
}

struct CloseDeflate {
  void operator()(DeflateStream* stream) const {
    stream->close();
    stream->arena().release();
    delete stream;
  }
};
using OwnedDeflate = std::unique_ptr<DeflateStream, CloseDeflate>;

OwnedDeflate open_deflate(const Context& context, Format format, int level) {
  DeflateArena arena;
  if (arena.reserve(Allocator::standard(), kMaxWindowBits, kDefaultMemoryLevel) != StreamCode::ok)
    return nullptr;
  return OwnedDeflate(new DeflateStream(context, format, DeflateParameters{.level = level}, arena));
}

std::optional<Bytes> compress_in_stream(const Context& context, const Job& job, const Bytes& plain,
                                        int level, Seeded& seeded) {
  OwnedDeflate stream = open_deflate(context, job.format, level);
  Bytes packed;
  Bytes room;
  Input left(plain);
  for (int calls = 0; stream != nullptr && calls < kMostCalls; ++calls) {
    const Input in = left.first(piece_of(seeded, left.size()));
    constexpr Flush kFlushes[] = {Flush::none, Flush::none, Flush::none,
                                  Flush::sync, Flush::full, Flush::partial};
    const Flush flush = in.size() == left.size() ? Flush::finish : kFlushes[seeded.below(6)];
    room.resize(room_of_call(seeded, plain.size()));
    const auto step = stream->run(in.data(), static_cast<std::uint32_t>(in.size()), room.data(),
                                  static_cast<std::uint32_t>(room.size()), flush, nullptr);
    packed.insert(packed.end(), room.begin(), room.begin() + step.produced);
    left = left.subspan(step.consumed);
    if (step.code == StreamCode::end) return left.empty() ? std::optional(packed) : std::nullopt;
    if (step.code != StreamCode::ok && step.code != StreamCode::buffer_error) return std::nullopt;
    // Once it has been told that there is no more, it is not told anything else.
    while (flush == Flush::finish && calls++ < kMostCalls) {
      room.resize(room_of_call(seeded, plain.size()));
      const auto rest =
          stream->run(left.data(), static_cast<std::uint32_t>(left.size()), room.data(),
                      static_cast<std::uint32_t>(room.size()), flush, nullptr);
      packed.insert(packed.end(), room.begin(), room.begin() + rest.produced);
      left = left.subspan(rest.consumed);
      if (rest.code == StreamCode::end) return left.empty() ? std::optional(packed) : std::nullopt;
      if (rest.code != StreamCode::ok && rest.code != StreamCode::buffer_error) return std::nullopt;
    }
    if (seeded.below(30) != 0) continue;
    OwnedDeflate copied = open_deflate(context, job.format, level);
    if (copied == nullptr || copied->copy_from(*stream) != StreamCode::ok) return std::nullopt;
    stream = std::move(copied);
  }
  return std::nullopt;
}

// What came of a message that is to be read.
struct Read {
  bool whole = false;
  std::size_t consumed = 0;
  Bytes plain;
};

Read decompress_whole_message(const Context& context, const Job& job, const Bytes& packed,
                              std::size_t plain_bytes) {
  Read read;
  read.plain.resize(plain_bytes);
  const auto done = decompress(context, job.format, span_of(packed), room_of(read.plain));
  if (!done) return {};
  read.whole = true;
  read.consumed = done->consumed;
  read.plain.resize(done->produced);
  return read;
}

Read decompress_in_session(const Context& context, const Job& job, const Bytes& packed,
                           Seeded& seeded) {
  Read read;
  auto session = Decompressor::open(context, {.format = job.format});
  Bytes room;
  std::size_t end = 0;
  for (int calls = 0; session && calls < kMostCalls; ++calls) {
    if (read.consumed == end) end += piece_of(seeded, packed.size() - end);
    const Flush flush = end == packed.size() && seeded.below(2) == 0 ? Flush::finish : Flush::none;
    room.resize(room_of_call(seeded, packed.size()));
    const Completion done = request(
        *session, seeded, Input(packed).subspan(read.consumed, end - read.consumed), room, flush);
    read.plain.insert(read.plain.end(), room.begin(),
                      room.begin() + static_cast<std::ptrdiff_t>(done.produced));
    read.consumed += done.consumed;
    read.whole = done.status == Status::end;
    const bool cut_off = done.status == Status::ok && done.produced == 0 && done.consumed == 0 &&
                         end == packed.size();
    if ((done.status != Status::ok && done.status != Status::output_full) || cut_off) break;
  }
  return read;
}

Read decompress_in_stream(const Context& context, const Job& job, const Bytes& packed,
                          Seeded& seeded) {
  Read read;
  auto stream = std::make_unique<InflateStream>(context);
  if (stream->open(job.format, kMaxWindowBits, Allocator::standard()) != StreamCode::ok)
    return read;
  Bytes room;
  std::int64_t at = 0;
  for (int calls = 0; calls < kMostCalls; ++calls) {
    const Input in = Input(packed).subspan(static_cast<std::size_t>(at));
    const std::size_t piece = piece_of(seeded, in.size());
    const Flush flush = piece == in.size() && seeded.below(2) == 0 ? Flush::finish : Flush::none;
    room.resize(room_of_call(seeded, packed.size()));
    const auto step = stream->run(in.data(), static_cast<std::uint32_t>(piece), room.data(),
                                  static_cast<std::uint32_t>(room.size()), flush, nullptr);
    read.plain.insert(read.plain.end(), room.begin(), room.begin() + step.produced);
    at += step.consumed;
    read.whole = step.code == StreamCode::end;
    if (step.code != StreamCode::ok && step.code != StreamCode::buffer_error) break;
    if (step.consumed == 0 && step.produced == 0 && piece == in.size()) break;  // cut off
    if (seeded.below(30) != 0) continue;
    auto copied = std::make_unique<InflateStream>(context);
    if (copied->copy_from(*stream, Allocator::standard()) != StreamCode::ok) break;
    stream->close();
    stream = std::move(copied);
  }
  stream->close();
  read.consumed = static_cast<std::size_t>(at);
  return read;
}

// As plain zlib reads it. Of messages that are damaged, cut off or followed by something.
Read judge(Format format, const Bytes& packed, std::size_t most) {
  Read read;
  read.plain.resize(most + 1);
  z_stream stream{};
  if (ref_inflateInit2_(&stream, window_argument(format), ZLIB_VERSION, sizeof(stream)) != Z_OK)
    std::abort();
  stream.next_in = const_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = read.plain.data();
  stream.avail_out = static_cast<uInt>(read.plain.size());
  read.whole = ref_inflate(&stream, Z_FINISH) == Z_STREAM_END && stream.total_out <= most;
  read.consumed = stream.total_in;
  read.plain.resize(stream.total_out);
  ref_inflateEnd(&stream);
  return read;
}

std::string compared(const Read& read, const Read& judged) {
  if (read.whole != judged.whole)
    return read.whole ? "it is no message, and was read" : "it is a message, and was not read";
  if (!read.whole) return "";
  if (read.consumed != judged.consumed) return "the message ends elsewhere";
  return read.plain == judged.plain ? "" : "it was read as another message";
}

std::string run_compression(const Context& context, const Job& job, Released& released) {
  Seeded seeded(job.seed);
  const Bytes plain = mixture(size_of_message(seeded), seeded.next());
  const int level = 1 + static_cast<int>(seeded.below(9));
  std::optional<Bytes> packed;
  switch (job.form) {
    case Form::whole:
      packed = compress_whole_message(context, job, plain, level);
      break;
    case Form::session:
      packed = compress_in_session(context, job, plain, level, seeded);
      break;
    case Form::stream:
      packed = compress_in_stream(context, job, plain, level, seeded);
      break;
  }
  std::string wrong = compared(job, packed, plain);
  if (packed && wrong.empty() && job.form == Form::whole) released.keep(std::move(*packed));
  return wrong;
}

std::string run_decompression(const Context& context, const Job& job, Released& released) {
  Seeded seeded(job.seed);
  const Bytes plain = mixture(size_of_message(seeded), seeded.next());
  Bytes packed =
      reference_compress(job.format, plain, {.level = static_cast<int>(seeded.below(10))});
  // A wrong byte in a body may make something very long of it: that is zlib's business.
  if (plain.size() < 100'000 && seeded.below(12) == 0)
    packed =
        with_flipped_bits(std::move(packed), seeded.below(packed.size()), 1u << seeded.below(8));
  else if (seeded.below(12) == 0)
    packed.resize(seeded.below(packed.size()));
  else if (seeded.below(4) == 0)
    packed.insert(packed.end(), seeded.below(20), 0x55);
  Read read;
  switch (job.form) {
    case Form::whole:
      read = decompress_whole_message(context, job, packed, plain.size());
      break;
    case Form::session:
      read = decompress_in_session(context, job, packed, seeded);
      break;
    case Form::stream:
      read = decompress_in_stream(context, job, packed, seeded);
      break;
  }
  const std::size_t most =
      job.form == Form::whole ? plain.size() : std::max(plain.size(), read.plain.size()) + 1'000;
  std::string wrong = compared(read, judge(job.format, packed, most));
  if (wrong.empty() && job.form == Form::whole) released.keep(std::move(read.plain));
  return wrong;
}

}  // namespace

void Released::keep(Bytes&& written) {
  if (written.size() > 200'000) return;
  const std::uint64_t sum = sum_of(written);
  buffers_.push_back({std::move(written), sum});
  if (buffers_.size() > kMost) buffers_.pop_front();
}

std::string Released::untouched() const {
  for (const Buffer& buffer : buffers_)
    if (sum_of(buffer.written) != buffer.sum) return "output was written to after its call";
  return "";
}

Job job_of(std::uint64_t seed, bool raw) {
  Seeded seeded(seed);
  Job job{seeded.next(), static_cast<Form>(seeded.below(3)), static_cast<Way>(seeded.below(2)),
          static_cast<Format>(seeded.below(3))};
  if (!raw && job.format == Format::raw && job.way == Way::decompress) job.format = Format::gzip;
  return job;
}

std::string describe(const Job& job) {
  constexpr const char* kForms[] = {"whole message", "session", "stream"};
  constexpr const char* kWays[] = {"compress", "decompress"};
  constexpr const char* kFormats[] = {"raw", "zlib", "gzip"};
  return std::string(kWays[static_cast<int>(job.way)]) + ", " + kForms[static_cast<int>(job.form)] +
         ", " + kFormats[static_cast<int>(job.format)] + ", seed " + std::to_string(job.seed);
}

std::string run(const Context& context, const Job& job, Released& released) {
  const std::string wrong = job.way == Way::compress ? run_compression(context, job, released)
                                                     : run_decompression(context, job, released);
  return wrong.empty() ? released.untouched() : wrong;
}

}  // namespace wd::test
