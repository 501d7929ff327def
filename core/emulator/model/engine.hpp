// What computes behind one queue. An engine belongs to one queue and is called by one thread at a
// time.
#ifndef WD_EMULATOR_MODEL_ENGINE_HPP_
#define WD_EMULATOR_MODEL_ENGINE_HPP_

#include <array>
#include <cstdint>
#include <memory>

#include "model/client_memory.hpp"
#include "model/fault_rule.hpp"

namespace wd::emulator {

inline constexpr std::size_t kDescriptorWords = 32;
using Descriptor = std::array<std::uint32_t, kDescriptorWords>;

enum class Verdict : std::uint8_t {
  done,           // the descriptor says how
  address_error,  // it names memory that is not there: this takes the whole device down
};

class Engine {
 public:
  Engine() = default;
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  virtual ~Engine() = default;

  // Runs a request; its answer goes into the descriptor that asked for it. `queue_type` is the
  // queue's, as it was when the queue started.
  virtual Verdict run(Descriptor& request, unsigned queue_type, ClientMemory& memory) = 0;

  // Makes the answer of a request that has run a wrong one: corrupt, wrong_counts, unknown_status.
  virtual void spoil(Descriptor& answer, Fault how, ClientMemory& memory) = 0;
};

// For measuring the way to a device and back: says that all input became output, and touches
// neither.
std::unique_ptr<Engine> make_null_engine();

}  // namespace wd::emulator

#endif  // WD_EMULATOR_MODEL_ENGINE_HPP_
