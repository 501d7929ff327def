// The table of backends: the only place that names them.
#ifndef WD_CONTEXT_BACKENDS_HPP_
#define WD_CONTEXT_BACKENDS_HPP_

#include "engine/accelerator.hpp"
#include "wd/config.hpp"

WD_NAMESPACE_BEGIN

// Smaller pieces of work are not for accelerators. A request's way through a ring and back costs
// some tens of microseconds, in which a CPU compresses some 8 KiB, or decompresses ten times as
// much. Estimates: not measured on silicon yet.
inline constexpr std::size_t kLeastDeflateBytes = std::size_t{8} << 10;
inline constexpr std::size_t kLeastInflateBytes = std::size_t{64} << 10;

// The first accelerator for DEFLATE that `config` allows and this machine may have; null if it has
// none, and no more system calls are made then. Emulated ones if `config` says so, and only those.
// What cannot be understood is logged for `plugin`, and means software.
[[nodiscard]] const Accelerator* open_accelerator(const Config& config,
                                                  const char* plugin) noexcept;
// Nothing of it may be in use any more.
void close_accelerator(const Accelerator* accelerator) noexcept;

WD_NAMESPACE_END

#endif  // WD_CONTEXT_BACKENDS_HPP_
