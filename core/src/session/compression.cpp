#include "session/compression.hpp"

#include <algorithm>
#include <cstring>

WD_NAMESPACE_BEGIN

namespace {

Result<void> check(const CompressOptions& options) noexcept {
  const auto invalid = [](const char* text) { return Error{Errc::invalid_argument, 0, text}; };
  if (options.format > Format::gzip) return invalid("format: must be raw, zlib or gzip");
  if (options.level < kMinLevel || options.level > kMaxLevel)
    return invalid("level: must be 0 to 9");
  if (options.window_bits < 9 || options.window_bits > kMaxWindowBits)
    return invalid("window_bits: must be 9 to 15");
  if (options.memory_level < kMinMemoryLevel || options.memory_level > kMaxMemoryLevel)
    return invalid("memory_level: must be 1 to 9");
  if (options.strategy > Strategy::fixed) return invalid("strategy: unknown");
  if (!options.dictionary.empty() && options.format == Format::gzip)
    return invalid("dictionary: gzip has none");
  if (options.dictionary.size() > 0xffffffff)
    return invalid("dictionary: must be shorter than 4 GiB");
  return {};
}

}  // namespace

Result<void> Compression::Engine::open() noexcept {
  if (const Result<void> checked = check(options_); !checked) return checked;
  DeflateArena arena;
  if (arena.reserve(Allocator::standard(), options_.window_bits, options_.memory_level) !=
      StreamCode::ok)
    return Error{Errc::no_memory, 0, "no memory for a compressor"};
  const DeflateParameters parameters{options_.level, options_.window_bits, options_.memory_level,
                                     options_.strategy};
  stream_.emplace(context_, options_.format, parameters, arena);
  return {};
}

Compression::Engine::~Engine() {
  if (!stream_) return;
  stream_->close();
  stream_->arena().release();
}

void Compression::Engine::reset() noexcept {
  stream_->reset();
  begun_ = ended_ = false;
  spill_at_ = spill_size_ = 0;
}

bool Compression::Engine::begin() noexcept {
  begun_ = options_.dictionary.empty() ||
           stream_->set_dictionary(
               reinterpret_cast<const std::uint8_t*>(options_.dictionary.data()),
               static_cast<std::uint32_t>(options_.dictionary.size())) == StreamCode::ok;
  return begun_;
}

void Compression::Engine::drain_spill(PieceCursor<MutableBuffer>& out) noexcept {
  while (spill_at_ != spill_size_ && !out.at_end()) {
    const std::uint32_t bytes = std::min<std::uint32_t>(spill_size_ - spill_at_, out.bytes());
    std::memcpy(out.data(), spill_ + spill_at_, bytes);
    spill_at_ = static_cast<std::uint8_t>(spill_at_ + bytes);
    out.advance(bytes);
  }
}

// One step, to where the output goes or, where that is too small to see a flush end, to the spill.
DeflateStream::Step Compression::Engine::step(PieceCursor<ConstBuffer>& in,
                                              PieceCursor<MutableBuffer>& out, Flush flush,
                                              bool& room_left) noexcept {
  const bool cramped = out.bytes() < kSpillBytes;
  std::uint8_t* to = cramped ? spill_ : out.data();
  const std::uint32_t room = cramped ? kSpillBytes : out.bytes();
  const DeflateStream::Step done = stream_->run(in.data(), in.bytes(), to, room, flush, nullptr);
  in.advance(done.consumed);
  if (cramped) {
    spill_at_ = 0;
    spill_size_ = static_cast<std::uint8_t>(done.produced);
    drain_spill(out);
  } else {
    out.advance(done.produced);
  }
  room_left = done.produced < room;
  return done;
}

Status Compression::Engine::compress(PieceCursor<ConstBuffer>& in, PieceCursor<MutableBuffer>& out,
                                     Flush wanted) noexcept {
  if (!begun_ && !begin()) return Status::no_memory;
  drain_spill(out);
  for (;;) {
    if (spill_at_ != spill_size_) return Status::output_full;
    if (ended_) {
      reset();
      return Status::end;
    }
    // Flushing is for the end of the request, not of each of its pieces.
    const Flush flush = in.last() ? wanted : Flush::none;
    bool room_left = false;
    const DeflateStream::Step done = step(in, out, flush, room_left);
    ended_ = done.code == StreamCode::end;
    if (done.code == StreamCode::no_memory || done.code == StreamCode::stream_error)
      return Status::no_memory;
    const bool flushed = room_left && in.at_end() && flush == wanted && flush != Flush::finish;
    if (flushed && spill_at_ == spill_size_) return Status::ok;
  }
}

Completion Compression::Engine::run(const StreamRequest& request) noexcept {
  PieceCursor<ConstBuffer> in(request.in);
  PieceCursor<MutableBuffer> out(request.out);
  Completion completion;
  completion.status = compress(in, out, request.flush);
  completion.consumed = in.total();
  completion.produced = out.total();
  return completion;
}

WD_NAMESPACE_END
