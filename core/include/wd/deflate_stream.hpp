// A compressed stream being made, in raw, zlib or gzip format, with zlib's own semantics: what a
// flush, a full buffer or a call after the end does. What libwd_z.so's deflate* functions are made
// of; programs want Compressor, which is simpler.
//
// Nothing is decided when it is opened. A first step that brings the whole input goes to an engine
// for whole messages; anything else goes to an accelerator, if there is one that is for it, or
// starts the streaming engine. What an accelerator cannot go on with, or does not have, goes over
// to the streaming engine.
//
// Threading: one thread at a time. Ownership: borrows its Context, which must outlive it; all
// memory is the arena's, and dropping that as a whole releases everything; but a stream that has
// been on an accelerator holds memory of its own until it is closed. If it is confined and its
// arena is dropped instead, the Context finds that out after a while, and releases what it held.
// Does not move. A step takes up to 2^32-1 bytes.
#ifndef WD_DEFLATE_STREAM_HPP_
#define WD_DEFLATE_STREAM_HPP_

#include <cstdint>

#include "wd/context.hpp"
#include "wd/deflate.hpp"
#include "wd/deflate_arena.hpp"
#include "wd/deflate_remains.hpp"
#include "wd/frame_reader.hpp"
#include "wd/orphan_mark.hpp"
#include "wd/raw_deflate.hpp"

WD_NAMESPACE_BEGIN

struct Accelerator;
struct DeflateOutside;

class WD_API DeflateStream {
 public:
  struct Step {
    std::uint32_t consumed;
    std::uint32_t produced;
    StreamCode code;
  };

  // Takes over `arena`, reserved for these parameters. They must be valid: level 0 to 9,
  // window_bits 9 to 15, memory_level 1 to 9. A stream that is itself `confined` to its arena's
  // first block has no place for the streaming engine: what cannot be done without one answers
  // no_memory, nothing having happened, unless an accelerator has made some of its output.
  DeflateStream(const Context& context, Format format, const DeflateParameters& parameters,
                const DeflateArena& arena, bool confined = false) noexcept;
  DeflateStream(const DeflateStream&) = delete;
  DeflateStream& operator=(const DeflateStream&) = delete;

  // Ends it; the arena is the owner's to release. data_error if the stream is cut off in its body.
  StreamCode close() noexcept;
  void reset() noexcept;
  void reset_keep_history() noexcept;
  // Becomes a copy of `source`, whose parameters it was made with, in its own arena.
  StreamCode copy_from(const DeflateStream& source) noexcept;

  // Compresses what it can. `header` says what a gzip header shall hold, unless null; its buffers
  // are read while the header is written.
  Step run(const std::uint8_t* in, std::uint32_t in_bytes, std::uint8_t* out,
           std::uint32_t out_bytes, Flush flush, const GzipHeader* header) noexcept;
  Step set_parameters(int level, Strategy strategy, const std::uint8_t* in, std::uint32_t in_bytes,
                      std::uint8_t* out, std::uint32_t out_bytes,
                      const GzipHeader* header) noexcept;
  // Whether set_parameters() would have to end the present block first.
  [[nodiscard]] bool would_flush(int level, Strategy strategy) const noexcept;
  StreamCode tune(const DeflateTuning& tuning) noexcept;
  StreamCode prime(int bits, int value) noexcept;
  void pending(unsigned* bytes, int* bits) const noexcept;
  StreamCode set_dictionary(const std::uint8_t* dictionary, std::uint32_t bytes) noexcept;
  StreamCode get_dictionary(std::uint8_t* dictionary, std::uint32_t* bytes) const noexcept;

  [[nodiscard]] bool confined() const noexcept { return confined_; }
  // Nothing has been done yet that another implementation would have to know of.
  [[nodiscard]] bool untouched() const noexcept {
    return status_ == Status::start && engine_ == EngineState::closed && outside_ == nullptr;
  }

  [[nodiscard]] Format format() const noexcept { return format_; }
  [[nodiscard]] const DeflateParameters& parameters() const noexcept { return parameters_; }
  [[nodiscard]] DeflateArena& arena() noexcept { return arena_; }
  // The header is not written yet, or not whole.
  [[nodiscard]] bool writes_header() const noexcept { return status_ < Status::body; }
  // The checksum of the input so far, as zlib shows it.
  [[nodiscard]] std::uint32_t check() const noexcept { return check_; }
  [[nodiscard]] int data_type() const noexcept { return data_type_; }
  [[nodiscard]] const char* message() const noexcept { return message_; }
  // The most output that `in_bytes` more of input can lead to: zlib's deflateBound.
  [[nodiscard]] std::size_t bound(std::size_t in_bytes, const GzipHeader* header) const noexcept;

 private:
  enum class Status : std::uint8_t { start, extra, name, comment, header_crc, body, ended };
  enum class EngineState : std::uint8_t {
    closed,
    stale,  // open, but with the history of a stream before the last reset
    ready,
  };
  enum class OffloadState : std::uint8_t {
    none,     // there may be one that was used before
    working,  // the body is made by an accelerator
    leaving,  // the engine is ready; what comes before its output and input is still there
  };
  struct Output {
    std::uint8_t* next;
    std::uint32_t left;
  };
  // last_flush_ values beside those of Flush: nothing done yet, and output was cut short (so that
  // the same flush again is no repetition).
  static constexpr std::int8_t kNothingYet = -2;
  static constexpr std::int8_t kCutShort = -1;

  // Where the streaming engine runs. A confined stream has no place for it but what it holds
  // outside.
  [[nodiscard]] DeflateArena& engine_memory() noexcept;
  [[nodiscard]] bool frame_pending() const noexcept { return frame_at_ != frame_size_; }
  [[nodiscard]] bool engine_output_waits() const noexcept;
  [[nodiscard]] bool output_waits() const noexcept;
  // Finished by the engine for whole messages: what zlib would still know of it is in remains_.
  [[nodiscard]] bool ended_at_once() const noexcept {
    return status_ == Status::ended && engine_ != EngineState::ready;
  }
  Step refuse_no_room(const std::uint8_t* in, std::uint32_t in_bytes, std::uint8_t* out,
                      Flush flush) noexcept;
  void drain(Output& out) noexcept;
  [[nodiscard]] bool put_header(Output& out, const GzipHeader* header) noexcept;
  void begin_header(const GzipHeader* header) noexcept;
  [[nodiscard]] bool store_optional(const GzipHeader& header) noexcept;
  [[nodiscard]] bool put_optional(Output& out, const std::uint8_t* data, std::size_t bytes,
                                  bool in_crc) noexcept;
  void add_to_header_crc(const std::uint8_t* data, std::size_t bytes, bool in_crc) noexcept;
  [[nodiscard]] bool takes_whole(const std::uint8_t* in, std::uint32_t in_bytes,
                                 std::uint32_t out_bytes, Flush flush,
                                 const GzipHeader* header) const noexcept;
  StreamCode ready_engine() noexcept;
  void close_engine() noexcept;
  StreamCode run_engine(const std::uint8_t* in, std::uint32_t in_bytes, Output& out, Flush flush,
                        std::uint32_t& consumed) noexcept;
  // Of streams on accelerators.
  [[nodiscard]] bool begins_offloaded(std::uint32_t in_bytes) noexcept;
  // Hands the dictionary, if there is one, from the engine to the accelerator. Why not, or count_.
  [[nodiscard]] FallbackReason pass_dictionary() noexcept;
  [[nodiscard]] bool ready_offload(const Accelerator& accelerator) noexcept;
  // False, and it is closed, if it may not be held.
  [[nodiscard]] bool hold(DeflateOutside* outside) noexcept;
  void drop_offload() noexcept;
  void close_outside() noexcept;
  [[nodiscard]] StreamCode ready_engine_memory() noexcept;
  StreamCode copy_offload(const DeflateStream& source) noexcept;
  StreamCode run_offloaded(const std::uint8_t* in, std::uint32_t in_bytes, Output& out, Flush flush,
                           std::int8_t flush_before, std::uint32_t& consumed) noexcept;
  StreamCode run_leaving(const std::uint8_t* in, std::uint32_t in_bytes, Output& out, Flush flush,
                         std::uint32_t& consumed, bool counted) noexcept;
  StreamCode end_offloaded(Output& out) noexcept;
  StreamCode leave_offload(FallbackReason reason) noexcept;
  [[nodiscard]] bool offload_holds_input() const noexcept;
  // Nothing but output that had no room is missing.
  [[nodiscard]] bool offload_has_ended() const noexcept;
  void get_offload_dictionary(std::uint8_t* dictionary, std::uint32_t* bytes) const noexcept;
  StreamCode run_whole(const std::uint8_t* in, std::uint32_t in_bytes, Output& out) noexcept;
  void count_input(const std::uint8_t* in, std::uint32_t bytes) noexcept;
  StreamCode end_body(Output& out) noexcept;

  const Context* context_;
  DeflateArena arena_;
  RawDeflate raw_;
  DeflateParameters parameters_;
  Format format_;
  bool confined_;
  OffloadState offload_state_ = OffloadState::none;
  Status status_ = Status::start;
  EngineState engine_ = EngineState::closed;
  bool engine_ran_ = false;       // for this stream
  bool engine_outdated_ = false;  // stale, and parameters have changed since
  bool has_dictionary_ = false;
  // The engine is ready, but all that it has been told is a dictionary.
  bool dictionary_only_ = false;
  bool tuned_ = false;  // by tuning_, which the engine will be told when it starts
  std::int8_t last_flush_ = 0;
  std::uint8_t frame_at_ = 0;
  std::uint8_t frame_size_ = 0;
  std::uint8_t frame_[16];  // header or trailer bytes that wait for room
  std::uint32_t check_ = 0;
  std::uint32_t header_crc_ = 0;
  std::uint32_t body_bytes_ = 0;    // modulo 2^32, as gzip's trailer has it
  std::uint32_t passed_bytes_ = 0;  // of a dictionary, to the accelerator
  std::uint32_t optional_at_ = 0;   // within the optional header part being written
  DeflateRemains remains_;          // while the engine is not ready
  DeflateTuning tuning_{};
  // From the first work for an accelerator on, also while it is not used.
  DeflateOutside* outside_ = nullptr;
  OrphanMark orphan_mark_;
  int data_type_ = 0;
  const char* message_ = nullptr;
};

WD_NAMESPACE_END

#endif  // WD_DEFLATE_STREAM_HPP_
