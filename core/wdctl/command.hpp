// The commands of wdctl. Each takes the arguments behind its name and answers with the exit code:
// 0, 1 where something failed or was found wrong, 2 where it was called wrongly,
// 3 where there is nothing to work on.
#ifndef WD_WDCTL_COMMAND_HPP_
#define WD_WDCTL_COMMAND_HPP_

#include <span>
#include <string_view>

namespace wd::ctl {

using Arguments = std::span<const std::string_view>;

int calibrate(Arguments arguments);
int devices(Arguments arguments);
int selftest(Arguments arguments);

}  // namespace wd::ctl

#endif  // WD_WDCTL_COMMAND_HPP_
