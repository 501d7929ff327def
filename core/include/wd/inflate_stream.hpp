// A compressed stream being decoded, in raw, zlib or gzip format, with zlib's own semantics: the
// same progress in every call, the same codes, checksums, data_type and words as zlib's inflate
// family. On an accelerator the progress of single calls may be another than zlib's, and data_type
// is only right at the end; everything else is the same, and a function that would show more takes
// the stream back to software first. What libwd_z.so's inflate* functions are made of; programs
// want Decompressor, which is simpler.
//
// Threading: one thread at a time. Ownership: borrows its Context, which must outlive it; all other
// memory comes from the Allocator given at open(), and dropping that memory as a whole releases
// everything; but a stream that has been on an accelerator holds memory of its own until it is
// closed. If the caller's memory is dropped instead, the Context finds that out after a while, and
// releases what it held. Does not move. A step takes up to 2^32-1 bytes.
#ifndef WD_INFLATE_STREAM_HPP_
#define WD_INFLATE_STREAM_HPP_

#include <cstdint>
#include <span>

#include "wd/allocator.hpp"
#include "wd/deflate.hpp"
#include "wd/frame_reader.hpp"
#include "wd/orphan_mark.hpp"
#include "wd/raw_inflate.hpp"
#include "wd/statistics.hpp"

WD_NAMESPACE_BEGIN

class Context;
struct Accelerator;
struct InflateOffload;
enum class OffloadEnd : std::uint8_t;

class WD_API InflateStream {
 public:
  struct Step {             // fits into two registers
    std::int64_t consumed;  // may be negative, see RawInflate
    std::uint32_t produced;
    StreamCode code;
    // False where zlib forgets to count: when it asks for a dictionary, and when memory ran out.
    bool counted;
  };

  explicit InflateStream(const Context& context) noexcept : context_(&context) {}
  InflateStream(const InflateStream&) = delete;
  InflateStream& operator=(const InflateStream&) = delete;

  // window_bits: log2 of the largest window accepted, 8 to 15, or 0 for what the header says.
  // ok, no_memory or stream_error (out of range).
  StreamCode open(Format format, int window_bits, const Allocator& memory) noexcept;
  // An allocator that has taken the place of the one given to open().
  void use_memory(const Allocator& memory) noexcept { raw_.use_memory(memory); }
  // RawInflate's.
  void lend_table(void* memory) noexcept { raw_.lend_table(memory); }
  void close() noexcept;
  StreamCode reset() noexcept;
  StreamCode reset(Format format, int window_bits) noexcept;
  StreamCode reset_keep_history() noexcept;
  // Becomes a copy of `source` in its present state, with memory of its own from `memory`.
  StreamCode copy_from(const InflateStream& source, const Allocator& memory) noexcept;

  // A step that is no more than a copy of stored data, for callers to whom the way to it counts:
  // consumed is 0, and nothing has happened, where run() has to look.
  Step pass(const std::uint8_t* in, std::uint32_t in_bytes, std::uint8_t* out,
            std::uint32_t out_bytes, Flush flush) noexcept {
    if (flush >= Flush::block) return {0, 0, StreamCode::ok, true};
    const RawInflate::Step step = pass_stored(in, in_bytes, out, out_bytes);
    return {step.consumed, step.produced,
            flush == Flush::finish ? StreamCode::buffer_error : StreamCode::ok, true};
  }
  // Decodes what it can. `header` receives the gzip header's fields while that is read, unless
  // null.
  Step run(const std::uint8_t* in, std::uint32_t in_bytes, std::uint8_t* out,
           std::uint32_t out_bytes, Flush flush, GzipHeader* header) noexcept {
    const Step step = pass(in, in_bytes, out, out_bytes, flush);
    if (step.consumed != 0) return step;
    return run_on(in, in_bytes, out, out_bytes, flush, header);
  }
  // Skips input up to a flush point; ok when found, data_error when not yet, buffer_error when
  // there was nothing to search.
  Step sync(const std::uint8_t* in, std::uint32_t in_bytes) noexcept;

  // Never uses an accelerator from here on, for callers to whom every call's progress counts.
  // Before the first step.
  void keep_to_software() noexcept { software_only_ = true; }

  StreamCode prime(int bits, int value) noexcept;
  StreamCode set_dictionary(const std::uint8_t* dictionary, std::uint32_t bytes) noexcept;
  StreamCode get_dictionary(std::uint8_t* dictionary, std::uint32_t* bytes) noexcept;
  void set_verify(bool verify) noexcept { frame_.set_verify(verify); }

  [[nodiscard]] bool framed() const noexcept { return frame_.framed(); }
  [[nodiscard]] bool may_be_gzip() const noexcept { return frame_.may_be_gzip(); }
  [[nodiscard]] bool reads_header() const noexcept { return frame_.in_header(); }
  // The checksum to show the caller, valid where the last call changed it (zlib leaves it alone
  // otherwise).
  [[nodiscard]] bool adler_changed() const noexcept { return adler_changed_; }
  [[nodiscard]] std::uint32_t adler() const noexcept { return adler_; }
  [[nodiscard]] int data_type() const noexcept { return data_type_; }
  // Why the stream is bad, or null.
  [[nodiscard]] const char* message() const noexcept { return message_; }
  [[nodiscard]] long mark() noexcept;
  [[nodiscard]] bool at_sync_point() noexcept;
  [[nodiscard]] unsigned long codes_used() noexcept;

 private:
  // As RawInflate's: consumed is 0 where run_on() has to look.
  RawInflate::Step pass_stored(const std::uint8_t* in, std::uint32_t in_bytes, std::uint8_t* out,
                               std::uint32_t out_bytes) noexcept;
  Step run_on(const std::uint8_t* in, std::uint32_t in_bytes, std::uint8_t* out,
              std::uint32_t out_bytes, Flush flush, GzipHeader* header) noexcept;
  // All but the commonest case of run_on(), in software or where an accelerator may begin.
  Step run_from(const std::uint8_t* in, std::uint32_t in_bytes, std::uint8_t* out,
                std::uint32_t out_bytes, Flush flush, GzipHeader* header) noexcept;
  // Of streams on accelerators. The state of the body is theirs between begin_offload() and
  // come_back(); what they have consumed and software has not is input before the caller's.
  Step run_offloaded(const std::uint8_t* in, std::uint32_t in_bytes, std::uint8_t* out,
                     std::uint32_t out_bytes, Flush flush) noexcept;
  Step run_behind_replay(const std::uint8_t* in, std::uint32_t in_bytes, std::uint8_t* out,
                         std::uint32_t out_bytes, Flush flush) noexcept;
  [[nodiscard]] bool begin_offload(InputCursor& in, std::uint8_t*& out, std::uint32_t& out_left,
                                   Flush flush) noexcept;
  OffloadEnd offload_at_once(const Accelerator& accelerator, InputCursor& in, std::uint8_t*& out,
                             std::uint32_t& out_left) noexcept;
  StreamCode offload_step(InputCursor& in, std::uint8_t*& out, std::uint32_t& out_left,
                          Flush flush) noexcept;
  void settle_doubt() noexcept;
  void count_call(Engine engine, std::uint64_t bytes_in, std::uint64_t bytes_out) noexcept;
  void end_offloaded() noexcept;
  [[nodiscard]] std::span<const std::uint8_t> replay_left() const noexcept;
  Step search_sync(const std::uint8_t* in, std::uint32_t in_bytes) noexcept;
  void come_back() noexcept;
  void drop_offload() noexcept;
  // False, and it is closed, if it may not be held.
  [[nodiscard]] bool hold(InflateOffload* offload) noexcept;
  StreamCode copy_offload(const InflateStream& source) noexcept;
  [[nodiscard]] Format body_format() const noexcept;
  // A header that was refused may have left a size beyond all windows.
  static int engine_window_bits(int window_bits) noexcept {
    return window_bits == 0 || window_bits > kMaxWindowBits ? kMaxWindowBits : window_bits;
  }
  void begin_frame() noexcept;
  void update_check(const std::uint8_t* data, std::uint32_t bytes) noexcept;
  void show_adler(std::uint32_t value) noexcept;
  StreamCode read_header(InputCursor& in, GzipHeader* header, Flush flush) noexcept;
  Step finish_step(const std::uint8_t* in, InputCursor& cursor, const std::uint8_t* out_end,
                   std::uint32_t out_bytes, std::uint32_t out_left, Flush flush,
                   StreamCode code) noexcept;
  Step progress(std::int64_t consumed, std::uint32_t produced, int data_type, Flush flush,
                StreamCode code) noexcept;
  void move_held_to_body() noexcept;
  void wait_at_body() noexcept;
  StreamCode decode_body(InputCursor& in, std::uint8_t*& out, std::uint32_t& out_left,
                         Flush flush) noexcept;
  // Held bits are the engine's rather than the frame's.
  [[nodiscard]] bool engine_holds_bits() const noexcept {
    return frame_.header_consumed() || in_body_when_bad_;
  }
  [[nodiscard]] int current_data_type() const noexcept;

  const Context* context_;
  FrameReader frame_;
  RawInflate raw_;
  std::uint32_t check_ = 0;       // of the body so far
  std::uint32_t body_bytes_ = 0;  // modulo 2^32, as gzip's trailer has it
  std::uint32_t adler_ = 0;
  int data_type_ = 0;
  bool adler_changed_ = false;
  bool body_begun_ = false;  // the engine has taken a bit of it
  bool in_body_when_bad_ = false;
  bool out_of_memory_ = false;
  bool standard_memory_ = false;
  // The body is not the engine's to go on with: out of memory, or on an accelerator.
  bool aside_ = false;
  bool software_only_ = false;
  bool counted_ = false;    // the call that is under way, as a request
  bool doubted_ = false;    // an accelerator found the stream wrong
  bool replaying_ = false;  // come back, but input is left that the accelerator had consumed
  const char* message_ = nullptr;
  const Accelerator* accelerator_ = nullptr;  // that offload_ is one's of
  InflateOffload* offload_ = nullptr;         // kept behind the end, too, for who asks later
  std::size_t replayed_ = 0;                  // of its input
  OrphanMark orphan_mark_;
};

WD_NAMESPACE_END

#endif  // WD_INFLATE_STREAM_HPP_
