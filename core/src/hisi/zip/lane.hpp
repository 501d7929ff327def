// A queue as whoever has ZIP work sees it: one request at a time, to its end, and what comes back
// checked against what was asked for.
#ifndef WD_HISI_ZIP_LANE_HPP_
#define WD_HISI_ZIP_LANE_HPP_

#include <cstdint>
#include <optional>

#include "hisi/qm/queue.hpp"
#include "hisi/zip/descriptor.hpp"
#include "wd/result.hpp"

WD_NAMESPACE_BEGIN

namespace hisi::zip {

// Threading: as the queue's. Ownership: borrows the queue.
class Lane {
 public:
  Lane(Queue& queue, unsigned qm_version) noexcept
      : queue_(&queue), dialect_(&dialect_of(qm_version)) {}

  // Addresses are this process's. Where the device does not share them, the request goes by way of
  // memory that it has; unsupported then, if it cannot.
  // device_fault: no answer, or one that cannot be; the device has let go of all memory.
  // corrupt_data: a status that nobody has described, which is what is known of how a device
  // refuses data that it cannot read. queue_full: no slot is free, or no such memory. forked.
  // Counts are within the request's bounds.
  [[nodiscard]] Result<Outcome> run(const Request& request) noexcept;

  // Of the last answer that came: whoever reports what is wrong with a device has words for it.
  [[nodiscard]] std::optional<std::uint8_t> last_status() const noexcept { return last_status_; }
  // The most that one request may read, or write.
  [[nodiscard]] std::uint32_t most_piece_bytes() const noexcept;

  [[nodiscard]] Queue& queue() const noexcept { return *queue_; }

 private:
  [[nodiscard]] Result<Outcome> ask(const Request& request) noexcept;

  Queue* queue_;
  const Dialect* dialect_;
  std::optional<std::uint8_t> last_status_;
};

// Whether `outcome` can be one of `request`'s.
[[nodiscard]] bool plausible(const Request& request, const Outcome& outcome) noexcept;

}  // namespace hisi::zip

WD_NAMESPACE_END

#endif  // WD_HISI_ZIP_LANE_HPP_
