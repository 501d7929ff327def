// The ZIP engines in the form that streams and one-shot calls know.
#ifndef WD_HISI_ZIP_ACCELERATOR_HPP_
#define WD_HISI_ZIP_ACCELERATOR_HPP_

#include "engine/accelerator.hpp"
#include "hisi/zip/engine.hpp"

WD_NAMESPACE_BEGIN

namespace hisi::zip {

// The row of functions over `engine`, which must outlive it.
[[nodiscard]] Accelerator accelerator_of(Engine& engine) noexcept;

}  // namespace hisi::zip

WD_NAMESPACE_END

#endif  // WD_HISI_ZIP_ACCELERATOR_HPP_
