#include "wd/frame_reader.hpp"

#include <algorithm>
#include <cstring>

#include "framing/gzip_flags.hpp"
#include "wd/checksum.hpp"

WD_NAMESPACE_BEGIN

namespace {

constexpr std::uint32_t kDeflateMethod = 8;
constexpr std::uint8_t kSyncPattern[4] = {0x00, 0x00, 0xff, 0xff};

constexpr unsigned parts_of(Format format) noexcept {
  switch (format) {
    case Format::raw:
      return 0;
    case Format::zlib:
      return FrameReader::kVerify | FrameReader::kZlib;
    case Format::gzip:
      return FrameReader::kVerify | FrameReader::kGzip;
    case Format::automatic:
      break;
  }
  return FrameReader::kVerify | FrameReader::kZlib | FrameReader::kGzip;
}

constexpr std::uint32_t byte_swapped(std::uint32_t value) noexcept {
  return __builtin_bswap32(value);
}

}  // namespace

void FrameReader::start(Format format, int window_bits) noexcept {
  wrap_ = static_cast<std::uint8_t>(parts_of(format));
  window_bits_ = static_cast<std::uint8_t>(window_bits);
  reset();
}

void FrameReader::reset() noexcept {
  state_ = wrap_ == 0 ? State::body : State::head;
  flags_ = -1;
  length_ = 0;
  sync_matched_ = 0;
  body_ended_ = false;
  message_ = nullptr;
  drop_held();
}

void FrameReader::fail(const char* message) noexcept {
  message_ = message;
  state_ = State::bad;
}

// Consumes bytes until `bits` bits are held. What came is kept when there are too few.
bool FrameReader::need(unsigned bits, InputCursor& in) noexcept {
  while (bits_ < bits) {
    if (in.left == 0) return false;
    held_ += std::uint64_t{*in.next++} << bits_;
    --in.left;
    bits_ += 8;
  }
  return true;
}

void FrameReader::drop_held() noexcept {
  held_ = 0;
  bits_ = 0;
}

void FrameReader::add_held_to_header_crc(unsigned bytes) noexcept {
  const std::uint8_t raw[4] = {
      static_cast<std::uint8_t>(held_), static_cast<std::uint8_t>(held_ >> 8),
      static_cast<std::uint8_t>(held_ >> 16), static_cast<std::uint8_t>(held_ >> 24)};
  check_ = crc32(check_, raw, bytes);
}

bool FrameReader::header_crc_kept() const noexcept {
  return (flags_ & gzip::kHeaderCrc) != 0 && verifies();
}

void FrameReader::read_header(InputCursor& in, GzipHeader* header) noexcept {
  for (;;) {
    switch (state_) {
      case State::head:
        if (!need(16, in)) return;
        read_head(header);
        break;
      case State::flags:
        if (!need(16, in)) return;
        read_gzip_flags(header);
        break;
      case State::time:
        if (!need(32, in)) return;
        if (header != nullptr) header->time = static_cast<unsigned long>(held_);
        if (header_crc_kept()) add_held_to_header_crc(4);
        drop_held();
        state_ = State::os;
        break;
      case State::os:
        if (!need(16, in)) return;
        if (header != nullptr) {
          header->xflags = static_cast<int>(held_ & 0xff);
          header->os = static_cast<int>(held_ >> 8);
        }
        if (header_crc_kept()) add_held_to_header_crc(2);
        drop_held();
        state_ = State::extra_length;
        break;
      case State::extra_length:
        if ((flags_ & gzip::kExtra) != 0) {
          if (!need(16, in)) return;
          length_ = static_cast<std::uint32_t>(held_);
          if (header != nullptr) header->extra_len = length_;
          if (header_crc_kept()) add_held_to_header_crc(2);
          drop_held();
        } else if (header != nullptr) {
          header->extra = nullptr;
        }
        state_ = State::extra;
        break;
      case State::extra:
        if ((flags_ & gzip::kExtra) != 0 && !read_extra(in, header)) return;
        length_ = 0;
        state_ = State::name;
        break;
      case State::name:
        if ((flags_ & gzip::kName) != 0) {
          if (!read_text(in, header != nullptr ? header->name : nullptr,
                         header != nullptr ? header->name_max : 0))
            return;
        } else if (header != nullptr) {
          header->name = nullptr;
        }
        length_ = 0;
        state_ = State::comment;
        break;
      case State::comment:
        if ((flags_ & gzip::kComment) != 0) {
          if (!read_text(in, header != nullptr ? header->comment : nullptr,
                         header != nullptr ? header->comment_max : 0))
            return;
        } else if (header != nullptr) {
          header->comment = nullptr;
        }
        state_ = State::header_crc;
        break;
      case State::header_crc:
        if ((flags_ & gzip::kHeaderCrc) != 0) {
          if (!need(16, in)) return;
          if (verifies() && held_ != (check_ & 0xffff)) return fail("header crc mismatch");
          drop_held();
        }
        end_gzip_header(header);
        return;
      case State::dictionary_id:
        if (!need(32, in)) return;
        check_ = byte_swapped(static_cast<std::uint32_t>(held_));
        drop_held();
        state_ = State::dictionary;
        return;
      case State::dictionary_given:
        state_ = State::body_ahead;
        return;
      default:
        return;
    }
  }
}

void FrameReader::read_head(GzipHeader* header) noexcept {
  if ((wrap_ & kGzip) != 0 && held_ == gzip::kMagic) {
    if (window_bits_ == 0) window_bits_ = kMaxWindowBits;
    check_ = kCrc32Start;
    add_held_to_header_crc(2);
    drop_held();
    state_ = State::flags;
    return;
  }
  if (header != nullptr) header->done = -1;
  read_zlib_head();
}

void FrameReader::read_zlib_head() noexcept {
  if ((wrap_ & kZlib) == 0 || (((held_ & 0xff) << 8) + (held_ >> 8)) % 31 != 0)
    return fail("incorrect header check");
  if ((held_ & 0xf) != kDeflateMethod) return fail("unknown compression method");
  held_ >>= 4;
  bits_ -= 4;
  const unsigned window_bits = static_cast<unsigned>(held_ & 0xf) + 8;
  if (window_bits_ == 0) window_bits_ = static_cast<std::uint8_t>(window_bits);
  if (window_bits > kMaxWindowBits || window_bits > window_bits_)
    return fail("invalid window size");
  flags_ = 0;
  const bool needs_dictionary = (held_ & 0x200) != 0;
  drop_held();
  state_ = needs_dictionary ? State::dictionary_id : State::body_ahead;
}

void FrameReader::read_gzip_flags(GzipHeader* header) noexcept {
  flags_ = static_cast<int>(held_);
  if ((flags_ & 0xff) != static_cast<int>(kDeflateMethod))
    return fail("unknown compression method");
  if ((flags_ & gzip::kReserved) != 0) return fail("unknown header flags set");
  if (header != nullptr) header->text = static_cast<int>((held_ >> 8) & 1);
  if (header_crc_kept()) add_held_to_header_crc(2);
  drop_held();
  state_ = State::time;
}

// True when the whole field has been consumed.
bool FrameReader::read_extra(InputCursor& in, GzipHeader* header) noexcept {
  const std::uint32_t bytes = std::min(length_, in.left);
  if (bytes != 0) {
    if (header != nullptr && header->extra != nullptr) {
      const std::uint32_t filled = header->extra_len - length_;
      if (filled < header->extra_max)
        std::memcpy(header->extra + filled, in.next, std::min(bytes, header->extra_max - filled));
    }
    if (header_crc_kept()) check_ = crc32(check_, in.next, bytes);
    in.next += bytes;
    in.left -= bytes;
    length_ -= bytes;
  }
  return length_ == 0;
}

// True when the terminating zero has been consumed.
bool FrameReader::read_text(InputCursor& in, std::uint8_t* to, std::uint32_t to_max) noexcept {
  if (in.left == 0) return false;
  std::uint32_t bytes = 0;
  std::uint8_t last = 0;
  do {
    last = in.next[bytes++];
    if (to != nullptr && length_ < to_max) to[length_++] = last;
  } while (last != 0 && bytes < in.left);
  if (header_crc_kept()) check_ = crc32(check_, in.next, bytes);
  in.next += bytes;
  in.left -= bytes;
  return last == 0;
}

void FrameReader::end_gzip_header(GzipHeader* header) noexcept {
  if (header != nullptr) {
    header->hcrc = (flags_ >> 9) & 1;
    header->done = 1;
  }
  state_ = State::body_ahead;
}

void FrameReader::enter_trailer(std::uint32_t held, unsigned bits) noexcept {
  held_ = held;
  bits_ = bits;
  body_ended_ = true;
  state_ = wrap_ == 0 ? State::done : State::check;
}

void FrameReader::read_trailer(InputCursor& in, std::uint32_t check,
                               std::uint32_t body_bytes) noexcept {
  if (state_ == State::check) {
    if (!need(32, in)) return;
    const auto stored = static_cast<std::uint32_t>(held_);
    if (verifies() && (crc_body() ? stored : byte_swapped(stored)) != check)
      return fail("incorrect data check");
    drop_held();
    state_ = flags_ != 0 ? State::length : State::done;
  }
  if (state_ == State::length) {
    if (!need(32, in)) return;
    if (verifies() && static_cast<std::uint32_t>(held_) != body_bytes)
      return fail("incorrect length check");
    drop_held();
    state_ = State::done;
  }
}

bool FrameReader::prime(int bits, int value) noexcept {
  if (bits < 0) {
    drop_held();
    return true;
  }
  if (bits > 16 || bits_ + static_cast<unsigned>(bits) > 32) return false;
  held_ += (static_cast<std::uint64_t>(value) & ((1u << bits) - 1)) << bits_;
  bits_ += static_cast<unsigned>(bits);
  return true;
}

void FrameReader::set_verify(bool verify) noexcept {
  if (verify && wrap_ != 0)
    wrap_ |= kVerify;
  else
    wrap_ &= static_cast<std::uint8_t>(~kVerify);
}

void FrameReader::begin_sync(std::uint32_t held, unsigned bits) noexcept {
  state_ = State::sync;
  sync_matched_ = 0;
  // zlib 1.2.13 shifts up here, not down; it shows only after inflatePrime() of more than a byte.
  std::uint64_t shifted = std::uint64_t{held} << (bits & 7);
  std::uint8_t bytes[4];
  std::uint32_t count = 0;
  for (bits -= bits & 7; bits >= 8 && count < 4; bits -= 8) {
    bytes[count++] = static_cast<std::uint8_t>(shifted);
    shifted >>= 8;
  }
  drop_held();
  std::uint32_t used = 0;
  match_sync(bytes, count, used);
}

bool FrameReader::search_sync(InputCursor& in) noexcept {
  std::uint32_t used = 0;
  match_sync(in.next, in.left, used);
  in.next += used;
  in.left -= used;
  return sync_matched_ == 4;
}

void FrameReader::match_sync(const std::uint8_t* data, std::uint32_t bytes,
                             std::uint32_t& used) noexcept {
  while (used < bytes && sync_matched_ < 4) {
    const std::uint8_t byte = data[used++];
    if (byte == kSyncPattern[sync_matched_])
      ++sync_matched_;
    else if (byte != 0)
      sync_matched_ = 0;
    else
      sync_matched_ =
          static_cast<std::uint8_t>(4 - sync_matched_);  // zeros seen so far still count
  }
}

void FrameReader::resume_after_sync() noexcept {
  const int flags = flags_;
  if (flags == -1)
    wrap_ = 0;  // no header was read: all that follows is taken for raw
  else
    wrap_ &= static_cast<std::uint8_t>(~kVerify);
  reset();
  flags_ = flags;
  state_ = State::body;
}

WD_NAMESPACE_END
