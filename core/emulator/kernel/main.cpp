// wd-emulator: device models as an engine of the kernel module wd_dummy. In the foreground, until
// it is told to end; the devices end with it.
#include <pthread.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <thread>
#include <vector>

#include "kernel/kernel_device.hpp"

namespace {

using wd::emulator::DeviceOptions;
using wd::emulator::KernelDevice;
using Devices = std::vector<std::unique_ptr<KernelDevice>>;

constexpr const char* kHelp =
    "usage: wd-emulator DEVICE[,DEVICE...]\n"
    "\n"
    "Makes virtual accelerators under /dev with the kernel module wd_dummy, and is their\n"
    "engine. Prints their names when they are there; runs until SIGTERM or SIGINT.\n"
    "Needs CAP_SYS_ADMIN.\n"
    "\n"
    "A device is a name with parameters behind it, as in WD_EMULATE:\n"
    "  hisi_zip                      HiSilicon's ZIP engine, version 3\n"
    "  hisi_zip:api=v2:queues=16     version 2, with 16 queues\n"
    "\n"
    "  api=v3|v2                     version of queue hardware and descriptors\n"
    "  devices=1..16  queues=1..1024  depth=2..32768  threads=1..16  numa=-1..1023\n"
    "  engine=zip|null|null-inline   what computes; null says that input became output\n"
    "  fault=KIND@N|KIND@N+|KIND%P   may be repeated; delay=MS, reset_time=MS, seed=N\n"
    "\n"
    "Status: 0 ended as asked, 1 a device could not be made or served, 2 wrong usage.\n";

int fail(const wd::Error& error) {
  std::fprintf(stderr, "wd-emulator: %s", error.text);
  if (error.sys_errno != 0) std::fprintf(stderr, " (%s)", std::strerror(error.sys_errno));
  std::fputc('\n', stderr);
  return 1;
}

// Held back in all threads: one waits for them.
sigset_t hold_signals() {
  sigset_t ends;
  sigemptyset(&ends);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGUSR1}) sigaddset(&ends, signal);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  return ends;
}

int serve(Devices& devices, const sigset_t& ends) {
  std::atomic<std::size_t> running{devices.size()};
  std::atomic<int> failure{0};
  const pthread_t waiter = pthread_self();
  std::vector<std::thread> threads;
  for (const auto& device : devices)
    threads.emplace_back([&running, &failure, &device, waiter] {
      if (const int failed = device->run(); failed != 0) failure = failed;
      if (--running == 0) pthread_kill(waiter, SIGUSR1);
    });
  int signal = 0;
  sigwait(&ends, &signal);
  for (const auto& device : devices) device->end();
  for (std::thread& thread : threads) thread.join();
  if (failure == 0) return 0;
  return fail({wd::Errc::io, -failure, "a device could not be served any longer"});
}

int run(const char* names) {
  auto options = wd::emulator::parse_devices(names);
  if (!options) {
    fail(options.error());
    return 2;
  }
  const sigset_t ends = hold_signals();
  // Never destroyed: threads of the models run until the very end.
  Devices& devices = *new Devices;
  for (const DeviceOptions& each : *options) {
    auto device = KernelDevice::make(each);
    if (!device) return fail(device.error());
    devices.push_back(std::move(*device));
  }
  for (const auto& device : devices) std::puts(device->name().c_str());
  std::fflush(stdout);
  return serve(devices, ends);
}

}  // namespace

int main(int count, char** arguments) {
  if (count == 2 &&
      (std::strcmp(arguments[1], "--help") == 0 || std::strcmp(arguments[1], "-h") == 0)) {
    std::fputs(kHelp, stdout);
    return 0;
  }
  if (count != 2 || arguments[1][0] == '-') {
    std::fputs(kHelp, stderr);
    return 2;
  }
  const int status = run(arguments[1]);
  std::fflush(nullptr);
  // Without destructors of what those threads use.
  std::_Exit(status);
}
