// Names of algorithms as OpenSSL's tables have them: several in one text, separated by colons,
// without regard to case (provider(7)).
#ifndef WD_PROVIDER_NAMES_HPP_
#define WD_PROVIDER_NAMES_HPP_

#include <strings.h>

#include <string_view>

namespace wd::provider {

[[nodiscard]] inline bool has_name(std::string_view names, std::string_view wanted) noexcept {
  while (!names.empty()) {
    std::size_t length = names.find(':');
    if (length == std::string_view::npos) length = names.size();
    if (length == wanted.size() && strncasecmp(names.data(), wanted.data(), length) == 0)
      return true;
    names.remove_prefix(length < names.size() ? length + 1 : length);
  }
  return false;
}

}  // namespace wd::provider

#endif  // WD_PROVIDER_NAMES_HPP_
