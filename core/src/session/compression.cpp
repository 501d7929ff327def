#include "session/compression.hpp"

#include "session/piece_cursor.hpp"

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
  begun_ = false;
}

bool Compression::Engine::begin() noexcept {
  begun_ = true;
  if (options_.dictionary.empty()) return true;
  return stream_->set_dictionary(reinterpret_cast<const std::uint8_t*>(options_.dictionary.data()),
                                 static_cast<std::uint32_t>(options_.dictionary.size())) ==
         StreamCode::ok;
}

Completion Compression::Engine::run(const StreamRequest& request) noexcept {
  Completion completion;
  if (!begun_ && !begin()) {
    completion.status = Status::no_memory;
    return completion;
  }
  PieceCursor<ConstBuffer> in(request.in);
  PieceCursor<MutableBuffer> out(request.out);
  for (;;) {
    // Flushing is for the end of the request, not of each of its pieces.
    const Flush flush = in.last() ? request.flush : Flush::none;
    const std::uint32_t given = in.bytes();
    const std::uint32_t room = out.bytes();
    const DeflateStream::Step step =
        stream_->run(in.data(), given, out.data(), room, flush, nullptr);
    in.advance(step.consumed);
    out.advance(step.produced);
    if (step.code == StreamCode::end) {
      reset();
      completion.status = Status::end;
      break;
    }
    if (step.code == StreamCode::no_memory) {
      completion.status = Status::no_memory;
      break;
    }
    const bool more_room = step.produced < room;
    if (more_room && in.at_end() && flush == request.flush && flush != Flush::finish) {
      completion.status = Status::ok;
      break;
    }
    if (out.at_end()) {
      // With all input taken, nothing may be left to write; but only another call would tell.
      completion.status = Status::output_full;
      break;
    }
  }
  completion.consumed = in.total();
  completion.produced = out.total();
  return completion;
}

WD_NAMESPACE_END
