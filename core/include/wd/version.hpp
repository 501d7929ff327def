// WarpDrive's version, and the namespace that carries its ABI.
//
// Everything public lives in `wd`, inside an inline namespace that changes when the C++ ABI does,
// so that two versions can never be mixed in one program without the linker noticing.
#ifndef WD_VERSION_HPP_
#define WD_VERSION_HPP_

#define WD_VERSION_STRING "0.1.0"

#define WD_NAMESPACE_BEGIN \
  namespace wd {           \
  inline namespace v0 {
#define WD_NAMESPACE_END \
  }                      \
  }

// Marks what libwd_core.so exports; everything else is hidden.
#define WD_API __attribute__((visibility("default")))

#endif  // WD_VERSION_HPP_
