// Who calls an Init function of ours, and how.
#ifndef WD_SHIM_CALLER_HPP_
#define WD_SHIM_CALLER_HPP_

namespace wd::shim {

enum class InitFunction : unsigned char { deflate, inflate };

// True if the code at `caller` calls deflateInit2_ (inflateInit2_) on behalf of another zlib: when
// its object does not import that function, or when it lies in that object's own deflateInit_. So
// it is when a program gets deflateInit_ of the system's libz by a handle, from dlsym: libz calls,
// or jumps to, deflateInit2_ through its PLT, and we are there. The program will go on with libz's
// deflate, by handle again, so the stream must be libz's.
//
// Never where we interpose nobody: opened by dlopen, for somebody's own use.
//
// Lock-free; what was found out about an object is remembered.
bool calls_for_another_zlib(const void* caller, InitFunction function) noexcept;

}  // namespace wd::shim

#endif  // WD_SHIM_CALLER_HPP_
