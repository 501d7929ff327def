#include "selftest/trials.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string>

#include "hisi/zip/message.hpp"
#include "hisi/zip/piece_rules.hpp"
#include "hisi/zip/stream.hpp"

namespace wd::ctl {

namespace {

using hisi::zip::Direction;
using hisi::zip::MessageEnd;
using hisi::zip::MessageResult;
using hisi::zip::Stream;

constexpr const char* kWrongBytes = "what came out is wrong";
constexpr const char* kUnreadable = "software cannot read what the device wrote";
constexpr const char* kWrongCount = "the device did not take all of its input";

std::string trial_name(const char* how, Direction direction, const Sample& sample) {
  return std::string(how) + (direction == Direction::compress ? " compression" : " decompression") +
         ": " + name_of(sample);
}

// Room for what cannot be compressed, and for what the engine asks for on top.
std::size_t packed_room(const Sample& sample) {
  return sample.plain.size() + sample.plain.size() / 4 + 4096;
}

class Stopwatch {
 public:
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

const char* reason_of(MessageEnd end) {
  switch (end) {
    case MessageEnd::done:
    case MessageEnd::for_software:
      break;
    case MessageEnd::does_not_fit:
      return "the device says that the output does not fit, and it would";
    case MessageEnd::refused:
      return "the device refuses good input, or answers with an unknown status";
    case MessageEnd::fault:
      return "an answer that cannot be";
    case MessageEnd::busy:
      return "the queue takes no request";
    case MessageEnd::forked:
      return "the queue is another process's";
  }
  return "";
}

const char* reason_of(Stream::End end) {
  switch (end) {
    case Stream::End::complete:
      break;
    case Stream::End::more:
      return "the stream goes no further";
    case Stream::End::bad_check:
      return "the device finds a good checksum wrong";
    case Stream::End::refused:
      return reason_of(MessageEnd::refused);
    case Stream::End::fault:
      return reason_of(MessageEnd::fault);
    case Stream::End::busy:
      return reason_of(MessageEnd::busy);
    case Stream::End::forked:
      return reason_of(MessageEnd::forked);
  }
  return "";
}

// The engine's own word, for whoever has its sheet.
std::string with_status(std::string reason, const char* name, const hisi::zip::Lane& lane) {
  if (!lane.last_status()) return reason;
  char text[8];
  std::snprintf(text, sizeof(text), "0x%02x", unsigned{*lane.last_status()});
  return reason + name + text;
}
// Of what an answer said; not where there was none.
template <class End>
std::string words_for(End end, const hisi::zip::Lane& lane) {
  const bool answered = end != End::busy && end != End::forked;
  const bool named = end == End::refused;
  return answered ? with_status(reason_of(end), named ? ", " : ", status ", lane) : reason_of(end);
}

// What is known of a fault by its looks: how long it took, and whether the queue has survived it.
std::string reason_of_fault(const hisi::zip::Lane& lane, double seconds) {
  if (lane.queue().usable()) return words_for(MessageEnd::fault, lane);
  if (seconds >= std::chrono::duration<double>(Lanes::kTimeout).count()) return "no answer in time";
  return "the queue stopped: a reset, nonsense in a ring, or the device is gone";
}

// `in` through the device, whole. `out` is cut to what was produced. False, and counted, where
// there is no result to look into.
bool run_message(Lanes& lanes, Direction direction, const Sample& sample, const Bytes& in,
                 Bytes& out, const std::string& what, Record& record) {
  Tally& tally = record.tally;
  auto lane = lanes.lane(direction);
  if (!lane) {
    tally.failed(lanes.why(), what);
    return false;
  }
  hisi::zip::MessageParameters parameters;
  parameters.format = sample.format;
  parameters.numa_node = lanes.device().numa_node;
  const Stopwatch watch;
  const auto run = direction == Direction::compress ? hisi::zip::compress_message
                                                    : hisi::zip::decompress_message;
  const MessageResult result = run(*lane, parameters, in.data(), in.size(), out.data(), out.size());
  const double seconds = watch.seconds();
  out.resize(result.produced);
  if (result.end == MessageEnd::for_software) {
    tally.left_to_software();
  } else if (result.end == MessageEnd::fault) {
    tally.failed(reason_of_fault(*lane, seconds), what);
  } else if (result.end != MessageEnd::done) {
    tally.failed(words_for(result.end, *lane), what);
  } else if (result.consumed != in.size()) {
    tally.failed(kWrongCount, what);
  } else {
    record.of(direction).add({static_cast<double>(sample.plain.size()), seconds});
    return true;
  }
  return false;
}

void decompress_and_compare(Lanes& lanes, const Sample& sample, const Bytes& packed,
                            const std::string& what, Record& record) {
  Bytes out(sample.plain.size() + 64);
  if (!run_message(lanes, Direction::decompress, sample, packed, out, what, record)) return;
  if (out == sample.plain)
    record.tally.passed();
  else
    record.tally.failed(kWrongBytes, what);
}

// What the device wrote, or nothing.
Bytes compress_and_read(Lanes& lanes, const Judge& judge, const Sample& sample,
                        const std::string& what, Record& record) {
  Bytes out(packed_room(sample));
  if (!run_message(lanes, Direction::compress, sample, sample.plain, out, what, record)) return {};
  if (judge.is_packed(sample.format, out.data(), out.size(), sample.plain)) {
    record.tally.passed();
    return out;
  }
  record.tally.failed(kUnreadable, what);
  return {};
}

}  // namespace

void try_message(Lanes& lanes, const Judge& judge, const Sample& sample, Direction direction,
                 Record& record) {
  const std::string what = trial_name("message", direction, sample);
  if (direction == Direction::compress)
    compress_and_read(lanes, judge, sample, what, record);
  else
    decompress_and_compare(lanes, sample, sample.packed, what, record);
}

void try_round_trip(Lanes& lanes, const Judge& judge, const Sample& sample, Record& record) {
  const Bytes packed = compress_and_read(
      lanes, judge, sample, trial_name("message", Direction::compress, sample), record);
  if (!packed.empty())
    decompress_and_compare(lanes, sample, packed,
                           trial_name("its own", Direction::decompress, sample), record);
  if (!lanes.refused())
    decompress_and_compare(lanes, sample, sample.packed,
                           trial_name("message", Direction::decompress, sample), record);
}

void try_stream(Lanes& lanes, const Judge& judge, const Sample& sample, Direction direction,
                std::size_t most_piece, Random& random, Record& record) {
  const bool compresses = direction == Direction::compress;
  const std::string what = trial_name("stream", direction, sample);
  const std::size_t header = header_bytes(sample.format);
  auto stream = Stream::create({hisi::zip::coding_of(sample.format), direction,
                                hisi::zip::Window::k32, lanes.device().numa_node});
  if (!stream) return record.tally.left_to_software();
  const Bytes& source = compresses ? sample.plain : sample.packed;
  // What came before and is not the engine's: read, or already written.
  std::size_t taken = compresses ? 0 : header;
  Bytes out(packed_room(sample));
  std::size_t made = compresses ? header : 0;
  std::copy_n(sample.packed.begin(), made, out.begin());

  Speed speed{static_cast<double>(sample.plain.size()), 0};
  Stream::End end = Stream::End::more;
  std::optional<hisi::zip::Lane> lane;
  for (int idle = 0; end == Stream::End::more && idle < 3;) {
    lane = lanes.lane(direction);
    if (!lane) return record.tally.failed(lanes.why(), what);
    const std::size_t bytes = std::min(1 + random() % most_piece, source.size() - taken);
    const std::size_t room = std::min(1 + random() % most_piece, out.size() - made);
    const Stopwatch watch;
    const Stream::Step step = stream->run(*lane, source.data() + taken, bytes, out.data() + made,
                                          room, taken + bytes == source.size());
    const double seconds = watch.seconds();
    speed.seconds += seconds;
    taken += step.consumed;
    made += step.produced;
    end = step.end;
    if (end == Stream::End::fault)
      return record.tally.failed(reason_of_fault(*lane, seconds), what);
    idle = step.consumed == 0 && step.produced == 0 ? idle + 1 : 0;
  }
  out.resize(made);
  if (end != Stream::End::complete) return record.tally.failed(words_for(end, *lane), what);
  if (taken != source.size()) return record.tally.failed(kWrongCount, what);
  if (compresses && !judge.is_packed(sample.format, out.data(), out.size(), sample.plain))
    return record.tally.failed(kUnreadable, what);
  if (!compresses && out != sample.plain) return record.tally.failed(kWrongBytes, what);
  record.of(direction).add(speed);
  record.tally.passed();
}

}  // namespace wd::ctl
