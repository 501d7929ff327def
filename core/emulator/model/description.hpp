// What sysfs says of a device of each version, and how large its registers are.
#ifndef WD_EMULATOR_MODEL_DESCRIPTION_HPP_
#define WD_EMULATOR_MODEL_DESCRIPTION_HPP_

#include <cstddef>
#include <string_view>

#include "model/doorbell.hpp"
#include "options.hpp"

namespace wd::emulator {

constexpr std::string_view api_name(Api api) {
  return api == Api::v2 ? "hisi_qm_v2" : "hisi_qm_v3";
}

// No separator behind the last.
constexpr std::string_view algorithm_names(Api api) {
  return api == Api::v2 ? "zlib\ngzip" : "zlib\ngzip\ndeflate\nlz77_zstd";
}

// Version 3 gives every queue a window of its own; before, the registers end with the doorbell's
// page.
constexpr std::size_t register_bytes(Api api, std::size_t page_bytes) {
  constexpr std::size_t kWindowBytes = 0x10000;
  if (api == Api::v3) return kWindowBytes;
  return page_bytes + kDoorbellAt / page_bytes * page_bytes;
}

}  // namespace wd::emulator

#endif  // WD_EMULATOR_MODEL_DESCRIPTION_HPP_
