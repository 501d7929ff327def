// One request underway, after it has been read and before its answer is written.
#ifndef WD_EMULATOR_ZIP_JOB_HPP_
#define WD_EMULATOR_ZIP_JOB_HPP_

#include <cstdint>
#include <span>

#include "zip/deflater.hpp"
#include "zip/request.hpp"
#include "zip/scratch.hpp"
#include "zip/stream_context.hpp"

namespace wd::emulator::zip {

struct Job {
  const Request& request;
  std::span<const std::uint8_t> input;
  StreamContext* context;  // null: the request is a whole message
  Scratch& scratch;
  Answer& answer;
};

// What goes to the destination; it is in the scratch memory.
std::span<const std::uint8_t> compress(const Job& job, Deflater& deflater);
std::span<const std::uint8_t> decompress(const Job& job);
// answer.literals bytes of `literals` go to where literals go.
std::span<const std::uint8_t> find_matches(const Job& job, Scratch& literals);

}  // namespace wd::emulator::zip

#endif  // WD_EMULATOR_ZIP_JOB_HPP_
