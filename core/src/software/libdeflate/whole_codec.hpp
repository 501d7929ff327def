// Whole buffers through libdeflate.
#ifndef WD_SOFTWARE_LIBDEFLATE_WHOLE_CODEC_HPP_
#define WD_SOFTWARE_LIBDEFLATE_WHOLE_CODEC_HPP_

#include "engine/whole_codec.hpp"

WD_NAMESPACE_BEGIN

extern const WholeCodec kLibdeflateCodec;

WD_NAMESPACE_END

#endif  // WD_SOFTWARE_LIBDEFLATE_WHOLE_CODEC_HPP_
