// The two buffers of a request: flat memory, or the hardware's scatter lists.
#ifndef WD_EMULATOR_ZIP_BUFFERS_HPP_
#define WD_EMULATOR_ZIP_BUFFERS_HPP_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/client_memory.hpp"

namespace wd::emulator::zip {

struct Segment {
  std::uint64_t address;
  std::uint64_t bytes;
};

// A run of bytes in the client's memory that may be in several pieces.
class Buffer {
 public:
  static Buffer flat(std::uint64_t address, std::uint64_t bytes) {
    return Buffer({{address, bytes}});
  }
  // Follows the list at `list`, without its first `skipped` bytes. False if the list is not one, or
  // holds less than `bytes` from there.
  static bool scattered(ClientMemory& memory, std::uint64_t list, std::uint64_t skipped,
                        std::uint64_t bytes, Buffer& buffer);

  Buffer() = default;

  bool read(ClientMemory& memory, void* to, std::size_t bytes) const;
  bool write(ClientMemory& memory, const void* from, std::size_t bytes) const;

 private:
  explicit Buffer(std::vector<Segment> segments) : segments_(std::move(segments)) {}

  std::vector<Segment> segments_;
};

}  // namespace wd::emulator::zip

#endif  // WD_EMULATOR_ZIP_BUFFERS_HPP_
