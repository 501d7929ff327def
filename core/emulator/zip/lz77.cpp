// The lz77_zstd format: literals in one buffer; in the other, sequences in the shape of zstd's own,
// behind them a record of lengths that are too long for their fields, and a table of frequencies.
#include <cstring>

#include "zip/job.hpp"
#include "zip/match_finder.hpp"

namespace wd::emulator::zip {
namespace {

constexpr std::size_t kMostInput = 128U << 10;
constexpr std::size_t kOverflowBytes = 8;
constexpr std::size_t kFrequencyBytes = 784;
// As zstd counts: the first three distances mean those used last; no match is shorter than this.
constexpr std::uint32_t kRepeatedDistances = 3;
constexpr std::size_t kShortestMatch = 3;
constexpr std::size_t kLongestField = 0xffff;

struct Sequence {
  std::uint32_t offset;
  std::uint16_t literals;
  std::uint16_t match;
};
static_assert(sizeof(Sequence) == 8);

}  // namespace

std::span<const std::uint8_t> find_matches(const Job& job, Scratch& literals) {
  const Request& request = job.request;
  Answer& answer = job.answer;
  // Streams and lists are not done here.
  if (job.context != nullptr || request.scattered || job.input.size() > kMostInput) {
    answer.status = Status::bad_request;
    return {};
  }
  const std::size_t most = job.input.size() / MatchFinder::kShortest + 1;
  const std::span<std::uint8_t> out =
      job.scratch.room(most * sizeof(Sequence) + kOverflowBytes + kFrequencyBytes);
  const std::span<std::uint8_t> all_literals = literals.room(job.input.size());
  std::uint8_t* literal = all_literals.data();
  std::uint32_t overflow_at = 0;
  std::uint32_t overflows = 0;
  std::size_t sequences = 0;
  MatchFinder finder(job.input, 0, request.window_bytes);
  const std::uint8_t* from = job.input.data();
  for (Match match; finder.next(match); ++sequences) {
    // One field of a block may be longer than it can say, by 64 KiB; its input allows no second.
    const std::size_t length = match.length - kShortestMatch;
    if (match.literals > kLongestField || length > kLongestField) {
      overflow_at = static_cast<std::uint32_t>(sequences);
      ++overflows;
    }
    const Sequence sequence{static_cast<std::uint32_t>(match.distance) + kRepeatedDistances,
                            static_cast<std::uint16_t>(match.literals),
                            static_cast<std::uint16_t>(length)};
    std::memcpy(&out[sequences * sizeof(Sequence)], &sequence, sizeof(sequence));
    if (match.literals > 0) std::memcpy(literal, from, match.literals);
    literal += match.literals;
    from += match.literals + match.length;
  }
  const auto rest = static_cast<std::size_t>(job.input.data() + job.input.size() - from);
  if (rest > 0) std::memcpy(literal, from, rest);
  answer.literals = static_cast<std::uint32_t>(literal + rest - all_literals.data());
  const std::size_t bytes = sequences * sizeof(Sequence) + kOverflowBytes + kFrequencyBytes;
  if (answer.literals > request.literals_room || bytes > request.room_bytes) {
    answer.literals = 0;
    answer.status = Status::no_room;
    return {};
  }
  std::memset(&out[sequences * sizeof(Sequence)], 0, kOverflowBytes + kFrequencyBytes);
  answer.consumed = request.input_bytes;
  answer.produced = static_cast<std::uint32_t>(sequences);
  answer.stream.checksum = overflow_at | overflows << 24;
  return out.first(bytes);
}

}  // namespace wd::emulator::zip
