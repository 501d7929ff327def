#include "session/decompression.hpp"

#include "session/piece_cursor.hpp"

WD_NAMESPACE_BEGIN

Result<void> Decompression::Engine::open() noexcept {
  if (options_.format > Format::automatic)
    return Error{Errc::invalid_argument, 0, "format: unknown"};
  if (options_.window_bits < kMinWindowBits || options_.window_bits > kMaxWindowBits)
    return Error{Errc::invalid_argument, 0, "window_bits: must be 8 to 15"};
  if (stream_.open(options_.format, options_.window_bits, Allocator::standard()) != StreamCode::ok)
    return Error{Errc::no_memory, 0, "no memory for a decompressor"};
  return {};
}

void Decompression::Engine::reset() noexcept {
  stream_.reset(options_.format, options_.window_bits);
  begun_ = false;
}

bool Decompression::Engine::give_dictionary() noexcept {
  return !options_.dictionary.empty() &&
         stream_.set_dictionary(reinterpret_cast<const std::uint8_t*>(options_.dictionary.data()),
                                static_cast<std::uint32_t>(options_.dictionary.size())) ==
             StreamCode::ok;
}

Completion Decompression::Engine::run(const StreamRequest& request) noexcept {
  PieceCursor<ConstBuffer> in(request.in);
  PieceCursor<MutableBuffer> out(request.out);
  Completion completion;
  const auto complete = [&](Status status) {
    completion.status = status;
    completion.consumed = in.total();
    completion.produced = out.total();
    // What comes next is another stream, or another try.
    if (status != Status::ok && status != Status::output_full) reset();
    return completion;
  };
  if (!begun_ && options_.format == Format::raw) give_dictionary();
  begun_ = true;
  for (;;) {
    const std::uint32_t room = out.bytes();
    const InflateStream::Step step =
        stream_.run(in.data(), in.bytes(), out.data(), room, Flush::none, nullptr);
    in.advance(static_cast<std::size_t>(step.consumed));
    out.advance(step.produced);
    switch (step.code) {
      case StreamCode::end:
        return complete(Status::end);
      case StreamCode::no_memory:
        return complete(Status::no_memory);
      case StreamCode::need_dictionary:
        if (give_dictionary()) continue;
        return complete(Status::need_dictionary);
      case StreamCode::ok:
      case StreamCode::buffer_error:
        break;
      default:
        return complete(Status::corrupt_data);
    }
    const bool progress = step.consumed != 0 || step.produced != 0;
    // Room that was left means that the input was the limit.
    if (in.at_end() && step.produced < room)
      return complete(request.flush == Flush::finish ? Status::truncated : Status::ok);
    if (out.at_end() && (in.at_end() || !progress)) return complete(Status::output_full);
  }
}

WD_NAMESPACE_END
