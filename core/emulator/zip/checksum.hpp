// The running checksum of a format, as the hardware keeps it in a request's last word.
#ifndef WD_EMULATOR_ZIP_CHECKSUM_HPP_
#define WD_EMULATOR_ZIP_CHECKSUM_HPP_

#include <cstdint>
#include <span>
#include <vector>

#include "zip/request.hpp"

namespace wd::emulator::zip {

class Checksum {
 public:
  explicit Checksum(Format format) : format_(format), value_(format == Format::zlib ? 1 : 0) {}

  // zlib: Adler-32 as it is. gzip: CRC-32 before its last steps, with the bits the other way round.
  static Checksum from_word(Format format, std::uint32_t word);
  [[nodiscard]] std::uint32_t word() const;

  void add(std::span<const std::uint8_t> plain);

  // What follows the last block: zlib 4 bytes, gzip 8, others none.
  static unsigned trailer_bytes(Format format);
  // As a number whose lowest byte comes first.
  [[nodiscard]] std::uint64_t trailer(std::uint32_t total) const;

 private:
  Format format_;
  std::uint32_t value_;
};

}  // namespace wd::emulator::zip

#endif  // WD_EMULATOR_ZIP_CHECKSUM_HPP_
