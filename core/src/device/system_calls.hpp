// What the device layer asks of the kernel, as functions that can be exchanged: the kernel's own,
// or a device model's that answers in its place (core/emulator). Whoever answers is not trusted
// more for it: sizes, texts and counts that come back are checked by the caller.
//
// Threads: every function may be called from several threads at once, on different descriptors
// also from several at once; on one descriptor the caller sees to it that close() is the last.
// Signals: the functions may be interrupted; those that wait answer -EINTR then.
// Errors: a negative errno value, as system calls answer in the kernel; `errno` is not touched.
// This is the border to a module that is opened at run time, so it is plain C in memory:
// `abi` is kSystemCallsAbi, and grows when anything here changes.
#ifndef WD_DEVICE_SYSTEM_CALLS_HPP_
#define WD_DEVICE_SYSTEM_CALLS_HPP_

#include <cstddef>
#include <cstdint>

#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

inline constexpr std::uint32_t kSystemCallsAbi = 1;

// Which file a descriptor stands for (fstat: st_dev, st_ino, st_rdev), to notice that its number
// has been closed by somebody else and means another file now.
struct FileIdentity {
  std::uint64_t device;
  std::uint64_t inode;
  std::uint64_t special;

  bool operator==(const FileIdentity&) const = default;
};

struct SystemCalls {
  std::uint32_t abi;
  // The first argument of all of them.
  void* world;

  // The descriptor (O_CLOEXEC is always set), or -errno.
  int (*open)(void* world, const char* path, int flags) noexcept;
  int (*close)(void* world, int fd) noexcept;
  // `argument` is what ioctl(2) takes in its place. The answer is the call's own, or -errno.
  long (*ioctl)(void* world, int fd, unsigned long request, void* argument) noexcept;
  // Maps `bytes` at `offset`, shared, for reading and writing. Null with `*error` = -errno.
  void* (*map)(void* world, int fd, std::size_t bytes, std::uint64_t offset, int* error) noexcept;
  int (*unmap)(void* world, void* address, std::size_t bytes) noexcept;
  // Waits for POLLIN. 1 if something is there, 0 after `timeout_milliseconds` (negative: none),
  // -EPIPE for POLLERR or POLLHUP, or another -errno.
  int (*poll)(void* world, int fd, int timeout_milliseconds) noexcept;
  int (*identify)(void* world, int fd, FileIdentity* identity) noexcept;

  // Reads a whole small file (an attribute in sysfs), at most `capacity` bytes of it; how many,
  // or -errno. No terminating zero.
  long (*read_file)(void* world, const char* path, char* to, std::size_t capacity) noexcept;
  // Calls `each` with the name of every entry of a folder but "." and "..". 0 or -errno.
  int (*list_folder)(void* world, const char* path, void* user,
                     void (*each)(void* user, const char* name) noexcept) noexcept;

  // Null where the device notices the store to its doorbell by itself, as silicon does. A model in
  // this process may be asleep: called after each store, with the doorbell's address, by the thread
  // that stored. What was rung is read back from there, so whoever rings sees to it that nobody
  // else does until this has returned: one at a time for each doorbell, as ring::Ring has it anyway
  // (tails that overtook one another would be wrong on silicon, too). Different doorbells may be
  // rung at once. Must cost no system call while the model is awake.
  void (*after_doorbell)(void* world, volatile void* doorbell) noexcept;
};

// The kernel's own.
const SystemCalls& kernel_calls() noexcept;

// What a module with a device model exports under kEmulatorSymbol: opens the devices that `names`
// lists (hisi_zip,hisi_sec2,... with optional parameters, as WD_EMULATE has them) and fills in
// `calls`. 0, or -errno. The devices live until the process ends; in a forked child every function
// answers -ENODEV, but for identify() and close(), which do there what the kernel's do.
using OpenEmulator = int (*)(const char* names, SystemCalls* calls) noexcept;
inline constexpr const char* kEmulatorSymbol = "wd_emulator_open";

WD_NAMESPACE_END

#endif  // WD_DEVICE_SYSTEM_CALLS_HPP_
