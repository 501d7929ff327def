#ifndef WD_BENCH_COMPARE_ROW_HPP_
#define WD_BENCH_COMPARE_ROW_HPP_

#include <cstddef>
#include <string>
#include <vector>

#include "codec.hpp"

namespace wd::bench {

enum class Operation {
  kCompress,       // compress2
  kUncompress,     // uncompress
  kDeflate,        // deflate in pieces
  kInflate,        // inflate in pieces
  kDeflateRecord,  // deflateInit, one deflate, deflateEnd
  kInflateRecord,
  kCrc32,
  kAdler32,
};

constexpr bool is_checksum(Operation operation) {
  return operation >= Operation::kCrc32;
}

constexpr bool is_encoding(Operation operation) {
  return operation == Operation::kCompress || operation == Operation::kDeflate ||
         operation == Operation::kDeflateRecord;
}

constexpr bool is_decoding(Operation operation) {
  return !is_checksum(operation) && !is_encoding(operation);
}

// One line of the table: what is done, to what, how.
struct Row {
  Operation operation;
  std::string corpus;
  int level = 0;                  // for decoding: that of the input; none for checksums
  std::size_t buffer_bytes = 0;   // one call's plain bytes; for streams: one stream's
  std::size_t piece_bytes = 0;    // streams only
  Format format = Format::kZlib;  // streams only
  std::size_t offset_bytes = 0;   // checksums only: past an aligned address

  // Names the row in reports and in --rows: `compress/text/level:6/buffer:64k`.
  [[nodiscard]] std::string id() const;
};

const char* name_of(Operation operation);
const char* name_of(Format format);

// All rows, in the order of the table. Quick: those that a required figure may ask for.
std::vector<Row> all_rows(bool quick);

}  // namespace wd::bench

#endif  // WD_BENCH_COMPARE_ROW_HPP_
