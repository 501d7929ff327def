// The zlib inside: Debian's libz.a with every symbol renamed to wdz_*, so that calling it can never
// reach an interposed function. Its checksums are left out of the copy and are ours
// (checksums.cpp).
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
decltype(inflate) wdz_inflate;
decltype(inflateBack) wdz_inflateBack;
decltype(inflateBackEnd) wdz_inflateBackEnd;
decltype(inflateBackInit_) wdz_inflateBackInit_;
decltype(inflateCodesUsed) wdz_inflateCodesUsed;
decltype(inflateCopy) wdz_inflateCopy;
decltype(inflateEnd) wdz_inflateEnd;
decltype(inflateGetDictionary) wdz_inflateGetDictionary;
decltype(inflateInit2_) wdz_inflateInit2_;
decltype(inflateMark) wdz_inflateMark;
decltype(inflatePrime) wdz_inflatePrime;
decltype(inflateReset) wdz_inflateReset;
decltype(inflateReset2) wdz_inflateReset2;
decltype(inflateResetKeep) wdz_inflateResetKeep;
decltype(inflateSetDictionary) wdz_inflateSetDictionary;
decltype(inflateSyncPoint) wdz_inflateSyncPoint;
}

#endif  // WD_SOFTWARE_ZLIB_PRIVATE_ZLIB_HPP_
