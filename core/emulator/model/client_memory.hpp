// How a device model reaches the memory of the process that uses it: by whatever way the models
// are run behind. An address that leads nowhere is an answer, not a crash.
#ifndef WD_EMULATOR_MODEL_CLIENT_MEMORY_HPP_
#define WD_EMULATOR_MODEL_CLIENT_MEMORY_HPP_

#include <cstddef>
#include <cstdint>

namespace wd::emulator {

class ClientMemory {
 public:
  ClientMemory() = default;
  ClientMemory(const ClientMemory&) = delete;
  ClientMemory& operator=(const ClientMemory&) = delete;
  virtual ~ClientMemory() = default;

  // False if a byte of it is not there. What was copied until then stays.
  virtual bool read(std::uint64_t from, void* to, std::size_t bytes) noexcept = 0;
  virtual bool write(std::uint64_t to, const void* from, std::size_t bytes) noexcept = 0;
};

}  // namespace wd::emulator

#endif  // WD_EMULATOR_MODEL_CLIENT_MEMORY_HPP_
