// A raw DEFLATE encoder in progress (RFC 1951): no header, no checksum, no counters. Those are
// DeflateStream's; this is what an engine does.
//
// Threading: one thread at a time. Ownership: lives in a DeflateArena, which must outlive it and
// stay where it is. Does not move. A step takes up to 2^32-1 bytes.
#ifndef WD_RAW_DEFLATE_HPP_
#define WD_RAW_DEFLATE_HPP_

#include <cstddef>
#include <cstdint>

#include "wd/deflate.hpp"
#include "wd/deflate_arena.hpp"

WD_NAMESPACE_BEGIN

// What deflateInit2 takes. `level` is 0 to 9, `window_bits` 8 to 15.
struct DeflateParameters {
  int level = kDefaultLevel;
  int window_bits = kMaxWindowBits;
  int memory_level = kDefaultMemoryLevel;
  Strategy strategy = Strategy::standard;
};

// What deflateTune takes.
struct DeflateTuning {
  int good_length;
  int max_lazy;
  int nice_length;
  int max_chain;
};

class WD_API RawDeflate {
 public:
  struct Step {
    std::uint32_t consumed;
    std::uint32_t produced;
    StreamCode code;
  };

  RawDeflate() noexcept;
  RawDeflate(const RawDeflate&) = delete;
  RawDeflate& operator=(const RawDeflate&) = delete;

  // Starts in the memory of `arena`. ok or stream_error.
  StreamCode open(const DeflateParameters& parameters, DeflateArena& arena) noexcept;
  [[nodiscard]] bool is_open() const noexcept;
  // Forgets the encoder; its memory is the arena's. data_error if output was still to come.
  StreamCode close() noexcept;
  StreamCode reset() noexcept;
  StreamCode reset_keep_history() noexcept;
  // Becomes a copy of `source`, in the memory of `arena`.
  StreamCode copy_from(const RawDeflate& source, DeflateArena& arena) noexcept;

  Step run(const std::uint8_t* in, std::uint32_t in_bytes, std::uint8_t* out,
           std::uint32_t out_bytes, Flush flush) noexcept;
  // Changes level and strategy, ending the present block if need be: may produce output.
  Step set_parameters(int level, Strategy strategy, const std::uint8_t* in, std::uint32_t in_bytes,
                      std::uint8_t* out, std::uint32_t out_bytes) noexcept;
  StreamCode tune(const DeflateTuning& tuning) noexcept;
  StreamCode prime(int bits, int value) noexcept;
  // Output that is ready but had no room, in bytes and bits.
  void pending(unsigned* bytes, int* bits) const noexcept;
  StreamCode set_dictionary(const std::uint8_t* dictionary, std::uint32_t bytes) noexcept;
  StreamCode get_dictionary(std::uint8_t* dictionary, std::uint32_t* bytes) const noexcept;

  // zlib's guess at the input: 0 binary, 1 text, 2 not known yet.
  [[nodiscard]] int data_type() const noexcept;
  // Why the last step was no success, in zlib's words, or null.
  [[nodiscard]] const char* message() const noexcept;

  // The most that a raw stream with these parameters makes of `in_bytes`: zlib's deflateBound
  // without its wrapper.
  [[nodiscard]] static std::size_t bound(const DeflateParameters& parameters,
                                         std::size_t in_bytes) noexcept;

 private:
  static constexpr std::size_t kEngineBytes = 112;
  alignas(8) std::byte engine_[kEngineBytes];
};

WD_NAMESPACE_END

#endif  // WD_RAW_DEFLATE_HPP_
