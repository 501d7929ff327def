// Which engine compresses whole buffers on the CPU.
#ifndef WD_SOFTWARE_WHOLE_CODECS_HPP_
#define WD_SOFTWARE_WHOLE_CODECS_HPP_

#include "software/libdeflate/whole_codec.hpp"

WD_NAMESPACE_BEGIN

inline constexpr const WholeCodec& kWholeEncoder = kLibdeflateCodec;

WD_NAMESPACE_END

#endif  // WD_SOFTWARE_WHOLE_CODECS_HPP_
