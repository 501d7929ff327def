#include "selftest/device_test.hpp"

#include <thread>
#include <utility>
#include <vector>

#include "selftest/lanes.hpp"

namespace wd::ctl {

namespace {

using Clock = std::chrono::steady_clock;
using hisi::zip::Direction;

constexpr Direction kDirections[] = {Direction::compress, Direction::decompress};
// Streams make a request for each piece.
constexpr std::size_t kMostStreamBytes = std::size_t{128} << 10;
constexpr std::size_t kPieces[] = {300, 5000, std::size_t{100} << 10};
constexpr std::size_t kMostSoakBytes = std::size_t{2} << 20;

std::vector<Sample> samples_for(const DeviceInfo& device, const Judge& judge) {
  constexpr std::pair<const char*, Format> kFormats[] = {
      {"zlib", Format::zlib}, {"gzip", Format::gzip}, {"deflate", Format::raw}};
  std::vector<Sample> samples;
  for (const auto& [algorithm, format] : kFormats)
    if (device.does(algorithm))
      for (Sample& sample : samples_of(judge, format)) samples.push_back(std::move(sample));
  return samples;
}

bool over(const Lanes& lanes, const Record& record) {
  return lanes.refused() || record.tally.enough();
}

void run_known_answers(Lanes& lanes, Record& record) {
  for (const Direction direction : kDirections) {
    const char* what = direction == Direction::compress ? "compression" : "decompression";
    if (lanes.knows_answer(direction))
      record.tally.passed();
    else
      record.tally.failed(lanes.refused() ? lanes.why() : "no known answer", what);
    if (over(lanes, record)) return;
  }
}

void run_round_trips(Lanes& lanes, const Judge& judge, const std::vector<Sample>& samples,
                     Record& record) {
  for (const Sample& sample : samples) {
    try_round_trip(lanes, judge, sample, record);
    if (over(lanes, record)) return;
  }
}

void run_streams(Lanes& lanes, const Judge& judge, const std::vector<Sample>& samples,
                 Record& record) {
  Random random(1);
  for (const Sample& sample : samples)
    for (const Direction direction : kDirections)
      for (const std::size_t piece : kPieces) {
        if (sample.plain.size() > kMostStreamBytes) continue;
        try_stream(lanes, judge, sample, direction, piece, random, record);
        if (over(lanes, record)) return;
      }
}

// A thread of it, on queues of its own.
void soak_until(Clock::time_point end, const DeviceAccess& access, const DeviceInfo& device,
                const Judge& judge, const std::vector<Sample>& samples, unsigned seed,
                Record& record) {
  Lanes lanes(access, device);
  Random random(seed);
  while (Clock::now() < end && !over(lanes, record)) {
    const Sample& sample = samples[random() % samples.size()];
    if (sample.plain.size() > kMostSoakBytes) continue;
    const Direction direction = kDirections[random() % std::size(kDirections)];
    if (sample.plain.size() <= kMostStreamBytes && random() % 2 == 0)
      try_stream(lanes, judge, sample, direction, kPieces[random() % std::size(kPieces)], random,
                 record);
    else
      try_message(lanes, judge, sample, direction, record);
  }
}

void run_soak(const DeviceAccess& access, const DeviceInfo& device, const Judge& judge,
              const std::vector<Sample>& samples, std::chrono::seconds length, DeviceTest& test) {
  const auto start = Clock::now();
  Record records[DeviceTest::kThreads];
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < DeviceTest::kThreads; ++i)
    threads.emplace_back(
        [&, i] { soak_until(start + length, access, device, judge, samples, i + 1, records[i]); });
  for (std::thread& thread : threads) thread.join();
  test.soak_seconds = std::chrono::duration<double>(Clock::now() - start).count();
  for (const Record& record : records) {
    test.soak.tally.add(record.tally);
    for (const Direction direction : kDirections)
      test.soak.of(direction).add(record.speeds[static_cast<std::size_t>(direction)]);
  }
}

}  // namespace

DeviceTest test_device(const DeviceAccess& access, const DeviceInfo& device, const Judge& judge,
                       std::chrono::seconds soak) {
  const std::vector<Sample> samples = samples_for(device, judge);
  DeviceTest test;
  {
    Lanes lanes(access, device);
    run_known_answers(lanes, test.known_answers);
    // One that knows nothing would be given nothing; and if it does not answer at all, each trial
    // would take as long as a timeout.
    const Tally& known = test.known_answers.tally;
    if (lanes.refused() || known.failures() == known.ran()) return test;
    run_round_trips(lanes, judge, samples, test.round_trips);
    if (lanes.refused()) return test;
    run_streams(lanes, judge, samples, test.streams);
    if (lanes.refused()) return test;
  }
  if (soak.count() != 0 && !samples.empty()) run_soak(access, device, judge, samples, soak, test);
  return test;
}

}  // namespace wd::ctl
