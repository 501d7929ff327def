// The zlib inside: Debian's libz.a with every symbol renamed to wdz_*, so that calling it can never
// reach an interposed function. Its decompression is left out of the copy, and so
// are its checksums, which are ours (checksums.cpp).
#ifndef WD_SOFTWARE_ZLIB_PRIVATE_ZLIB_HPP_
#define WD_SOFTWARE_ZLIB_PRIVATE_ZLIB_HPP_

#include <zlib.h>

extern "C" {
decltype(deflate) wdz_deflate;
decltype(deflateBound) wdz_deflateBound;
decltype(deflateCopy) wdz_deflateCopy;
decltype(deflateEnd) wdz_deflateEnd;
decltype(deflateGetDictionary) wdz_deflateGetDictionary;
decltype(deflateInit2_) wdz_deflateInit2_;
decltype(deflateParams) wdz_deflateParams;
decltype(deflatePending) wdz_deflatePending;
decltype(deflatePrime) wdz_deflatePrime;
decltype(deflateReset) wdz_deflateReset;
decltype(deflateResetKeep) wdz_deflateResetKeep;
decltype(deflateSetDictionary) wdz_deflateSetDictionary;
decltype(deflateSetHeader) wdz_deflateSetHeader;
decltype(deflateTune) wdz_deflateTune;
}

#endif  // WD_SOFTWARE_ZLIB_PRIVATE_ZLIB_HPP_
