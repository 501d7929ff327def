// zlib's deflate functions on streams that are not foreign. The exported names call these, and so
// does whatever else in the shim compresses: never an exported name, which may be somebody else's.
#ifndef WD_SHIM_DEFLATE_CALLS_HPP_
#define WD_SHIM_DEFLATE_CALLS_HPP_

#include <zlib.h>

namespace wd::shim {

// Each does what zlib.h says of the function that it is named after.
int deflate_init2(z_streamp stream, int level, int method, int window_bits, int memory_level,
                  int strategy, const char* version, int stream_size) noexcept;
int deflate_step(z_streamp stream, int flush) noexcept;
int deflate_end(z_streamp stream) noexcept;
int deflate_reset(z_streamp stream) noexcept;
int deflate_reset_keep(z_streamp stream) noexcept;
int deflate_copy(z_streamp to, z_streamp from) noexcept;
int deflate_params(z_streamp stream, int level, int strategy) noexcept;
int deflate_tune(z_streamp stream, int good, int lazy, int nice, int chain) noexcept;
int deflate_prime(z_streamp stream, int bits, int value) noexcept;
int deflate_pending(z_streamp stream, unsigned* bytes, int* bits) noexcept;
int deflate_set_dictionary(z_streamp stream, const Bytef* dictionary, uInt bytes) noexcept;
int deflate_get_dictionary(z_streamp stream, Bytef* dictionary, uInt* bytes) noexcept;
int deflate_set_header(z_streamp stream, gz_headerp header) noexcept;
uLong deflate_bound(z_streamp stream, uLong bytes) noexcept;

}  // namespace wd::shim

#endif  // WD_SHIM_DEFLATE_CALLS_HPP_
