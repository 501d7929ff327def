#include "hisi/zip/lane.hpp"

#include <algorithm>

#include "hisi/zip/bounce.hpp"
#include "hisi/zip/piece_rules.hpp"

WD_NAMESPACE_BEGIN

namespace hisi::zip {

bool plausible(const Request& request, const Outcome& outcome) noexcept {
  if (outcome.consumed > request.source_bytes) return false;
  if (request.literals == 0) return outcome.produced <= request.destination_bytes;
  // Sequences of 8 bytes.
  return outcome.literals_bytes <= request.literals_bytes &&
         outcome.produced <= request.destination_bytes / 8;
}

std::uint32_t Lane::most_piece_bytes() const noexcept {
  const StaticShare* const share = queue_->share_memory();
  if (share == nullptr) return kMostPieceBytes;
  return static_cast<std::uint32_t>(
      std::min<std::size_t>(share->longest_block_bytes(), kMostCopiedBytes));
}

Result<Outcome> Lane::run(const Request& request) noexcept {
  // In a child, what the parent shares with its device is not there.
  if (queue_->share_memory() == nullptr || queue_->forked()) return ask(request);
  const Result<Bounce> bounce = Bounce::make(*queue_->share_memory(), request);
  if (!bounce) return bounce.error();
  Result<Outcome> outcome = ask(bounce->request());
  if (outcome) bounce->copy_out(*outcome);
  return outcome;
}

Result<Outcome> Lane::ask(const Request& request) noexcept {
  ring::Tag tag = 0;
  const auto submitted = queue_->submit(
      tag, [&](ring::Tag given) noexcept { return encode(*dialect_, request, given); });
  if (submitted == Queue::Submitted::full)
    return Error{Errc::queue_full, 0, "as many requests are in flight as a queue takes"};
  if (submitted == Queue::Submitted::refused)
    return Error{queue_->forked() ? Errc::forked : Errc::device_fault, 0,
                 "the queue takes no more requests"};
  Descriptor answer;
  switch (queue_->wait(tag, answer)) {
    case Queue::End::answered:
      break;
    case Queue::End::lost:
      return Error{Errc::device_fault, 0, "the device did not answer"};
    case Queue::End::forked:
      return Error{Errc::forked, 0, "the request is the parent's"};
  }
  const Outcome outcome = decode(answer);
  last_status_ = outcome.status;
  if (outcome.verdict == Verdict::fault)
    return Error{Errc::corrupt_data, 0, "the device answers with an unknown status"};
  if (!plausible(request, outcome))
    return Error{Errc::device_fault, 0, "the device answers with impossible counts"};
  return outcome;
}

}  // namespace hisi::zip

WD_NAMESPACE_END
