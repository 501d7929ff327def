#include "model/engine.hpp"

#include <algorithm>

namespace wd::emulator {
namespace {

// The words that all requests of the ZIP engine share.
constexpr std::size_t kConsumed = 0;
constexpr std::size_t kProduced = 1;
constexpr std::size_t kStatus = 3;
constexpr std::size_t kInputBytes = 4;
constexpr std::size_t kRoomBytes = 14;

class NullEngine final : public Engine {
 public:
  Verdict run(Descriptor& request, unsigned, ClientMemory&) override {
    request[kConsumed] = request[kInputBytes];
    request[kProduced] = std::min(request[kInputBytes], request[kRoomBytes]);
    request[kStatus] = 0;
    return Verdict::done;
  }

  void spoil(Descriptor& answer, Fault, ClientMemory&) override { answer[kStatus] = 0xee; }
};

}  // namespace

std::unique_ptr<Engine> make_null_engine() {
  return std::make_unique<NullEngine>();
}

}  // namespace wd::emulator
