// A Context owns the world: configuration and statistics, and with them the choice of engines.
// There is no state of the library outside of one.
//
// Threading: all const members may be called from any thread. Ownership: streams and sessions
// borrow their Context, which must outlive them. Making one reads configuration and starts nothing:
// no thread, no device. Devices are looked for when there is first work for them.
#ifndef WD_CONTEXT_HPP_
#define WD_CONTEXT_HPP_

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "wd/config.hpp"
#include "wd/result.hpp"
#include "wd/statistics.hpp"

WD_NAMESPACE_BEGIN

class Counters;
class OrphanWatch;
struct Accelerator;

class WD_API Context {
 public:
  // `plugin` is the name under which statistics are written; a string literal.
  // Without memory for counters nothing is counted; that is no error.
  explicit Context(const Config& config, const char* plugin = "core") noexcept;
  // Writes the statistics, if the configuration says where.
  ~Context() noexcept;
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  [[nodiscard]] const Config& config() const noexcept { return config_; }
  [[nodiscard]] bool exact_compression() const noexcept {
    return config_.compression == CompressionChoice::exact;
  }

  // Starts counting if the configuration did not. Call before the first stream is opened.
  void enable_statistics() noexcept;
  // One request that `engine` served, or that it served although another was preferred: for plugins
  // that compute beside the library's own streams and sessions.
  void count(Algorithm algorithm, Engine engine, std::uint64_t bytes_in,
             std::uint64_t bytes_out) const noexcept {
    if (counters_ != nullptr) [[unlikely]]
      add(algorithm, engine, bytes_in, bytes_out);
  }
  void count_fallback(Algorithm algorithm, Engine engine, FallbackReason reason) const noexcept {
    if (counters_ != nullptr) [[unlikely]]
      add_fallback(algorithm, engine, reason);
  }
  // All zero where nothing is counted.
  [[nodiscard]] RequestCounts statistics(Algorithm algorithm, Engine engine) const noexcept;
  // Appends one line, a JSON object, to the place that the configuration names. Nothing counted,
  // nothing written. Failure to write is silent: it is no business of the program's.
  void write_statistics() const noexcept;

  // Gives back to the system what is held for further work, such as queues of devices; further work
  // takes them again. For whoever is about to be unloaded, or idle for long.
  void give_back_idle() const noexcept;

  // For the library's own streams and sessions: the accelerator for a piece of work of so many
  // bytes of input, or null where it is for software: too small, or there is none. Looks for
  // devices when it is first asked for enough. What it gives stays valid as long as this Context,
  // or until the process forks, and in the child then, too.
  [[nodiscard]] const Accelerator* accelerator(Algorithm algorithm,
                                               std::size_t bytes) const noexcept {
    if (bytes < (algorithm == Algorithm::deflate ? least_deflate_ : least_inflate_)) [[likely]]
      return nullptr;
    return find_accelerator();
  }
  // For the library's own streams: who watches over what those in memory of their caller's hold
  // elsewhere. Null without memory.
  [[nodiscard]] OrphanWatch* orphan_watch() const noexcept;
  // For the library's own streams and sessions: null when nothing is counted.
  [[nodiscard]] Counters* counters() const noexcept { return counters_; }

 private:
  static constexpr std::size_t kMaxProgramBytes = 64;

  void add(Algorithm algorithm, Engine engine, std::uint64_t bytes_in,
           std::uint64_t bytes_out) const noexcept;
  [[nodiscard]] const Accelerator* find_accelerator() const noexcept;
  void add_fallback(Algorithm algorithm, Engine engine, FallbackReason reason) const noexcept;

  Config config_;
  const char* plugin_;
  char program_[kMaxProgramBytes] = "";
  Counters* counters_ = nullptr;
  std::size_t least_deflate_;
  std::size_t least_inflate_;
  // Null: there is none.
  mutable std::atomic<const Accelerator*> accelerator_;
  mutable std::atomic<OrphanWatch*> orphan_watch_{nullptr};  // made when it is first asked for
};

WD_NAMESPACE_END

#endif  // WD_CONTEXT_HPP_
