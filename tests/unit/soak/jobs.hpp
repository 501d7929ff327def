// Pieces of work for a soak: a message is made, compressed or decompressed by the core in one of
// its forms, and compared with what plain zlib says.
#ifndef WD_TESTS_UNIT_SOAK_JOBS_HPP_
#define WD_TESTS_UNIT_SOAK_JOBS_HPP_

#include <cstdint>
#include <deque>
#include <string>

#include "fixtures/sample_bytes.hpp"
#include "wd/context.hpp"
#include "wd/deflate.hpp"

namespace wd::test {

enum class Form : std::uint8_t { whole, session, stream };
enum class Way : std::uint8_t { compress, decompress };

struct Job {
  std::uint64_t seed;
  Form form;
  Way way;
  Format format;
};

// What a job was given as output is watched for a while after the call: no device may write there
// any more.
class Released {
 public:
  void keep(Bytes&& written);
  // Empty, or what is wrong.
  [[nodiscard]] std::string untouched() const;

 private:
  struct Buffer {
    Bytes written;
    std::uint64_t sum;
  };
  static constexpr std::size_t kMost = 8;
  std::deque<Buffer> buffers_;
};

// The job that a seed decides; without raw streams to be read where `raw` is false.
[[nodiscard]] Job job_of(std::uint64_t seed, bool raw);
[[nodiscard]] std::string describe(const Job& job);
// Empty, or what was wrong.
[[nodiscard]] std::string run(const Context& context, const Job& job, Released& released);

}  // namespace wd::test

#endif  // WD_TESTS_UNIT_SOAK_JOBS_HPP_
