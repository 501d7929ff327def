// One trial of a self-test: a sample goes through a device in one way, and what comes out is
// compared.
//
// Threading: pure functions of their arguments; a Lanes, one thread at a time.
#ifndef WD_WDCTL_SELFTEST_TRIALS_HPP_
#define WD_WDCTL_SELFTEST_TRIALS_HPP_

#include <cstddef>
#include <cstdint>

#include "hisi/zip/descriptor.hpp"
#include "selftest/lanes.hpp"
#include "selftest/samples.hpp"
#include "selftest/tally.hpp"

namespace wd::ctl {

// What went through a device in one direction, by its plain size, in the time of the calls.
struct Speed {
  double bytes = 0;
  double seconds = 0;

  void add(const Speed& other) {
    bytes += other.bytes;
    seconds += other.seconds;
  }
};

// How the answers of a part are kept.
struct Record {
  Tally tally;
  Speed speeds[2];  // by Direction

  Speed& of(hisi::zip::Direction direction) { return speeds[static_cast<std::size_t>(direction)]; }
};

// The device compresses the sample, and both it and software have to read that.
void try_round_trip(Lanes& lanes, const Judge& judge, const Sample& sample, Record& record);
// Whole messages, judged by software: its reading of what the device wrote, or its own writing.
void try_message(Lanes& lanes, const Judge& judge, const Sample& sample,
                 hisi::zip::Direction direction, Record& record);
// The same in pieces of any size, on either side, at most `most_piece` bytes each.
void try_stream(Lanes& lanes, const Judge& judge, const Sample& sample,
                hisi::zip::Direction direction, std::size_t most_piece, Random& random,
                Record& record);

}  // namespace wd::ctl

#endif  // WD_WDCTL_SELFTEST_TRIALS_HPP_
