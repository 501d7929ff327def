// The one Context of this process. zlib's ABI has no argument to carry one, so it lives here: the
// shim's only mutable object at namespace scope.
#ifndef WD_SHIM_PROCESS_HPP_
#define WD_SHIM_PROCESS_HPP_

#include "wd/context.hpp"

namespace wd::shim {

// Made at the first call, from whatever thread or constructor that comes; lives until the process
// ends.
const Context& process_context() noexcept;

}  // namespace wd::shim

#endif  // WD_SHIM_PROCESS_HPP_
