// What a fresh queue has to get right before it is given anybody's data.
#ifndef WD_HISI_ZIP_KNOWN_ANSWER_HPP_
#define WD_HISI_ZIP_KNOWN_ANSWER_HPP_

#include "device/device_info.hpp"
#include "hisi/qm/queue.hpp"

WD_NAMESPACE_BEGIN

namespace hisi::zip {

// As QueuePool wants it. Compression is judged by our own decoder, decompression by the text.
[[nodiscard]] bool gives_known_answer(Queue& queue, const DeviceInfo& device,
                                      QueueKind kind) noexcept;

}  // namespace hisi::zip

WD_NAMESPACE_END

#endif  // WD_HISI_ZIP_KNOWN_ANSWER_HPP_
