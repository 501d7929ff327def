// Whole messages in one call: all input and room for all output at hand.
//
// Pure functions of their arguments and the Context; safe from any thread. They may keep tools in
// memory that belongs to the calling thread.
#ifndef WD_ONE_SHOT_HPP_
#define WD_ONE_SHOT_HPP_

#include <cstddef>
#include <cstdint>
#include <span>

#include "wd/context.hpp"
#include "wd/deflate.hpp"
#include "wd/result.hpp"

WD_NAMESPACE_BEGIN

// Compresses `in` into `out` at `level` (0 to 9); the bytes written. output_full where they do not
// fit, which cannot be with compress_bound() bytes of room; nothing useful is in `out` then.
WD_API Result<std::size_t> compress(const Context& context, Format format, int level,
                                    std::span<const std::byte> in,
                                    std::span<std::byte> out) noexcept;

// The most bytes that compress() makes of `in_bytes`, at any level: zlib's compressBound for
// Format::zlib.
WD_API std::size_t compress_bound(Format format, std::size_t in_bytes) noexcept;

struct Decompressed {
  std::size_t consumed;  // what lies behind is not the message's
  std::size_t produced;
};

// Decompresses the one message at the start of `in`. corrupt_data, truncated, output_full or
// need_dictionary (Decompressor can be given one); what is in `out` then is undefined.
WD_API Result<Decompressed> decompress(const Context& context, Format format,
                                       std::span<const std::byte> in,
                                       std::span<std::byte> out) noexcept;

// The fast paths alone, for callers with a slow one of their own: 0 or false where the message is
// not for them or something is wrong with it; nothing is said about what, and `out` is undefined.
WD_API std::size_t compress_whole(const Context& context, Format format, int level, const void* in,
                                  std::size_t in_bytes, void* out, std::size_t out_bytes) noexcept;
WD_API bool decompress_zlib_whole(const Context& context, const void* in, std::size_t in_bytes,
                                  void* out, std::size_t out_bytes, std::size_t* consumed,
                                  std::size_t* produced) noexcept;

WD_NAMESPACE_END

#endif  // WD_ONE_SHOT_HPP_
