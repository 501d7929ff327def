#include "corpus.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "fail.hpp"

namespace wd::bench {

Corpus Corpus::read(const std::string& folder, const std::string& name) {
  const std::string path = folder + "/" + name + ".bin";
  std::ifstream file(path, std::ios::binary);
  require(file.good(), "cannot read the corpus", path);
  Corpus corpus;
  corpus.content_.assign(std::istreambuf_iterator<char>(file), {});
  require(!corpus.content_.empty(), "the corpus is empty", path);
  return corpus;
}

std::vector<ByteView> Corpus::sample(std::size_t buffer_bytes, std::size_t sample_bytes) const {
  const std::size_t available = content_.size() / buffer_bytes;
  if (available == 0) return {ByteView(content_)};
  const std::size_t wanted = std::clamp<std::size_t>(sample_bytes / buffer_bytes, 1, available);
  std::vector<ByteView> buffers;
  buffers.reserve(wanted);
  for (std::size_t i = 0; i < wanted; ++i) {
    const std::size_t at = i * available / wanted * buffer_bytes;
    buffers.push_back(ByteView(content_).subspan(at, buffer_bytes));
  }
  return buffers;
}

std::uint64_t total_bytes(const std::vector<ByteView>& buffers) {
  std::uint64_t total = 0;
  for (const ByteView buffer : buffers) total += buffer.size();
  return total;
}

}  // namespace wd::bench
