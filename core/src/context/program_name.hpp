// What the running program is called.
#ifndef WD_CONTEXT_PROGRAM_NAME_HPP_
#define WD_CONTEXT_PROGRAM_NAME_HPP_

#include <cstddef>

#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

// Writes the name of the program's file, without its folders, cut to `capacity` with the
// terminating zero.
void name_program(char* to, std::size_t capacity) noexcept;

WD_NAMESPACE_END

#endif  // WD_CONTEXT_PROGRAM_NAME_HPP_
