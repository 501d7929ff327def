#include "device/emulator_module.hpp"

#include <cerrno>

#include "base/module.hpp"

WD_NAMESPACE_BEGIN

Result<SystemCalls> open_emulator(const char* names) noexcept {
  constexpr const char* kModule = "emulator.so";
  void* symbol = open_module(kModule, kEmulatorSymbol);
  if (symbol == nullptr) return Error{Errc::not_found, 0, "emulator.so is not beside this program"};
  SystemCalls calls{};
  switch (const int failure = reinterpret_cast<OpenEmulator>(symbol)(names, &calls); failure) {
    case 0:
      break;
    case -ENODEV:
      return Error{Errc::invalid_argument, ENODEV, "an emulated device of no kind that exists"};
    case -EINVAL:
      return Error{Errc::invalid_argument, EINVAL, "an emulated device's parameters are wrong"};
    default:
      return Error{Errc::io, -failure, "the emulator does not start"};
  }
  if (calls.abi != kSystemCallsAbi)
    return Error{Errc::unsupported, 0, "emulator.so is of another version"};
  return calls;
}

WD_NAMESPACE_END
