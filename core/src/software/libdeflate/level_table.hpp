// Which of libdeflate's levels stands in for which of zlib's.
#ifndef WD_SOFTWARE_LIBDEFLATE_LEVEL_TABLE_HPP_
#define WD_SOFTWARE_LIBDEFLATE_LEVEL_TABLE_HPP_

#include <cstddef>
#include <cstdint>

#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

// The fastest level whose output is at most 1 % larger than zlib's at `zlib_level` (1 to 9), for
// input of this size and kind. Looks at a sample of `in`.
int libdeflate_level(int zlib_level, const std::uint8_t* in, std::size_t in_bytes) noexcept;

// False for input of few different bytes, such as digits or the letters of DNA: libdeflate takes no
// short matches there, and its output is up to a quarter larger than zlib's. Looks at a sample.
bool libdeflate_suits(const std::uint8_t* in, std::size_t in_bytes) noexcept;

WD_NAMESPACE_END

#endif  // WD_SOFTWARE_LIBDEFLATE_LEVEL_TABLE_HPP_
