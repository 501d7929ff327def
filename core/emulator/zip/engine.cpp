#include "zip/engine.hpp"

#include <new>
#include <optional>

#include "zip/buffers.hpp"
#include "zip/checksum.hpp"
#include "zip/job.hpp"

namespace wd::emulator::zip {
namespace {

// A request of a stream needs more room than this, whatever it does.
constexpr std::uint32_t kLeastStreamRoom = 200;
// Lists have no limit, but the engine works in memory of its own.
constexpr std::uint64_t kMostBytes = 1ULL << 30;

constexpr unsigned kDecompresses = 1;

// A status that stands in no list, for a fault on request.
constexpr auto kUnknownStatus = static_cast<Status>(0xee);

class ZipEngine final : public Engine {
 public:
  explicit ZipEngine(Api api) : api_(api) {}

  Verdict run(Descriptor& words, unsigned queue_type, ClientMemory& memory) override;
  void spoil(Descriptor& words, Fault how, ClientMemory& memory) override;

 private:
  Verdict run_request(const Request& request, unsigned queue_type, ClientMemory& memory,
                      Answer& answer);
  Verdict run_stream(const Job& whole, unsigned queue_type, ClientMemory& memory);
  void compute(const Job& job, unsigned queue_type);
  bool find_buffers(const Request& request, ClientMemory& memory);

  const Api api_;
  Buffer from_;
  Buffer to_;
  Scratch in_;
  Scratch out_;
  Scratch literals_;
  std::span<const std::uint8_t> result_;    // of the request that is being computed
  std::optional<std::uint8_t> first_byte_;  // of the last request's output, if it wrote any
  Deflater deflater_;
  StreamContext context_;
};

bool ZipEngine::find_buffers(const Request& request, ClientMemory& memory) {
  if (!request.scattered) {
    from_ = Buffer::flat(request.source, request.input_bytes);
    to_ = Buffer::flat(request.destination, request.room_bytes);
    return true;
  }
  return Buffer::scattered(memory, request.source, request.input_offset, request.input_bytes,
                           from_) &&
         Buffer::scattered(memory, request.destination, request.room_offset, request.room_bytes,
                           to_);
}

Verdict ZipEngine::run(Descriptor& words, unsigned queue_type, ClientMemory& memory) {
  Request request;
  Answer answer;
  answer.status = Status::bad_request;
  first_byte_.reset();
  Verdict verdict = Verdict::done;
  if (decode(words, api_, request) && request.input_bytes <= kMostBytes &&
      request.room_bytes <= kMostBytes) {
    answer.stream = request.stream;
    try {
      verdict = run_request(request, queue_type, memory, answer);
    } catch (const std::bad_alloc&) {
      answer = {.status = Status::bad_request, .stream = request.stream};
    }
  }
  encode(answer, words);
  in_.trim();
  out_.trim();
  literals_.trim();
  return verdict;
}

Verdict ZipEngine::run_request(const Request& request, unsigned queue_type, ClientMemory& memory,
                               Answer& answer) {
  if (!find_buffers(request, memory)) return Verdict::address_error;
  const std::span<std::uint8_t> input = in_.room(request.input_bytes);
  if (!from_.read(memory, input.data(), input.size())) return Verdict::address_error;
  answer.status = Status::ok;
  result_ = {};
  const Job job{request, input, nullptr, out_, answer};
  if (request.stateful) {
    const Verdict verdict = run_stream(job, queue_type, memory);
    if (verdict != Verdict::done) return verdict;
  } else {
    compute(job, queue_type);
  }
  const bool written =
      to_.write(memory, result_.data(), result_.size()) &&
      memory.write(request.literals, literals_.room(answer.literals).data(), answer.literals);
  if (!result_.empty()) first_byte_ = result_.front();
  return written ? Verdict::done : Verdict::address_error;
}

void ZipEngine::compute(const Job& job, unsigned queue_type) {
  if (job.request.format != Format::lz77_zstd) {
    result_ = queue_type == kDecompresses ? decompress(job) : compress(job, deflater_);
  } else if (queue_type != kDecompresses) {
    result_ = find_matches(job, literals_);
  } else {
    job.answer.status = Status::bad_request;
  }
}

Verdict ZipEngine::run_stream(const Job& whole, unsigned queue_type, ClientMemory& memory) {
  const Request& request = whole.request;
  Answer& answer = whole.answer;
  if (request.room_bytes <= kLeastStreamRoom) {
    answer.status = Status::no_room;
    return Verdict::done;
  }
  const StreamContext::Found found = context_.load(memory, request, queue_type);
  if (found == StreamContext::Found::unreadable) return Verdict::address_error;
  if (found == StreamContext::Found::broken || context_.is_finished()) {
    answer.status = Status::bad_context;
    return Verdict::done;
  }
  // Whatever the words of a new stream's first request hold is left over from another one.
  if (found == StreamContext::Found::fresh) {
    answer.stream = {};
    answer.stream.checksum = Checksum(request.format).word();
  }
  compute({request, whole.input, &context_, whole.scratch, answer}, queue_type);
  if (answer.status != Status::ok && answer.status != Status::grew &&
      answer.status != Status::stream_end) {
    // The stream stands where it stood.
    answer.stream = request.stream;
    return Verdict::done;
  }
  return context_.save(memory, answer.stream) ? Verdict::done : Verdict::address_error;
}

void ZipEngine::spoil(Descriptor& words, Fault how, ClientMemory& memory) {
  constexpr std::size_t kConsumed = 0;
  constexpr std::size_t kProduced = 1;
  constexpr std::size_t kStatus = 3;
  const std::uint32_t produced = words[kProduced];
  switch (how) {
    case Fault::corrupt: {
      if (!first_byte_) return;
      const std::uint8_t wrong = static_cast<std::uint8_t>(~*first_byte_);
      to_.write(memory, &wrong, 1);
      return;
    }
    case Fault::wrong_counts:
      words[kConsumed] += 1;
      words[kProduced] = produced + 0x10000;
      return;
    default:
      words[kProduced] = 0;
      words[kStatus] = static_cast<std::uint32_t>(kUnknownStatus);
  }
}

}  // namespace

std::unique_ptr<Engine> make_engine(Api api) {
  return std::make_unique<ZipEngine>(api);
}

}  // namespace wd::emulator::zip
