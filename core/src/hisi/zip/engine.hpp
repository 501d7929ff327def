// The ZIP engines of this machine, behind one object: messages and streams go to whichever queue
// there is, or come back with the reason why not.
//
// It never retries and never computes: what did not work is done again elsewhere by whoever asked,
// from input that nobody has touched. When a call returns, no device reaches the caller's memory
// any more.
//
// Threading: any; a Stream, one thread at a time. Ownership: borrows the SystemCalls and roots.
#ifndef WD_HISI_ZIP_ENGINE_HPP_
#define WD_HISI_ZIP_ENGINE_HPP_

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "hisi/qm/queue_pool.hpp"
#include "hisi/zip/lz77.hpp"
#include "hisi/zip/message.hpp"
#include "hisi/zip/stream.hpp"
#include "wd/result.hpp"

WD_NAMESPACE_BEGIN

namespace hisi::zip {

struct EngineSettings {
  const SystemCalls* calls = nullptr;
  Roots roots;
  unsigned max_queues = 4;
  std::size_t least_work_bytes = std::size_t{256} << 10;  // 0: a device from the first byte on
  std::chrono::milliseconds idle{1000};
  std::chrono::milliseconds timeout{10000};
  std::chrono::milliseconds fault_window{10000};  // as in PoolSettings
};

class Engine {
 public:
  // Looks for nothing yet.
  static Result<Engine*> create(const EngineSettings& settings) noexcept;
  static void destroy(Engine* engine) noexcept;
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Whether some device lists this format: raw DEFLATE is not on every generation. May read sysfs,
  // the first time, and now and then while there is no device.
  [[nodiscard]] bool does(Format format) noexcept;

  struct Answer {
    MessageEnd end;
    Refusal refusal;  // `for_software` because there is no queue, and why
    std::size_t consumed;
    std::size_t produced;
  };
  // As the functions in message.hpp.
  Answer compress(const MessageParameters& parameters, const void* in, std::size_t in_bytes,
                  void* out, std::size_t out_bytes) noexcept;
  Answer decompress(const MessageParameters& parameters, const void* in, std::size_t in_bytes,
                    void* out, std::size_t out_bytes) noexcept;

  Answer decompress_body(const MessageParameters& parameters, const void* in, std::size_t in_bytes,
                         void* out, std::size_t out_bytes) noexcept;

  // Matches for zstd, of devices that list lz77_zstd; as the functions in lz77.hpp. unsupported
  // with a refusal where there is no queue.
  struct MatchAnswer {
    Result<Lz77Matches> matches;
    Refusal refusal;
  };
  [[nodiscard]] bool finds_matches() noexcept;
  MatchAnswer find_matches(Lz77Effort effort, const void* in, std::size_t in_bytes, void* room,
                           std::size_t room_bytes) noexcept;

  struct Step {
    Stream::Step step;  // `fault` with refusal where there is no queue
    Refusal refusal;
  };
  // One step of a stream, on whichever queue there is.
  Step run(Stream& stream, const void* in, std::size_t in_bytes, void* out, std::size_t out_bytes,
           bool finish) noexcept;

  [[nodiscard]] QueuePool& pool() noexcept { return *pool_; }

 private:
  using Message = MessageResult (*)(Lane&, const MessageParameters&, const void*, std::size_t,
                                    void*, std::size_t) noexcept;
  explicit Engine(QueuePool* pool) noexcept : pool_(pool) {}
  Answer run_message(Message message, Direction direction, const MessageParameters& parameters,
                     const void* in, std::size_t in_bytes, void* out,
                     std::size_t out_bytes) noexcept;

  QueuePool* pool_;
};

}  // namespace hisi::zip

WD_NAMESPACE_END

#endif  // WD_HISI_ZIP_ENGINE_HPP_
