// Compresses a piece of a stream, given the window before it.
#ifndef WD_EMULATOR_ZIP_DEFLATER_HPP_
#define WD_EMULATOR_ZIP_DEFLATER_HPP_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

struct z_stream_s;

namespace wd::emulator::zip {

class Deflater {
 public:
  Deflater();
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;
  ~Deflater();

  // Room that is always enough for compress().
  static std::size_t bound(std::size_t plain_bytes);

  // Raw DEFLATE from one byte boundary to another: with `last` up to the end of a stream, else up
  // to an empty stored block. How many bytes of `packed`.
  std::size_t compress(std::span<const std::uint8_t> window, std::uint32_t window_bytes,
                       std::span<const std::uint8_t> plain, bool last,
                       std::span<std::uint8_t> packed);

 private:
  void prepare(int window_bits);

  std::unique_ptr<z_stream_s> stream_;
  int window_bits_ = 0;
};

}  // namespace wd::emulator::zip

#endif  // WD_EMULATOR_ZIP_DEFLATER_HPP_
