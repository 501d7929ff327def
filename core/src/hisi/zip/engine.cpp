#include "hisi/zip/engine.hpp"

#include <cerrno>
#include <new>
#include <utility>

#include "hisi/zip/known_answer.hpp"
#include "hisi/zip/piece_rules.hpp"
#include "wd/allocator.hpp"

WD_NAMESPACE_BEGIN

namespace hisi::zip {

namespace {

// By their places, as Work names them.
constexpr const char* kAlgorithms[] = {"deflate", "zlib", "gzip", "lz77_zstd"};
constexpr std::uint8_t kMatches = 3;

constexpr std::uint8_t algorithm_of(Coding coding) noexcept {
  return static_cast<std::uint8_t>(static_cast<unsigned>(coding) - 1);
}
static_assert(algorithm_of(Coding::deflate) == 0 && algorithm_of(Coding::zlib) == 1 &&
              algorithm_of(Coding::gzip) == 2);

// Which of zlib and gzip it is, the header will say; devices do both or neither.
constexpr Coding listed_coding(Format format) noexcept {
  return format == Format::automatic ? Coding::gzip : coding_of(format);
}

std::uint8_t tag_word_of(unsigned qm_version) noexcept {
  return dialect_of(qm_version).tag_word;
}

QueueKind kind_of(Direction direction) noexcept {
  return static_cast<QueueKind>(direction);
}

}  // namespace

Result<Engine*> Engine::create(const EngineSettings& settings) noexcept {
  PoolSettings pool_settings;
  pool_settings.calls = settings.calls;
  pool_settings.roots = settings.roots;
  pool_settings.family = "hisi_zip";
  pool_settings.algorithms = kAlgorithms;
  pool_settings.tag_word = tag_word_of;
  pool_settings.proves_itself = gives_known_answer;
  pool_settings.share_bytes = kShareBytes;
  pool_settings.max_queues = settings.max_queues;
  pool_settings.least_work_bytes = settings.least_work_bytes;
  pool_settings.idle = settings.idle;
  pool_settings.timeout = settings.timeout;
  pool_settings.fault_window = settings.fault_window;
  const auto pool = QueuePool::create(pool_settings);
  if (!pool) return pool.error();
  void* at = Allocator::standard().take(1, sizeof(Engine));
  if (at == nullptr) {
    QueuePool::destroy(*pool);
    return Error{Errc::no_memory, ENOMEM, "no memory for an engine"};
  }
  return ::new (at) Engine(*pool);
}

void Engine::destroy(Engine* engine) noexcept {
  if (engine == nullptr) return;
  QueuePool::destroy(engine->pool_);
  engine->~Engine();
  Allocator::standard().give_back(engine);
}

bool Engine::does(Format format) noexcept {
  return pool_->has(algorithm_of(listed_coding(format)));
}

Engine::Answer Engine::run_message(Message message, Direction direction,
                                   const MessageParameters& parameters, const void* in,
                                   std::size_t in_bytes, void* out,
                                   std::size_t out_bytes) noexcept {
  QueuePool::Lease lease =
      pool_->lease({algorithm_of(listed_coding(parameters.format)), kind_of(direction), in_bytes});
  if (!lease) return {MessageEnd::for_software, lease.refusal(), 0, 0};
  Lane lane(lease.queue(), lease.qm_version());
  MessageParameters here = parameters;
  here.numa_node = lease.numa_node();
  const MessageResult result = message(lane, here, in, in_bytes, out, out_bytes);
  if (result.end == MessageEnd::fault) lease.failed();
  return {result.end, Refusal::none, result.consumed, result.produced};
}

Engine::Answer Engine::compress(const MessageParameters& parameters, const void* in,
                                std::size_t in_bytes, void* out, std::size_t out_bytes) noexcept {
  return run_message(compress_message, Direction::compress, parameters, in, in_bytes, out,
                     out_bytes);
}

Engine::Answer Engine::decompress(const MessageParameters& parameters, const void* in,
                                  std::size_t in_bytes, void* out, std::size_t out_bytes) noexcept {
  return run_message(decompress_message, Direction::decompress, parameters, in, in_bytes, out,
                     out_bytes);
}

Engine::Answer Engine::decompress_body(const MessageParameters& parameters, const void* in,
                                       std::size_t in_bytes, void* out,
                                       std::size_t out_bytes) noexcept {
  return run_message(zip::decompress_body, Direction::decompress, parameters, in, in_bytes, out,
                     out_bytes);
}

bool Engine::finds_matches() noexcept {
  return pool_->has(kMatches);
}

Engine::MatchAnswer Engine::find_matches(Lz77Effort effort, const void* in, std::size_t in_bytes,
                                         void* room, std::size_t room_bytes) noexcept {
  QueuePool::Lease lease = pool_->lease({kMatches, kind_of(Direction::compress), in_bytes});
  if (!lease)
    return {Error{Errc::unsupported, 0, "no queue of a device that finds matches"},
            lease.refusal()};
  Lane lane(lease.queue(), lease.qm_version());
  auto matches = zip::find_matches(lane, effort, in, in_bytes, room, room_bytes);
  if (!matches && matches.error().code == Errc::device_fault) lease.failed();
  return {std::move(matches), Refusal::none};
}

Engine::Step Engine::run(Stream& stream, const void* in, std::size_t in_bytes, void* out,
                         std::size_t out_bytes, bool finish) noexcept {
  const StreamParameters& parameters = stream.parameters();
  QueuePool::Lease lease =
      pool_->lease({algorithm_of(parameters.coding), kind_of(parameters.direction), in_bytes});
  if (!lease && (stream.pending() != 0 || stream.ended()))
    return {stream.drain(out, out_bytes), Refusal::none};
  if (!lease) return {{0, 0, Stream::End::fault}, lease.refusal()};
  Lane lane(lease.queue(), lease.qm_version());
  const Stream::Step step = stream.run(lane, in, in_bytes, out, out_bytes, finish);
  if (step.end == Stream::End::fault) lease.failed();
  return {step, Refusal::none};
}

}  // namespace hisi::zip

WD_NAMESPACE_END
