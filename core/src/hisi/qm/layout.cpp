#include "hisi/qm/layout.hpp"

#include <iterator>

WD_NAMESPACE_BEGIN

namespace hisi {

namespace {

constexpr Generation kGenerations[] = {
    {1, ring::DoorbellLayout::wide, 0x340},
    {2, ring::DoorbellLayout::narrow, 0x1000},
    {3, ring::DoorbellLayout::narrow, 0x1000},
};

constexpr std::uint64_t kCompletionBytes = 16;
constexpr std::uint64_t kMostSlots = 65535;  // indices are 16 bits wide
constexpr std::uint64_t kLeastSlots = 2;     // one of them is always free
// The last words of the region's last page.
constexpr std::size_t kSubmissionStopFromEnd = 4;
constexpr std::size_t kCompletionStopFromEnd = 8;

}  // namespace

const Generation& generation_of(unsigned version) noexcept {
  for (const Generation& generation : kGenerations)
    if (generation.version == version) return generation;
  return *std::rbegin(kGenerations);
}

Result<ring::Memory> lay_out(const Generation& generation, const QueueFile::Region& dus,
                             const QueueFile::Region& mmio, const QueueFile::Rings& rings,
                             std::uint32_t descriptor_bytes, std::size_t page_bytes) noexcept {
  if (rings.descriptor_bytes != descriptor_bytes)
    return Error{Errc::io, 0, "the queue's descriptors have another size"};
  if (rings.submission_slots < kLeastSlots || rings.submission_slots > kMostSlots ||
      rings.completion_slots < rings.submission_slots || rings.completion_slots > kMostSlots)
    return Error{Errc::io, 0, "the queue's rings have impossible sizes"};
  const std::uint64_t submission_bytes =
      std::uint64_t{rings.submission_slots} * rings.descriptor_bytes;
  const std::uint64_t used = submission_bytes + rings.completion_slots * kCompletionBytes;
  const std::uint64_t pages = (used + page_bytes - 1) / page_bytes * page_bytes;
  if (dus.bytes < pages + page_bytes)
    return Error{Errc::io, 0, "the queue's memory is smaller than its rings"};
  if (mmio.bytes < generation.doorbell_offset + sizeof(std::uint64_t))
    return Error{Errc::io, 0, "the queue's registers end before its doorbell"};

  ring::Memory memory;
  memory.shared_submissions = dus.shared_at;
  memory.shared_completions = dus.shared_at + submission_bytes;
  memory.shared_submission_stop = dus.shared_at + dus.bytes - kSubmissionStopFromEnd;
  memory.shared_completion_stop = dus.shared_at + dus.bytes - kCompletionStopFromEnd;
  memory.shared_doorbell =
      reinterpret_cast<volatile std::uint64_t*>(mmio.shared_at + generation.doorbell_offset);
  memory.descriptor_bytes = rings.descriptor_bytes;
  memory.submission_slots = static_cast<std::uint16_t>(rings.submission_slots);
  memory.completion_slots = static_cast<std::uint16_t>(rings.completion_slots);
  memory.queue = rings.number;
  memory.layout = generation.layout;
  return memory;
}

}  // namespace hisi

WD_NAMESPACE_END
