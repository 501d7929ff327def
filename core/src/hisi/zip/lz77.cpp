#include "hisi/zip/lz77.hpp"

#include <algorithm>
#include <cstdint>

#include "hisi/zip/piece_rules.hpp"

WD_NAMESPACE_BEGIN

namespace hisi::zip {

namespace {

constexpr std::size_t kBehindLiterals = 16;
constexpr std::size_t kFrequencyTable = 784;

struct Limits {
  Lz77Kind kind;
  Lz77Effort effort;
  Coding coding;
  std::uint32_t most_source_bytes;
  // Room for sequences: at least for a message, more than for a piece of a stream.
  std::size_t message_room;
  std::size_t stream_room;
};

constexpr std::uint32_t kMostZstd = std::uint32_t{128} << 10;
constexpr std::uint32_t kMostPlain = kMostPieceBytes - 16;
constexpr Limits kLimits[] = {
    {Lz77Kind::zstd, Lz77Effort::standard, Coding::lz77_zstd, kMostZstd, kFrequencyTable, 1000},
    {Lz77Kind::zstd, Lz77Effort::best, Coding::lz77_zstd_best, kMostZstd, kFrequencyTable,
     4096 + kFrequencyTable + 16},
    {Lz77Kind::plain, Lz77Effort::standard, Coding::lz77_only, kMostPlain, 16, 200},
    {Lz77Kind::plain, Lz77Effort::best, Coding::lz77_only_best, kMostPlain, 16, 4096},
};

const Limits& limits_of(Lz77Kind kind, Lz77Effort effort) noexcept {
  for (const Limits& limits : kLimits)
    if (limits.kind == kind && limits.effort == effort) return limits;
  return kLimits[0];
}

// Which field is longer than it says, if literals and matches make up so much input: what a device
// writes is counted before anybody follows it. The counts are within the request's bounds.
Result<Lz77Matches::LongField> long_field_in(const Lz77Answer& answer,
                                             const std::uint8_t* sequences,
                                             std::size_t in_bytes) noexcept {
  using LongField = Lz77Matches::LongField;
  constexpr std::size_t kLonger = 65536;
  constexpr std::size_t kShortestMatch = 3;
  const Error wrong{Errc::device_fault, 0, "the device's matches do not make up the input"};
  if (answer.overflows > 1 || (answer.overflows != 0 && answer.overflow_at >= answer.sequences))
    return wrong;
  std::size_t of_matches = 0;
  std::size_t of_sequences = 0;
  for (std::uint32_t i = 0; i < answer.sequences; ++i) {
    const Lz77Sequence sequence = Lz77Matches::sequence_at(sequences, i);
    of_matches += sequence.match_bytes + kShortestMatch;
    of_sequences += sequence.literals_bytes;
  }
  if (answer.literals_bytes + of_matches == in_bytes) {
    if (answer.overflows != 0) of_sequences += kLonger;
    if (of_sequences > answer.literals_bytes) return wrong;
    return answer.overflows != 0 ? LongField::literals : LongField::none;
  }
  const bool by_a_match =
      answer.overflows != 0 && answer.literals_bytes + of_matches + kLonger == in_bytes;
  if (!by_a_match || of_sequences > answer.literals_bytes) return wrong;
  return LongField::match;
}

}  // namespace

Result<Request> lz77_request(const Lz77Piece& piece) noexcept {
  const Limits& limits = limits_of(piece.kind, piece.effort);
  if (piece.source_bytes == 0 || piece.source_bytes > limits.most_source_bytes)
    return Error{Errc::invalid_argument, 0, "the engine takes less input at once"};
  const std::size_t literals = piece.source_bytes + kBehindLiterals;
  const std::size_t sequences = piece.room_bytes > literals ? piece.room_bytes - literals : 0;
  const bool enough =
      piece.stateful ? sequences > limits.stream_room : sequences >= limits.message_room;
  if (!enough) return Error{Errc::output_full, 0, "there is too little room for sequences"};
  Request request;
  request.coding = limits.coding;
  request.source = piece.source;
  request.source_bytes = piece.source_bytes;
  request.literals = piece.room;
  request.literals_bytes = static_cast<std::uint32_t>(literals);
  request.destination = piece.room + literals;
  request.destination_bytes =
      static_cast<std::uint32_t>(std::min<std::size_t>(sequences, kMostPieceBytes));
  request.stateful = piece.stateful;
  return request;
}

Lz77Answer lz77_answer(const Outcome& outcome) noexcept {
  const std::uint32_t overflow = outcome.words.checksum;
  return {outcome.literals_bytes, outcome.produced, overflow & 0xffffff, overflow >> 24};
}

Result<Lz77Matches> find_matches(Lane& lane, Lz77Effort effort, const void* in,
                                 std::size_t in_bytes, void* room,
                                 std::size_t room_bytes) noexcept {
  if (in_bytes > kMostZstd)
    return Error{Errc::invalid_argument, 0, "the engine takes less input at once"};
  Lz77Piece piece;
  piece.effort = effort;
  piece.source = reinterpret_cast<std::uintptr_t>(in);
  piece.source_bytes = static_cast<std::uint32_t>(in_bytes);
  piece.room = reinterpret_cast<std::uintptr_t>(room);
  piece.room_bytes = room_bytes;
  const auto request = lz77_request(piece);
  if (!request) return request.error();
  const auto outcome = lane.run(*request);
  if (!outcome) return outcome.error();
  if (outcome->verdict == Verdict::no_room)
    return Error{Errc::output_full, 0, "there is too little room for sequences"};
  const Lz77Answer answer = lz77_answer(*outcome);
  const std::size_t sequences_at = in_bytes + kBehindLiterals;
  if (outcome->verdict != Verdict::done || outcome->consumed != in_bytes)
    return Error{Errc::device_fault, 0, "the device did not take all of the input"};
  const auto* at = static_cast<const std::uint8_t*>(room);
  const auto long_field = long_field_in(answer, at + sequences_at, in_bytes);
  if (!long_field) return long_field.error();
  return Lz77Matches(at, sequences_at, answer, *long_field);
}

}  // namespace hisi::zip

WD_NAMESPACE_END
