// What all loaded providers of a process share: the core's Context, made with the first of them,
// which counts and knows the configuration. It lives until the process ends or the module is
// unloaded.
#ifndef WD_PROVIDER_PROCESS_HPP_
#define WD_PROVIDER_PROCESS_HPP_

#include "wd/context.hpp"

namespace wd::provider {

// What the plugin is called in statistics and in the log.
inline constexpr const char* kPlugin = "openssl";

// Null only without memory. Any thread.
[[nodiscard]] wd::Context* process_context() noexcept;

}  // namespace wd::provider

#endif  // WD_PROVIDER_PROCESS_HPP_
