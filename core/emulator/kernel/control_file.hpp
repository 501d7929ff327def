// An engine's side of /dev/wd_dummy: the calls of kmod/wd_dummy/wd_dummy_abi.h, which says what
// they mean. One object is one open file, and at most one device.
//
// Threads: safe from all. Answers: a negative errno value where a call fails.
#ifndef WD_EMULATOR_KERNEL_CONTROL_FILE_HPP_
#define WD_EMULATOR_KERNEL_CONTROL_FILE_HPP_

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/unique_fd.hpp"
#include "model/engine.hpp"
#include "wd/result.hpp"
#include "wd_dummy_abi.h"

namespace wd::emulator {

class ControlFile {
 public:
  // not_found without the module, unsupported without the right to use it.
  static Result<ControlFile> open();

  int create(wd_dummy_create& device) noexcept;
  // How many; waits for the first.
  int wait(std::span<wd_dummy_event> events) noexcept;
  void answer(unsigned queue, std::uint32_t question, int result) noexcept;
  int fetch(unsigned queue, std::uint32_t slot, Descriptor& descriptor) noexcept;
  // Between memory of the client's, who sent the request, and ours.
  int read(wd_dummy_slot at, std::uint64_t from, void* to, std::size_t bytes) noexcept;
  int write(wd_dummy_slot at, std::uint64_t to, const void* from, std::size_t bytes) noexcept;
  void complete(wd_dummy_slot at) noexcept;
  void interrupt(unsigned queue) noexcept;
  void remove() noexcept;

  // The memory of a queue, in place of what is at `at`. False if it cannot be mapped.
  bool map_queue(unsigned queue, void* at, std::size_t bytes) noexcept;
  // The word that counts news; null if it cannot be mapped.
  const std::uint32_t* map_news(std::size_t page_bytes) noexcept;

 private:
  explicit ControlFile(UniqueFd&& fd) : fd_(static_cast<UniqueFd&&>(fd)) {}
  int call(unsigned long request, void* argument) noexcept;

  UniqueFd fd_;
};

}  // namespace wd::emulator

#endif  // WD_EMULATOR_KERNEL_CONTROL_FILE_HPP_
