#include "row_workload.hpp"

#include <algorithm>
#include <utility>

namespace wd::bench {
namespace {

CodecPtr codec_of(const Row& row) {
  switch (row.operation) {
    case Operation::kDeflate:
    case Operation::kInflate:
      return piecewise_codec(row.level, row.format, row.piece_bytes);
    case Operation::kDeflateRecord:
    case Operation::kInflateRecord:
      return fresh_stream_codec(row.level);
    default:
      return one_shot_codec(row.level);
  }
}

// Where zlib takes longest, half the sample is enough.
constexpr int kSlowLevel = 7;
// But no corpus is alike everywhere: fewer places than these do not stand for it.
constexpr std::size_t kLeastBuffers = 3;

}  // namespace

const Corpus& Corpora::operator[](const std::string& name) {
  auto found = read_.find(name);
  if (found == read_.end()) found = read_.emplace(name, Corpus::read(folder_, name)).first;
  return found->second;
}

std::vector<ByteView> sample_of(const Row& row, Corpora& corpora, std::size_t sample_bytes) {
  const bool slow = is_encoding(row.operation) && row.level >= kSlowLevel;
  const std::size_t wanted = slow ? sample_bytes / 2 : sample_bytes;
  return corpora[row.corpus].sample(row.buffer_bytes,
                                    std::max(wanted, kLeastBuffers * row.buffer_bytes));
}

WorkloadPtr workload_of(const Row& row, std::vector<ByteView> sample, const ZlibAbi& stock) {
  if (row.operation == Operation::kCrc32 || row.operation == Operation::kAdler32) {
    const auto kind = row.operation == Operation::kCrc32 ? Checksum::kCrc32 : Checksum::kAdler32;
    return checksums(kind, sample.front(), row.buffer_bytes, row.offset_bytes);
  }
  if (is_encoding(row.operation)) return encoding(codec_of(row), std::move(sample));
  return decoding(codec_of(row), std::move(sample), stock);
}

}  // namespace wd::bench
