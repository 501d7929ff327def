#include "row.hpp"

namespace wd::bench {
namespace {

std::string short_size(std::size_t bytes) {
  if (bytes >= 1 << 20 && bytes % (1 << 20) == 0) return std::to_string(bytes >> 20) + "m";
  if (bytes >= 1 << 10 && bytes % (1 << 10) == 0) return std::to_string(bytes >> 10) + "k";
  return std::to_string(bytes);
}

}  // namespace

const char* name_of(Operation operation) {
  switch (operation) {
    case Operation::kCompress:
      return "compress";
    case Operation::kUncompress:
      return "uncompress";
    case Operation::kDeflate:
      return "deflate";
    case Operation::kInflate:
      return "inflate";
    case Operation::kDeflateRecord:
      return "deflate_record";
    case Operation::kInflateRecord:
      return "inflate_record";
    case Operation::kCrc32:
      return "crc32";
    case Operation::kAdler32:
      break;
  }
  return "adler32";
}

const char* name_of(Format format) {
  switch (format) {
    case Format::kGzip:
      return "gzip";
    case Format::kRaw:
      return "raw";
    case Format::kZlib:
      break;
  }
  return "zlib";
}

std::string Row::id() const {
  std::string id = name_of(operation);
  if (is_checksum(operation)) {
    return id + "/size:" + short_size(buffer_bytes) + "/offset:" + std::to_string(offset_bytes);
  }
  id += "/" + corpus + "/level:" + std::to_string(level);
  if (piece_bytes == 0) return id + "/buffer:" + short_size(buffer_bytes);
  return id + "/piece:" + short_size(piece_bytes) + "/" + name_of(format);
}

}  // namespace wd::bench
