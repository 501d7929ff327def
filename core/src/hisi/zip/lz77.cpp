#include "hisi/zip/lz77.hpp"

#include <algorithm>

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

}  // namespace hisi::zip

WD_NAMESPACE_END
