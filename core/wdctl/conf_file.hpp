// Changing keys in a wd.conf.
#ifndef WD_WDCTL_CONF_FILE_HPP_
#define WD_WDCTL_CONF_FILE_HPP_

#include <string>
#include <utility>
#include <vector>

namespace wd::ctl {

// Sets the keys in the file and leaves its other lines as they are; makes it if it is not there.
// The file is exchanged as a whole, so that nobody reads half of it. On failure the reason, else
// empty.
[[nodiscard]] std::string set_keys(const std::string& path, const std::string& comment,
                                   const std::vector<std::pair<std::string, std::string>>& keys);

}  // namespace wd::ctl

#endif  // WD_WDCTL_CONF_FILE_HPP_
