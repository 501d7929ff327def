// The caller's gz_header as the core sees one.
#ifndef WD_SHIM_GZIP_HEADER_HPP_
#define WD_SHIM_GZIP_HEADER_HPP_

#include <zlib.h>

#include "wd/frame_reader.hpp"

namespace wd::shim {

inline GzipHeader load_header(const gz_header& from) noexcept {
  return {.text = from.text,
          .time = from.time,
          .xflags = from.xflags,
          .os = from.os,
          .extra = from.extra,
          .extra_len = from.extra_len,
          .extra_max = from.extra_max,
          .name = from.name,
          .name_max = from.name_max,
          .comment = from.comment,
          .comment_max = from.comm_max,
          .hcrc = from.hcrc,
          .done = from.done};
}

// What reading a header can change; the limits are the caller's own.
inline void store_header(const GzipHeader& from, gz_header& to) noexcept {
  to.text = from.text;
  to.time = from.time;
  to.xflags = from.xflags;
  to.os = from.os;
  to.extra = from.extra;
  to.extra_len = from.extra_len;
  to.name = from.name;
  to.comment = from.comment;
  to.hcrc = from.hcrc;
  to.done = from.done;
}

}  // namespace wd::shim

#endif  // WD_SHIM_GZIP_HEADER_HPP_
