// The mark by which the library sees whether a stream in memory of its caller's is still there.
#ifndef WD_ORPHAN_MARK_HPP_
#define WD_ORPHAN_MARK_HPP_

#include <cstdint>

#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

struct OrphanMark {
  std::uint64_t value = 0;  // 0: nothing is held elsewhere
};

WD_NAMESPACE_END

#endif  // WD_ORPHAN_MARK_HPP_
