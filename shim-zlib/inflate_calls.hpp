// zlib's inflate functions on streams that are not foreign. The exported names call these, and so
// does whatever else in the shim decompresses: never an exported name, which may be somebody
// else's.
#ifndef WD_SHIM_INFLATE_CALLS_HPP_
#define WD_SHIM_INFLATE_CALLS_HPP_

#include <zlib.h>

namespace wd::shim {

// Each does what zlib.h says of the function that it is named after.
int inflate_init2(z_streamp stream, int window_bits, const char* version, int stream_size) noexcept;
// Every call's progress is zlib's: no accelerator is used.
void inflate_keep_to_software(z_streamp stream) noexcept;
int inflate_step(z_streamp stream, int flush) noexcept;  // Z_STREAM_ERROR also for foreign streams
int inflate_end(z_streamp stream) noexcept;
int inflate_reset(z_streamp stream) noexcept;
int inflate_reset2(z_streamp stream, int window_bits) noexcept;
int inflate_reset_keep(z_streamp stream) noexcept;
int inflate_copy(z_streamp to, z_streamp from) noexcept;
int inflate_prime(z_streamp stream, int bits, int value) noexcept;
int inflate_sync(z_streamp stream) noexcept;
int inflate_sync_point(z_streamp stream) noexcept;
long inflate_mark(z_streamp stream) noexcept;
int inflate_set_dictionary(z_streamp stream, const Bytef* dictionary, uInt bytes) noexcept;
int inflate_get_dictionary(z_streamp stream, Bytef* dictionary, uInt* bytes) noexcept;
int inflate_get_header(z_streamp stream, gz_headerp header) noexcept;
int inflate_undermine(z_streamp stream, int subvert) noexcept;
int inflate_validate(z_streamp stream, int check) noexcept;
unsigned long inflate_codes_used(z_streamp stream) noexcept;

}  // namespace wd::shim

#endif  // WD_SHIM_INFLATE_CALLS_HPP_
