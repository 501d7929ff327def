// compress and uncompress: the core's fast paths for whole messages, and behind them zlib's own
// loops over our streams, for everything that those leave and for exact codes when something is
// wrong.
#include <zlib.h>

#include <algorithm>
#include <limits>

#include "abi.hpp"
#include "deflate_calls.hpp"
#include "inflate_calls.hpp"
#include "process.hpp"
#include "wd/one_shot.hpp"

namespace {

using wd::shim::process_context;

// A z_stream counts in 32 bits; longer buffers are fed in parts.
uInt part_of(uLong& left) noexcept {
  const uLong part = std::min<uLong>(left, std::numeric_limits<uInt>::max());
  left -= part;
  return static_cast<uInt>(part);
}

int compress_streaming(Bytef* to, uLongf* to_bytes, const Bytef* from, uLong from_bytes,
                       int level) noexcept {
  uLong room = *to_bytes;
  *to_bytes = 0;
  z_stream stream{};
  int code = wd::shim::deflate_init2(&stream, level, Z_DEFLATED, MAX_WBITS, 8, Z_DEFAULT_STRATEGY,
                                     ZLIB_VERSION, sizeof(stream));
  if (code != Z_OK) return code;
  stream.next_out = to;
  stream.next_in = const_cast<Bytef*>(from);
  do {
    if (stream.avail_out == 0) stream.avail_out = part_of(room);
    if (stream.avail_in == 0) stream.avail_in = part_of(from_bytes);
    code = wd::shim::deflate_step(&stream, from_bytes != 0 ? Z_NO_FLUSH : Z_FINISH);
  } while (code == Z_OK);
  *to_bytes = stream.total_out;
  wd::shim::deflate_end(&stream);
  return code == Z_STREAM_END ? Z_OK : code;
}

int compress_whole(Bytef* to, uLongf* to_bytes, const Bytef* from, uLong from_bytes,
                   int level) noexcept {
  if (level == Z_DEFAULT_COMPRESSION) level = wd::kDefaultLevel;
  if (level > 0 && level <= wd::kMaxLevel && to != Z_NULL && (from != Z_NULL || from_bytes == 0)) {
    const std::size_t bytes = wd::compress_whole(process_context(), wd::Format::zlib, level, from,
                                                 from_bytes, to, *to_bytes);
    if (bytes != 0) {
      *to_bytes = bytes;
      return Z_OK;
    }
  }
  return compress_streaming(to, to_bytes, from, from_bytes, level);
}

int uncompress_streaming(Bytef* to, uLongf* to_bytes, const Bytef* from,
                         uLong* from_bytes) noexcept {
  Bytef nowhere[1];
  uLong in_left = *from_bytes;
  uLong room = *to_bytes;
  const bool wants_output = room != 0;
  *to_bytes = 0;
  if (!wants_output) {
    // Only whether the message is whole and empty is asked for.
    room = 1;
    to = nowhere;
  }
  z_stream stream{};
  int code = wd::shim::inflate_init2(&stream, MAX_WBITS, ZLIB_VERSION, sizeof(stream));
  if (code != Z_OK) return code;
  // Something is wrong with it, or it is larger than whole messages are: how far it was read
  // counts.
  wd::shim::inflate_keep_to_software(&stream);
  stream.next_out = to;
  stream.next_in = const_cast<Bytef*>(from);
  do {
    if (stream.avail_out == 0) stream.avail_out = part_of(room);
    if (stream.avail_in == 0) stream.avail_in = part_of(in_left);
    code = wd::shim::inflate_step(&stream, Z_NO_FLUSH);
  } while (code == Z_OK);
  *from_bytes -= in_left + stream.avail_in;
  if (wants_output)
    *to_bytes = stream.total_out;
  else if (stream.total_out != 0 && code == Z_BUF_ERROR)
    room = 1;
  wd::shim::inflate_end(&stream);
  if (code == Z_STREAM_END) return Z_OK;
  if (code == Z_NEED_DICT) return Z_DATA_ERROR;
  // No progress with room left: the message is cut off. Without: the room is too small.
  if (code == Z_BUF_ERROR && room + stream.avail_out != 0) return Z_DATA_ERROR;
  return code;
}

int uncompress_whole(Bytef* to, uLongf* to_bytes, const Bytef* from, uLong* from_bytes) noexcept {
  if (to != Z_NULL && from != Z_NULL && *to_bytes != 0) {
    std::size_t consumed = 0;
    std::size_t produced = 0;
    if (wd::decompress_zlib_whole(process_context(), from, *from_bytes, to, *to_bytes, &consumed,
                                  &produced)) {
      *from_bytes = consumed;
      *to_bytes = produced;
      return Z_OK;
    }
  }
  return uncompress_streaming(to, to_bytes, from, from_bytes);
}

}  // namespace

WD_EXPORT int compress2(Bytef* to, uLongf* to_bytes, const Bytef* from, uLong from_bytes,
                        int level) {
  return compress_whole(to, to_bytes, from, from_bytes, level);
}

WD_EXPORT int compress(Bytef* to, uLongf* to_bytes, const Bytef* from, uLong from_bytes) {
  return compress_whole(to, to_bytes, from, from_bytes, Z_DEFAULT_COMPRESSION);
}

WD_EXPORT uLong compressBound(uLong bytes) {
  return wd::compress_bound(wd::Format::zlib, bytes);
}

WD_EXPORT int uncompress2(Bytef* to, uLongf* to_bytes, const Bytef* from, uLong* from_bytes) {
  return uncompress_whole(to, to_bytes, from, from_bytes);
}

WD_EXPORT int uncompress(Bytef* to, uLongf* to_bytes, const Bytef* from, uLong from_bytes) {
  return uncompress_whole(to, to_bytes, from, &from_bytes);
}
