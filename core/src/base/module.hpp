// Engines that are shared objects of their own, opened when they are needed.
#ifndef WD_BASE_MODULE_HPP_
#define WD_BASE_MODULE_HPP_

#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

// Opens `file` from the folder `wd` beside the library that this code is part of, or beside that
// library's folder (plugins stand in folders of other programs' choice; of a program in `bin`, also
// from the libraries' folder beside that), and gives the address of
// `symbol` in it. Null if there is no such file, if anybody but root or the caller could have
// written it, or if what it needs is missing. The module stays open. Reads files; keeps `errno`.
[[nodiscard]] void* open_module(const char* file, const char* symbol) noexcept;

WD_NAMESPACE_END

#endif  // WD_BASE_MODULE_HPP_
