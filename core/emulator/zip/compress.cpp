#include <cstring>

#include "zip/checksum.hpp"
#include "zip/job.hpp"

namespace wd::emulator::zip {
namespace {

constexpr std::uint32_t kLastBlockSeen = 1U << 7;

// What the hardware asks of a piece of a stream. A last piece without input is its driver's to
// write, and nothing may grow by more than an eighth.
Status check_piece(const Request& request) {
  if (request.finish && request.input_bytes == 0) return Status::bad_request;
  const std::uint64_t most = std::uint64_t{request.input_bytes} + (request.input_bytes + 7U) / 8;
  return request.room_bytes < most ? Status::no_room : Status::ok;
}

}  // namespace

std::span<const std::uint8_t> compress(const Job& job, Deflater& deflater) {
  const Request& request = job.request;
  Answer& answer = job.answer;
  const bool last = job.context == nullptr || request.finish;
  std::span<const std::uint8_t> window;
  if (job.context != nullptr) {
    window = job.context->window();
    answer.status = check_piece(request);
    if (answer.status != Status::ok) return {};
  } else {
    answer.stream.total = 0;
    answer.stream.checksum = Checksum(request.format).word();
  }
  Checksum checksum = Checksum::from_word(request.format, answer.stream.checksum);
  checksum.add(job.input);
  const std::uint32_t total = answer.stream.total + request.input_bytes;

  const std::size_t most = Deflater::bound(job.input.size());
  const std::span<std::uint8_t> packed = job.scratch.room(most + sizeof(std::uint64_t));
  std::size_t bytes =
      deflater.compress(window, request.window_bytes, job.input, last, packed.first(most));
  if (last) {
    const std::uint64_t trailer = checksum.trailer(total);
    std::memcpy(&packed[bytes], &trailer, sizeof(trailer));
    bytes += Checksum::trailer_bytes(request.format);
  }
  if (bytes > request.room_bytes) {
    answer.status = Status::no_room;
    return {};
  }
  answer.status = bytes > job.input.size() ? Status::grew : Status::ok;
  answer.consumed = request.input_bytes;
  answer.produced = static_cast<std::uint32_t>(bytes);
  answer.last_block = last;
  answer.stream.total = total;
  answer.stream.checksum = checksum.word();
  if (job.context != nullptr) {
    job.context->append(job.input, request.window_bytes);
    if (last) job.context->finish();
    answer.stream.word0 = last ? kLastBlockSeen : 0;
    answer.stream.word1 = 0;
    answer.stream.word2 = static_cast<std::uint32_t>(job.context->window().size());
  }
  return packed.first(bytes);
}

}  // namespace wd::emulator::zip
