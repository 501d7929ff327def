// What sysfs says about a uacce device: a plain value, read once. Attributes that a kernel hides or
// does not have leave their defaults.
#ifndef WD_DEVICE_DEVICE_INFO_HPP_
#define WD_DEVICE_DEVICE_INFO_HPP_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "device/roots.hpp"
#include "device/system_calls.hpp"
#include "wd/result.hpp"

WD_NAMESPACE_BEGIN

// What the text in `api` stands for: "hisi_qm_v3", with "_noiommu" behind it on some kernels.
struct ApiName {
  unsigned version = 0;  // 0: not understood
  bool no_iommu = false;
};
[[nodiscard]] ApiName parse_api(std::string_view text) noexcept;

struct DeviceInfo {
  static constexpr std::size_t kMaxNameBytes = 64;
  static constexpr std::size_t kMaxAlgorithmsBytes = 512;
  static constexpr unsigned kFlagSva = 1;

  char name[kMaxNameBytes] = "";  // "hisi_zip-0", in sysfs and in /dev
  ApiName api;
  unsigned flags = 0;
  // wd_dummy says so of itself: a kernel's own uacce gives such a device no flag.
  bool shared_by_software = false;
  int numa_node = -1;  // -1: none
  std::uint64_t mmio_bytes = 0;
  std::uint64_t dus_bytes = 0;
  bool isolated = false;
  std::uint16_t algorithms_bytes = 0;
  char algorithms[kMaxAlgorithmsBytes] = "";

  // Requests carry plain addresses of the process.
  [[nodiscard]] bool shares_addresses() const noexcept {
    return ((flags & kFlagSva) != 0 || shared_by_software) && !api.no_iommu;
  }
  // By whole lines: a device that lists "lz77_zstd" does not do "zstd".
  [[nodiscard]] bool does(std::string_view algorithm) const noexcept;
};

// not_found if there is no such device, io if it cannot be read.
Result<DeviceInfo> read_device(const SystemCalls& calls, const Roots& roots,
                               const char* name) noexcept;

// How many queues are free just now: a number that is old as soon as it is read. Kernels without
// the attribute, and devices that are going, answer with an error.
Result<int> available_instances(const SystemCalls& calls, const Roots& roots,
                                const char* name) noexcept;
// Set apart by the kernel after too many errors. No such attribute: no.
bool isolated_now(const SystemCalls& calls, const Roots& roots, const char* name) noexcept;

// Devices, in the order of their numbers.
struct DeviceList {
  static constexpr std::size_t kMost = 32;

  DeviceInfo devices[kMost];
  std::size_t count = 0;
};

// All devices whose name is `family`, a hyphen and a number. Those that cannot be read are left
// out. No class folder at all: an empty list, which is what most machines have.
void find_devices(const SystemCalls& calls, const Roots& roots, std::string_view family,
                  DeviceList& list) noexcept;

WD_NAMESPACE_END

#endif  // WD_DEVICE_DEVICE_INFO_HPP_
