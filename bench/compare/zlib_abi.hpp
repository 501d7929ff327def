#ifndef WD_BENCH_COMPARE_ZLIB_ABI_HPP_
#define WD_BENCH_COMPARE_ZLIB_ABI_HPP_

#include <zlib.h>

#include <string>

namespace wd::bench {

// One library that speaks zlib's ABI, as function pointers. The program itself is not linked
// with any zlib: two of them stand side by side, each in its own scope, and calls that libz
// makes to its own exports stay in libz.
struct ZlibAbi {
  std::string path;     // of the file that was really loaded
  std::string version;  // empty if it does not say

  decltype(&::compress2) compress2;
  decltype(&::compressBound) compressBound;
  decltype(&::uncompress) uncompress;
  decltype(&::crc32) crc32;
  decltype(&::adler32) adler32;
  decltype(&::deflateInit_) deflateInit_;
  decltype(&::deflateInit2_) deflateInit2_;
  decltype(&::deflateBound) deflateBound;
  decltype(&::deflate) deflate;
  decltype(&::deflateEnd) deflateEnd;
  decltype(&::inflateInit_) inflateInit_;
  decltype(&::inflateInit2_) inflateInit2_;
  decltype(&::inflate) inflate;
  decltype(&::inflateEnd) inflateEnd;

  // Loads the library and keeps it until the program ends. Fails if a function is missing or
  // comes from another file, or if a zlib is in the program's global scope, where it would take
  // the place of the library's own functions.
  static ZlibAbi load(const std::string& library);
};

}  // namespace wd::bench

#endif  // WD_BENCH_COMPARE_ZLIB_ABI_HPP_
