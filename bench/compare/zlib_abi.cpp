#include "zlib_abi.hpp"

#include <dlfcn.h>

#include <climits>
#include <cstdlib>

#include "fail.hpp"

namespace wd::bench {
namespace {

std::string real_path(const char* path) {
  char resolved[PATH_MAX];
  return realpath(path, resolved) != nullptr ? resolved : path;
}

std::string file_of(void* address) {
  Dl_info info{};
  require(dladdr(address, &info) != 0, "dladdr failed");
  return real_path(info.dli_fname);
}

// Resolves functions of one library, all of which must lie in the same file.
class Resolver {
 public:
  explicit Resolver(const std::string& library)
      : handle_(dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL)) {
    if (handle_ == nullptr) fail("cannot load", dlerror());
  }

  template <class Function>
  void operator()(Function& function, const char* name) {
    void* address = dlsym(handle_, name);
    if (address == nullptr) fail("the library lacks", name);
    if (path_.empty()) path_ = file_of(address);
    require(file_of(address) == path_, "not the library's own function", name);
    function = reinterpret_cast<Function>(address);
  }

  [[nodiscard]] const std::string& path() const { return path_; }

  // A library that is preloaded beside libz may leave it to libz to say this.
  [[nodiscard]] std::string version() const {
    const auto function = reinterpret_cast<decltype(&::zlibVersion)>(dlsym(handle_, "zlibVersion"));
    return function != nullptr ? function() : "";
  }

 private:
  void* handle_;  // never closed: the functions are used until the program ends
  std::string path_;
};

}  // namespace

ZlibAbi ZlibAbi::load(const std::string& library) {
  require(dlsym(RTLD_DEFAULT, "deflate") == nullptr,
          "a zlib is linked or preloaded into this program: the comparison would be with itself");
  ZlibAbi abi{};
  Resolver resolve(library);
  resolve(abi.compress2, "compress2");
  resolve(abi.compressBound, "compressBound");
  resolve(abi.uncompress, "uncompress");
  resolve(abi.crc32, "crc32");
  resolve(abi.adler32, "adler32");
  resolve(abi.deflateInit_, "deflateInit_");
  resolve(abi.deflateInit2_, "deflateInit2_");
  resolve(abi.deflateBound, "deflateBound");
  resolve(abi.deflate, "deflate");
  resolve(abi.deflateEnd, "deflateEnd");
  resolve(abi.inflateInit_, "inflateInit_");
  resolve(abi.inflateInit2_, "inflateInit2_");
  resolve(abi.inflate, "inflate");
  resolve(abi.inflateEnd, "inflateEnd");
  abi.path = resolve.path();
  abi.version = resolve.version();
  return abi;
}

}  // namespace wd::bench
