// Which engine does whole buffers on the CPU: one row for each direction.
#ifndef WD_SOFTWARE_WHOLE_CODECS_HPP_
#define WD_SOFTWARE_WHOLE_CODECS_HPP_

#include "software/libdeflate/whole_codec.hpp"

WD_NAMESPACE_BEGIN

inline constexpr const WholeCodec& kWholeEncoder = kLibdeflateCodec;
inline constexpr const WholeCodec& kWholeDecoder = kLibdeflateCodec;

WD_NAMESPACE_END

#endif  // WD_SOFTWARE_WHOLE_CODECS_HPP_
