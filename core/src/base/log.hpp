// Messages to standard error, one line each, at most one for a failure: where it stops travelling.
// Never standard output; never keys, data or addresses.
#ifndef WD_BASE_LOG_HPP_
#define WD_BASE_LOG_HPP_

#include "wd/config.hpp"

WD_NAMESPACE_BEGIN

// Writes "wd: <plugin>: <text>" if `level` is wanted by `config`. Async-signal-safe; keeps errno.
void log_line(const Config& config, LogLevel level, const char* plugin, const char* text) noexcept;

WD_NAMESPACE_END

#endif  // WD_BASE_LOG_HPP_
