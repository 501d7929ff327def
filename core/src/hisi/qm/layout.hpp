// Where a HiSilicon queue manager keeps things in the two regions of a queue, and what is checked
// before any of it is touched.
#ifndef WD_HISI_QM_LAYOUT_HPP_
#define WD_HISI_QM_LAYOUT_HPP_

#include <cstdint>

#include "device/queue_file.hpp"
#include "ring/ring.hpp"
#include "wd/result.hpp"

WD_NAMESPACE_BEGIN

namespace hisi {

// How the generations differ; sysfs says which it is ("hisi_qm_v2").
struct Generation {
  unsigned version;
  ring::DoorbellLayout layout;
  std::uint32_t doorbell_offset;
};

// The row for this version. Versions that are not known yet are taken for the newest that is: so
// far each kept its predecessor's doorbell.
[[nodiscard]] const Generation& generation_of(unsigned version) noexcept;

// The rings within mapped regions. io if the sizes do not fit together.
Result<ring::Memory> lay_out(const Generation& generation, const QueueFile::Region& dus,
                             const QueueFile::Region& mmio, const QueueFile::Rings& rings,
                             std::uint32_t descriptor_bytes, std::size_t page_bytes) noexcept;

}  // namespace hisi

WD_NAMESPACE_END

#endif  // WD_HISI_QM_LAYOUT_HPP_
