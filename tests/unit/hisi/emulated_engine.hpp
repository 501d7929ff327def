// The core's engine for ZIP devices on emulated ones, and whether what it does is right.
#ifndef WD_TESTS_UNIT_HISI_EMULATED_ENGINE_HPP_
#define WD_TESTS_UNIT_HISI_EMULATED_ENGINE_HPP_

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "emulator/tiny_driver.hpp"
#include "fixtures/reference_zlib.hpp"
#include "fixtures/sample_bytes.hpp"
#include "hisi/zip/engine.hpp"

namespace wd::test {

class EngineOnDevices {
 public:
  using Engine = hisi::zip::Engine;
  using MessageEnd = hisi::zip::MessageEnd;

  explicit EngineOnDevices(const SystemCalls& calls,
                           std::chrono::milliseconds timeout = std::chrono::seconds(10)) {
    hisi::zip::EngineSettings settings;
    settings.calls = &calls;
    settings.least_work_bytes = 0;
    settings.timeout = timeout;
    // A device that fails is asked again at once: that is what is tested.
    settings.fault_window = std::chrono::milliseconds(1);
    engine_ = *Engine::create(settings);
  }
  EngineOnDevices(const EngineOnDevices&) = delete;
  EngineOnDevices& operator=(const EngineOnDevices&) = delete;
  ~EngineOnDevices() { end(); }

  void end() { Engine::destroy(std::exchange(engine_, nullptr)); }
  Engine* operator->() const { return engine_; }
  Engine& operator*() const { return *engine_; }

  enum class Outcome { right, not_done, wrong };

  // A message through the device, both ways; libz makes and reads what it does not.
  Outcome compresses(Format format, const Bytes& plain) const {
    Bytes packed(plain.size() + plain.size() / 8 + 300);
    const auto answer = engine_->compress({.format = format}, plain.data(), plain.size(),
                                          packed.data(), packed.size());
    if (answer.end != MessageEnd::done) return Outcome::not_done;
    packed.resize(answer.produced);
    return reference_decompress(format, packed, plain.size()) == plain ? Outcome::right
                                                                       : Outcome::wrong;
  }
  Outcome decompresses(Format format, const Bytes& plain) const {
    const Bytes packed = reference_compress(format, plain);
    Bytes back(plain.size() + 10);
    const auto answer = engine_->decompress({.format = format}, packed.data(), packed.size(),
                                            back.data(), back.size());
    if (answer.end != MessageEnd::done) return Outcome::not_done;
    back.resize(answer.produced);
    return back == plain ? Outcome::right : Outcome::wrong;
  }
  [[nodiscard]] bool round_trips(const Bytes& plain) const {
    return compresses(Format::zlib, plain) == Outcome::right &&
           decompresses(Format::gzip, plain) == Outcome::right;
  }

 private:
  Engine* engine_ = nullptr;
};

// With devices of its own.
class EmulatedEngine : public EngineOnDevices {
 public:
  explicit EmulatedEngine(const std::string& devices,
                          std::chrono::milliseconds timeout = std::chrono::seconds(10))
      : EmulatedEngine(std::make_unique<Emulated>(devices), timeout) {}
  ~EmulatedEngine() { end(); }

  [[nodiscard]] const Emulated& devices() const { return *emulated_; }

 private:
  EmulatedEngine(std::unique_ptr<Emulated> emulated, std::chrono::milliseconds timeout)
      : EngineOnDevices(emulated->calls(), timeout), emulated_(std::move(emulated)) {}

  std::unique_ptr<Emulated> emulated_;
};

}  // namespace wd::test

#endif  // WD_TESTS_UNIT_HISI_EMULATED_ENGINE_HPP_
