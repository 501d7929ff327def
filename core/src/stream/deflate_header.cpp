// A stream's header, what the caller has said about it included: written, and its share of the
// bound.
#include "wd/deflate_stream.hpp"

#include <algorithm>
#include <cstring>

#include "framing/frame_writer.hpp"
#include "stream/whole_frame.hpp"
#include "wd/checksum.hpp"

WD_NAMESPACE_BEGIN

namespace {

// With the terminating zero; none for a text that is not there.
std::size_t text_bytes(const std::uint8_t* text) noexcept {
  return text == nullptr ? 0 : std::strlen(reinterpret_cast<const char*>(text)) + 1;
}

}  // namespace

void DeflateStream::begin_header(const GzipHeader* header) noexcept {
  frame_at_ = 0;
  frame_size_ = 0;
  switch (format_) {
    case Format::zlib:
      frame_size_ = static_cast<std::uint8_t>(
          write_zlib_header(parameters_, has_dictionary_ ? &check_ : nullptr, frame_));
      check_ = kAdler32Start;
      break;
    case Format::gzip: {
      std::size_t bytes = write_gzip_header(parameters_, header, frame_);
      if (header != nullptr && header->extra != nullptr) {
        frame_[bytes++] = static_cast<std::uint8_t>(header->extra_len);
        frame_[bytes++] = static_cast<std::uint8_t>(header->extra_len >> 8);
      }
      frame_size_ = static_cast<std::uint8_t>(bytes);
      header_crc_ = kCrc32Start;
      add_to_header_crc(frame_, bytes, header != nullptr && header->hcrc != 0);
      if (header != nullptr) status_ = store_optional(*header) ? Status::body : Status::extra;
      break;
    }
    default:
      break;
  }
}

// Takes the optional parts of a gzip header into the arena, so that the caller's memory is not
// needed any more when this call returns, as zlib has it. False if the arena is in use or too
// small: then they are written from where they are, as room comes.
bool DeflateStream::store_optional(const GzipHeader& header) noexcept {
  if (engine_ == EngineState::ready) return false;
  const std::size_t extra = header.extra == nullptr ? 0 : header.extra_len & 0xffff;
  const std::size_t name = text_bytes(header.name);
  const std::size_t comment = text_bytes(header.comment);
  const bool in_crc = header.hcrc != 0;
  const std::size_t bytes = extra + name + comment + (in_crc ? 2 : 0);
  if (bytes > arena_.store_capacity()) return false;
  close_engine();
  const auto append = [&](const std::uint8_t* data, std::size_t part) {
    remains_.append(arena_, data, part);
  };
  append(header.extra, extra);
  append(header.name, name);
  append(header.comment, comment);
  if (!in_crc) return true;
  if (extra != 0) add_to_header_crc(header.extra, extra, true);
  if (name != 0) add_to_header_crc(header.name, name, true);
  if (comment != 0) add_to_header_crc(header.comment, comment, true);
  const std::uint8_t crc[2] = {static_cast<std::uint8_t>(header_crc_),
                               static_cast<std::uint8_t>(header_crc_ >> 8)};
  append(crc, sizeof(crc));
  return true;
}

// True when the header is written; false when there is no room for all of it.
bool DeflateStream::put_header(Output& out, const GzipHeader* header) noexcept {
  if (status_ == Status::start) {
    status_ = Status::body;
    optional_at_ = 0;
    begin_header(header);
    drain(out);
  }
  if (output_waits()) return false;
  if (status_ == Status::body) return true;
  // A header that was taken away in the midst of being written ends where it is.
  static constexpr GzipHeader kNone{};
  const GzipHeader& fields = header != nullptr ? *header : kNone;
  const bool in_crc = fields.hcrc != 0;
  if (status_ == Status::extra) {
    const std::size_t bytes = fields.extra == nullptr ? 0 : fields.extra_len & 0xffff;
    if (!put_optional(out, fields.extra, bytes, in_crc)) return false;
    status_ = Status::name;
  }
  if (status_ == Status::name) {
    if (!put_optional(out, fields.name, text_bytes(fields.name), in_crc)) return false;
    status_ = Status::comment;
  }
  if (status_ == Status::comment) {
    if (!put_optional(out, fields.comment, text_bytes(fields.comment), in_crc)) return false;
    status_ = Status::header_crc;
    frame_at_ = frame_size_ = 0;
    if (in_crc) {
      frame_[0] = static_cast<std::uint8_t>(header_crc_);
      frame_[1] = static_cast<std::uint8_t>(header_crc_ >> 8);
      frame_size_ = 2;
    }
  }
  drain(out);
  if (frame_pending()) return false;
  status_ = Status::body;
  return true;
}

// Writes one optional part straight from the caller's memory; true when it is complete.
bool DeflateStream::put_optional(Output& out, const std::uint8_t* data, std::size_t bytes,
                                 bool in_crc) noexcept {
  // A part that the caller has cut down in the meantime ends where it was.
  const std::size_t rest = bytes > optional_at_ ? bytes - optional_at_ : 0;
  const std::size_t part = std::min<std::size_t>(rest, out.left);
  if (part != 0) {
    std::memcpy(out.next, data + optional_at_, part);
    add_to_header_crc(data + optional_at_, part, in_crc);
    out.next += part;
    out.left -= static_cast<std::uint32_t>(part);
    optional_at_ += static_cast<std::uint32_t>(part);
  }
  if (part != rest) return false;
  optional_at_ = 0;
  return true;
}

void DeflateStream::add_to_header_crc(const std::uint8_t* data, std::size_t bytes,
                                      bool in_crc) noexcept {
  if (in_crc) header_crc_ = crc32(header_crc_, data, bytes);
}

std::size_t DeflateStream::bound(std::size_t in_bytes, const GzipHeader* header) const noexcept {
  std::size_t frame = plain_frame_bytes(format_);
  if (format_ == Format::zlib && (has_dictionary_ || body_bytes_ != 0))
    frame += kZlibDictionaryBytes;
  if (format_ == Format::gzip && header != nullptr) {
    if (header->extra != nullptr) frame += 2 + header->extra_len;
    frame += text_bytes(header->name) + text_bytes(header->comment);
    if (header->hcrc != 0) frame += 2;
  }
  return frame_bound(frame, parameters_, in_bytes);
}

WD_NAMESPACE_END
