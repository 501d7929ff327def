// zlib's functions as a table, so that one piece of test code drives two libraries: plain libz (its
// symbols renamed to ref_*), and the shim.
#ifndef WD_TESTS_DIFFERENTIAL_ZLIB_API_HPP_
#define WD_TESTS_DIFFERENTIAL_ZLIB_API_HPP_

#include <zlib.h>

#define WD_TEST_ZLIB_FUNCTIONS(apply)                                                              \
  apply(adler32) apply(adler32_z) apply(compress) apply(compress2) apply(compressBound) apply(     \
      crc32) apply(crc32_z) apply(crc32_combine_gen) apply(crc32_combine_op) apply(crc32_combine)  \
      apply(adler32_combine) apply(deflate) apply(deflateBound) apply(deflateCopy)                 \
          apply(deflateEnd) apply(deflateGetDictionary) apply(deflateInit_) apply(deflateInit2_)   \
              apply(deflateParams) apply(deflatePending) apply(deflatePrime) apply(deflateReset)   \
                  apply(deflateResetKeep) apply(deflateSetDictionary) apply(deflateSetHeader)      \
                      apply(deflateTune) apply(inflate) apply(inflateBack) apply(inflateBackEnd)   \
                          apply(inflateBackInit_) apply(inflateCodesUsed) apply(inflateCopy)       \
                              apply(inflateEnd) apply(inflateGetDictionary)                        \
                                  apply(inflateGetHeader) apply(inflateInit_) apply(inflateInit2_) \
                                      apply(inflateMark) apply(inflatePrime) apply(inflateReset)   \
                                          apply(inflateReset2) apply(inflateResetKeep)             \
                                              apply(inflateSetDictionary) apply(inflateSync)       \
                                                  apply(inflateSyncPoint) apply(inflateUndermine)  \
                                                      apply(inflateValidate) apply(uncompress)     \
                                                          apply(uncompress2)

extern "C" {
#define WD_TEST_DECLARE_REFERENCE(name) decltype(::name) ref_##name;
WD_TEST_ZLIB_FUNCTIONS(WD_TEST_DECLARE_REFERENCE)
#undef WD_TEST_DECLARE_REFERENCE
}

namespace wd::test {

struct ZlibApi {
#define WD_TEST_MEMBER(name) decltype(&::name) name;
  WD_TEST_ZLIB_FUNCTIONS(WD_TEST_MEMBER)
#undef WD_TEST_MEMBER
};

inline constexpr ZlibApi kReference{
#define WD_TEST_REFERENCE(name) .name = &ref_##name,
    WD_TEST_ZLIB_FUNCTIONS(WD_TEST_REFERENCE)
#undef WD_TEST_REFERENCE
};

inline constexpr ZlibApi kShim{
#define WD_TEST_SHIM(name) .name = &::name,
    WD_TEST_ZLIB_FUNCTIONS(WD_TEST_SHIM)
#undef WD_TEST_SHIM
};

}  // namespace wd::test

#endif  // WD_TESTS_DIFFERENTIAL_ZLIB_API_HPP_
