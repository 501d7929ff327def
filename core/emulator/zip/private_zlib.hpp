// The zlib inside: a copy with every symbol renamed to emu_*, so that what is interposed in the
// process, our own shim above all, is never called from here. Its decompression is left out.
#ifndef WD_EMULATOR_ZIP_PRIVATE_ZLIB_HPP_
#define WD_EMULATOR_ZIP_PRIVATE_ZLIB_HPP_

#include <zlib.h>

extern "C" {
decltype(adler32_z) emu_adler32_z;
decltype(crc32_z) emu_crc32_z;
decltype(deflate) emu_deflate;
decltype(deflateBound) emu_deflateBound;
decltype(deflateEnd) emu_deflateEnd;
decltype(deflateInit2_) emu_deflateInit2_;
decltype(deflateReset) emu_deflateReset;
decltype(deflateSetDictionary) emu_deflateSetDictionary;
}

#endif  // WD_EMULATOR_ZIP_PRIVATE_ZLIB_HPP_
