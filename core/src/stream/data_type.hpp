// zlib's guess at whether data is text, which it leaves in z_stream::data_type.
#ifndef WD_STREAM_DATA_TYPE_HPP_
#define WD_STREAM_DATA_TYPE_HPP_

#include <cstddef>
#include <cstdint>

#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

inline constexpr int kDataTypeBinary = 0;
inline constexpr int kDataTypeText = 1;
inline constexpr int kDataTypeUnknown = 2;

// What zlib says of a stream that starts with `data`. It looks at the bytes of the first block;
// this looks at as many as are in every first block, which for all but contrived data is the same.
int guess_data_type(const std::uint8_t* data, std::size_t bytes) noexcept;

WD_NAMESPACE_END

#endif  // WD_STREAM_DATA_TYPE_HPP_
