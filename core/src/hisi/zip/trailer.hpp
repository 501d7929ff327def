// The trailers of zlib and gzip from what the engine keeps of a body: its running checksum is not
// in the form that the formats have.
#ifndef WD_HISI_ZIP_TRAILER_HPP_
#define WD_HISI_ZIP_TRAILER_HPP_

#include <cstddef>
#include <cstdint>

#include "hisi/zip/descriptor.hpp"
#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

namespace hisi::zip {

// The body's checksum, as wd/checksum.hpp computes it. `empty`: nothing has been given to the
// engine.
[[nodiscard]] std::uint32_t body_check(Coding coding, const StreamWords& words,
                                       bool empty) noexcept;

// How many bytes were written: 0, 4 or 8.
std::size_t write_engine_trailer(Coding coding, const StreamWords& words, bool empty,
                                 std::uint8_t* to) noexcept;

}  // namespace hisi::zip

WD_NAMESPACE_END

#endif  // WD_HISI_ZIP_TRAILER_HPP_
