// The ioctls of uacce and of HiSilicon's queue manager, as the kernel's headers (linux/uacce.h,
// uacce/hisi_qm.h) have them. Those are not used: most machines that build this lack them.
#ifndef WD_DEVICE_UACCE_ABI_HPP_
#define WD_DEVICE_UACCE_ABI_HPP_

#include <sys/ioctl.h>

#include <cstdint>

#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

namespace uacce {

// Regions, in pages of the offset given to mmap.
inline constexpr unsigned kMmioRegion = 0;
inline constexpr unsigned kDusRegion = 1;
inline constexpr unsigned kStaticShareRegion = 2;  // vendor kernels only

struct QueueContext {
  std::uint16_t id;    // out: the queue's number within its function
  std::uint16_t type;  // in
};
struct QueueInfo {
  std::uint32_t descriptor_bytes;
  std::uint16_t submission_slots;
  std::uint16_t completion_slots;
  std::uint64_t reserved;
};
static_assert(sizeof(QueueContext) == 4 && sizeof(QueueInfo) == 16);

inline constexpr unsigned long kStart = _IO('W', 0);
inline constexpr unsigned long kPutQueue = _IO('W', 1);
inline constexpr unsigned long kGetShareDma = _IOR('W', 3, unsigned long);
inline constexpr unsigned long kSetContext = _IOWR('H', 10, QueueContext);
inline constexpr unsigned long kGetInfo = _IOWR('H', 11, QueueInfo);  // "SET" in the kernel

}  // namespace uacce

WD_NAMESPACE_END

#endif  // WD_DEVICE_UACCE_ABI_HPP_
