#include <algorithm>
#include <array>
#include <initializer_list>
#include <string_view>

#include "row.hpp"

namespace wd::bench {
namespace {

constexpr std::size_t kKiB = 1024;
constexpr std::size_t kMiB = 1024 * kKiB;
constexpr const char* kStoredCorpus = "incompressible";
constexpr std::array kCorpora{"text", "binary", "json", kStoredCorpus};
constexpr const char* kRecordCorpus = "records4k";
constexpr std::size_t kRecordBytes = 4 * kKiB;
constexpr std::array kLevels{1, 3, 6, 9};
// Measured with one buffer size only: nobody should find a level that was never looked at.
constexpr std::array kLevelsBetween{0, 2, 4, 5, 7, 8};
// Long enough that starting a stream counts for little. A quick run has a sample of one MiB, and
// several short streams from many places say more than one long.
constexpr std::size_t kStreamBytes = 1 * kMiB;
constexpr std::size_t kQuickStreamBytes = 256 * kKiB;
constexpr std::array kPieces{std::size_t{512}, 16 * kKiB, 256 * kKiB};
constexpr int kDefaultLevel = 6;
// What is paid once a call, and what memory larger than the caches costs, show at the ends.
constexpr std::size_t kShortBytes = 1 * kKiB;
constexpr std::size_t kLongBytes = 32 * kMiB;
constexpr std::array<std::string_view, 2> kLongCorpora{"text", "binary"};
constexpr std::array kChecksumSizes{
    std::size_t{1},   std::size_t{8}, std::size_t{16}, std::size_t{31}, std::size_t{64},
    std::size_t{256}, 1 * kKiB,       4 * kKiB,        64 * kKiB,       1 * kMiB};

// Where a quick run looks at two levels only: the fastest and the usual one.
constexpr bool is_quick_level(int level) {
  return level == 1 || level == kDefaultLevel;
}

std::vector<std::size_t> one_shot_buffers(Operation operation, std::string_view corpus, int level,
                                          bool quick) {
  std::vector buffers{4 * kKiB, 64 * kKiB, 1 * kMiB};
  if (operation != Operation::kUncompress || level != kDefaultLevel) return buffers;
  buffers.insert(buffers.begin(), kShortBytes);
  const bool has_long = std::ranges::find(kLongCorpora, corpus) != kLongCorpora.end();
  if (has_long && !quick) buffers.push_back(kLongBytes);
  return buffers;
}

void add_one_shot(std::vector<Row>& rows, bool quick) {
  for (const Operation operation : {Operation::kCompress, Operation::kUncompress}) {
    for (const char* corpus : kCorpora) {
      for (const int level : kLevels) {
        if (quick && operation == Operation::kUncompress && !is_quick_level(level)) continue;
        for (const std::size_t buffer : one_shot_buffers(operation, corpus, level, quick)) {
          rows.push_back({operation, corpus, level, buffer});
        }
      }
      if (quick || operation == Operation::kUncompress) continue;
      for (const int level : kLevelsBetween) rows.push_back({operation, corpus, level, 64 * kKiB});
    }
    for (const int level : kLevels) rows.push_back({operation, kRecordCorpus, level, kRecordBytes});
  }
}

void add_records(std::vector<Row>& rows) {
  for (const Operation operation : {Operation::kDeflateRecord, Operation::kInflateRecord}) {
    for (const int level : kLevels) rows.push_back({operation, kRecordCorpus, level, kRecordBytes});
  }
}

void add_streams(std::vector<Row>& rows, bool quick) {
  const std::size_t stream = quick ? kQuickStreamBytes : kStreamBytes;
  for (const char* corpus : kCorpora) {
    for (const int level : kLevels) {
      if (quick && !is_quick_level(level)) continue;
      for (const std::size_t piece : kPieces) {
        rows.push_back({Operation::kDeflate, corpus, level, stream, piece});
      }
    }
    for (const std::size_t piece : kPieces) {
      rows.push_back({Operation::kInflate, corpus, kDefaultLevel, stream, piece});
    }
    // The frames differ little in cost: one size of pieces shows it.
    for (const Format format : {Format::kGzip, Format::kRaw}) {
      for (const Operation operation : {Operation::kDeflate, Operation::kInflate}) {
        rows.push_back({operation, corpus, kDefaultLevel, stream, 16 * kKiB, format});
      }
    }
  }
}

// Stored blocks are copied: what is left is the cost of a call and of the checksum, and raw streams
// have no checksum. Their pieces of 16 KiB are among the others' rows.
void add_stored_streams(std::vector<Row>& rows, bool quick) {
  const std::size_t stream = quick ? kQuickStreamBytes : kStreamBytes;
  for (const std::size_t piece : {kPieces.front(), kPieces.back()}) {
    rows.push_back(
        {Operation::kInflate, kStoredCorpus, kDefaultLevel, stream, piece, Format::kRaw});
  }
}

void add_checksums(std::vector<Row>& rows) {
  for (const Operation operation : {Operation::kCrc32, Operation::kAdler32}) {
    for (const std::size_t size : kChecksumSizes) {
      for (const std::size_t offset : {std::size_t{0}, std::size_t{3}}) {
        Row row{operation, kCorpora.front()};
        row.buffer_bytes = size;
        row.offset_bytes = offset;
        rows.push_back(row);
      }
    }
  }
}

}  // namespace

std::vector<Row> all_rows(bool quick) {
  std::vector<Row> rows;
  add_one_shot(rows, quick);
  add_records(rows);
  add_streams(rows, quick);
  add_stored_streams(rows, quick);
  add_checksums(rows);
  return rows;
}

}  // namespace wd::bench
