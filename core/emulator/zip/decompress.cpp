#include <cstring>

#include "zip/checksum.hpp"
#include "zip/inflater.hpp"
#include "zip/job.hpp"

namespace wd::emulator::zip {
namespace {

using Stop = Inflater::Stop;

struct Outcome {
  Status status;
  StreamState state;
};

// Where the engine stopped, as a stream's next request has to know it.
StreamState state_after(Stop stop, const InflateState& inflate) {
  const bool between_blocks = inflate.phase == InflateState::kHeader;
  switch (stop) {
    case Stop::held:
      return StreamState::block_not_started;
    case Stop::need_input:
      return between_blocks ? StreamState::block_not_started : StreamState::underway;
    case Stop::need_room:
      return inflate.is_last != 0 && inflate.phase != InflateState::kStored
                 ? StreamState::last_block_no_room
                 : StreamState::no_room;
    default:
      return StreamState::underway;
  }
}

// The stream's last block is through: what the trailer says of it.
Outcome check_trailer(const Job& job, Inflater& inflater, const Checksum& checksum,
                      std::uint32_t total) {
  const bool whole = job.context == nullptr;
  const unsigned bytes = Checksum::trailer_bytes(job.request.format);
  std::uint64_t trailer = 0;
  if (!inflater.trailer(bytes, trailer))
    return {whole ? Status::corrupt : Status::ok, StreamState::trailer_missing};
  if (bytes != 0 &&
      trailer != (bytes == 4 ? checksum.trailer(total) & 0xffffffff : checksum.trailer(total)))
    return {Status::checksum_mismatch, StreamState::underway};
  if (whole) return {Status::ok, StreamState::underway};
  job.context->finish();
  return {Status::stream_end, StreamState::underway};
}

Outcome outcome_of(Stop stop, const InflateState& inflate, bool whole) {
  if (stop == Stop::corrupt) return {Status::corrupt, StreamState::underway};
  if (!whole) return {Status::ok, state_after(stop, inflate)};
  return {stop == Stop::need_room ? Status::no_room : Status::corrupt, StreamState::underway};
}

std::uint32_t word0(StreamState state, const InflateState& inflate) {
  return static_cast<std::uint32_t>(state) | (inflate.is_last != 0 ? 1U << 7 : 0) |
         inflate.bit_count << 10;
}

}  // namespace

std::span<const std::uint8_t> decompress(const Job& job) {
  const Request& request = job.request;
  Answer& answer = job.answer;
  InflateState own;
  InflateState& inflate = job.context == nullptr ? own : job.context->inflate();
  std::span<const std::uint8_t> window;
  if (job.context != nullptr) {
    window = job.context->window();
  } else {
    answer.stream.total = 0;
    answer.stream.checksum = Checksum(request.format).word();
  }
  const std::span<std::uint8_t> plain = job.scratch.room(window.size() + request.room_bytes);
  if (!window.empty()) std::memcpy(plain.data(), window.data(), window.size());
  Inflater inflater(inflate, job.input, plain, window.size());
  if (!inflater.is_sound()) {
    answer.status = Status::bad_context;
    return {};
  }
  // A driver is only told to call again with what is cached where no trailer follows.
  const bool holds =
      job.context != nullptr && request.format == Format::deflate && !job.input.empty();
  const Stop stop = inflater.run(holds);
  const auto made = plain.subspan(window.size()).first(inflater.end() - window.size());
  Checksum checksum = Checksum::from_word(request.format, answer.stream.checksum);
  checksum.add(made);
  const auto total = static_cast<std::uint32_t>(answer.stream.total + made.size());
  const Outcome outcome = stop == Stop::end ? check_trailer(job, inflater, checksum, total)
                                            : outcome_of(stop, inflate, job.context == nullptr);
  answer.status = outcome.status;
  answer.consumed = static_cast<std::uint32_t>(inflater.consumed());
  answer.produced = static_cast<std::uint32_t>(made.size());
  answer.last_block = inflate.phase == InflateState::kFinished;
  answer.stream.total = total;
  answer.stream.checksum = checksum.word();
  if (job.context != nullptr) {
    job.context->append(made, kLargestWindow);
    // In bits, as the 19 that the word has for it suggest.
    answer.stream.word1 = inflate.stored_left * 8;
    answer.stream.word0 = word0(outcome.state, inflate);
    answer.stream.word2 = static_cast<std::uint32_t>(job.context->window().size());
  }
  return made;
}

}  // namespace wd::emulator::zip
