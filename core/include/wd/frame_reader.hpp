// The frame around a DEFLATE body, read incrementally: the header and trailer of zlib (RFC 1950)
// and gzip (RFC 1952) streams, arriving in pieces of any size.
//
// Progress is zlib's to the byte and to the bit: what inflatePrime() put in front, what data_type
// reports, which byte an error is found at, and the words it is told in.
//
// Threading: one thread at a time. Ownership: holds no memory; borrows the buffers named in a
// GzipHeader while it reads. Whatever it is fed is untrusted.
#ifndef WD_FRAME_READER_HPP_
#define WD_FRAME_READER_HPP_

#include <cstdint>

#include "wd/deflate.hpp"

WD_NAMESPACE_BEGIN

// What a gzip header says, as it is read; a null buffer is not wanted. The fields are zlib's
// gz_header's.
struct GzipHeader {
  int text = 0;
  unsigned long time = 0;
  int xflags = 0;
  int os = 0;
  std::uint8_t* extra = nullptr;
  std::uint32_t extra_len = 0;
  std::uint32_t extra_max = 0;
  std::uint8_t* name = nullptr;
  std::uint32_t name_max = 0;
  std::uint8_t* comment = nullptr;
  std::uint32_t comment_max = 0;
  int hcrc = 0;
  int done = 0;  // 1 when read, -1 when the stream turned out to be zlib
};

// Input that is being consumed.
struct InputCursor {
  const std::uint8_t* next;
  std::uint32_t left;
};

class WD_API FrameReader {
 public:
  enum class State : std::uint8_t {
    head,
    flags,
    time,
    os,
    extra_length,
    extra,
    name,
    comment,
    header_crc,  // header
    dictionary_id,
    dictionary,
    dictionary_given,
    body_ahead,  // the header is complete, no bit of the body has been looked at
    body,
    check,
    length,  // trailer
    done,
    bad,
    sync,  // looking for a flush point
  };

  // The parts of a frame, as zlib's inner `wrap` has them.
  static constexpr unsigned kZlib = 1;
  static constexpr unsigned kGzip = 2;
  static constexpr unsigned kVerify = 4;  // checksums are computed and compared

  // A new format and window (0: as the header says); the rest as reset().
  void start(Format format, int window_bits) noexcept;
  // Back to the start of a frame. Keeps format and window, also where an earlier header or a
  // search for a flush point changed them.
  void reset() noexcept;

  [[nodiscard]] State state() const noexcept { return state_; }
  [[nodiscard]] bool in_header() const noexcept { return state_ <= State::dictionary_given; }
  [[nodiscard]] bool waits_for_check() const noexcept { return state_ == State::check; }
  [[nodiscard]] bool in_trailer() const noexcept {
    return state_ == State::check || state_ == State::length;
  }
  // Behind the header's last byte, or waiting for the dictionary that it names: bits put in front
  // now belong to the body.
  [[nodiscard]] bool header_consumed() const noexcept {
    return state_ >= State::dictionary && state_ <= State::body;
  }
  // The body has ended.
  [[nodiscard]] bool body_ended() const noexcept { return body_ended_; }
  // The bits that have been consumed but not used, and their number.
  [[nodiscard]] std::uint32_t held() const noexcept { return static_cast<std::uint32_t>(held_); }
  [[nodiscard]] unsigned held_bits() const noexcept { return bits_; }
  [[nodiscard]] int window_bits() const noexcept { return window_bits_; }
  [[nodiscard]] bool framed() const noexcept { return wrap_ != 0; }
  [[nodiscard]] bool may_be_zlib() const noexcept { return (wrap_ & kZlib) != 0; }
  [[nodiscard]] bool may_be_gzip() const noexcept { return (wrap_ & kGzip) != 0; }
  [[nodiscard]] bool verifies() const noexcept { return (wrap_ & kVerify) != 0; }
  // The checksum of the body is CRC-32 rather than Adler-32. zlib, too, takes a body whose header
  // was never seen for CRC-32; it matters only with kVerify, which implies a header.
  [[nodiscard]] bool crc_body() const noexcept { return flags_ != 0; }
  [[nodiscard]] std::uint32_t start_checksum() const noexcept { return crc_body() ? 0 : 1; }
  // In State::dictionary: which one. In the header: the header's own checksum.
  [[nodiscard]] std::uint32_t header_check() const noexcept { return check_; }
  // Why the state is bad: zlib's words.
  [[nodiscard]] const char* message() const noexcept { return message_; }

  // Reads header bytes until the header ends, input ends, or it turns out bad; the state says
  // which.
  void read_header(InputCursor& in, GzipHeader* header) noexcept;
  // The caller has set the dictionary that the header asked for.
  void dictionary_given() noexcept { state_ = State::dictionary_given; }
  void enter_body() noexcept { state_ = State::body; }
  void leave_body() noexcept { state_ = State::body_ahead; }
  // The body ended with `bits` bits (the low ones of `held`) consumed but not used.
  void enter_trailer(std::uint32_t held, unsigned bits) noexcept;
  // Reads trailer bytes and compares: `check` is the body's checksum, `body_bytes` its length.
  void read_trailer(InputCursor& in, std::uint32_t check, std::uint32_t body_bytes) noexcept;
  void fail(const char* message) noexcept;

  void drop_held() noexcept;
  // zlib's inflatePrime on the bits held here. False if out of range.
  [[nodiscard]] bool prime(int bits, int value) noexcept;
  // zlib's inflateValidate.
  void set_verify(bool verify) noexcept;

  // Searching for the bytes 00 00 ff ff, which a flush leaves behind.
  // Begins with `bits` bits held from the body.
  void begin_sync(std::uint32_t held, unsigned bits) noexcept;
  // Consumes input up to the end of the pattern; true when it was found.
  [[nodiscard]] bool search_sync(InputCursor& in) noexcept;
  // The pattern was found: what follows is body, without verification.
  void resume_after_sync() noexcept;

 private:
  [[nodiscard]] bool need(unsigned bits, InputCursor& in) noexcept;
  void add_held_to_header_crc(unsigned bytes) noexcept;
  [[nodiscard]] bool header_crc_kept() const noexcept;
  void read_head(GzipHeader* header) noexcept;
  void read_zlib_head() noexcept;
  void read_gzip_flags(GzipHeader* header) noexcept;
  [[nodiscard]] bool read_extra(InputCursor& in, GzipHeader* header) noexcept;
  [[nodiscard]] bool read_text(InputCursor& in, std::uint8_t* to, std::uint32_t to_max) noexcept;
  void end_gzip_header(GzipHeader* header) noexcept;
  void match_sync(const std::uint8_t* data, std::uint32_t bytes, std::uint32_t& used) noexcept;

  State state_ = State::head;
  std::uint8_t wrap_ = 0;
  std::uint8_t window_bits_ = kMaxWindowBits;
  std::uint8_t sync_matched_ = 0;
  bool body_ended_ = false;
  int flags_ = -1;          // -1: no header yet; 0: zlib; else gzip's method and flag bytes
  std::uint64_t held_ = 0;  // consumed bits, the oldest lowest; prime() may leave 32 of them
  unsigned bits_ = 0;
  std::uint32_t check_ = 0;
  std::uint32_t length_ = 0;  // of the extra field still to come, or of a text so far
  const char* message_ = nullptr;
};

WD_NAMESPACE_END

#endif  // WD_FRAME_READER_HPP_
