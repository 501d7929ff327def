// Raw DEFLATE streams made by hand from RFC 1951, with what they decode to, or why they do not.
#ifndef WD_TESTS_SUITE_KNOWN_STREAMS_HPP_
#define WD_TESTS_SUITE_KNOWN_STREAMS_HPP_

#include <vector>

#include "fixtures/sample_bytes.hpp"

namespace wd::test {

struct KnownStream {
  const char* what;
  Bytes packed;
  Bytes plain;
};

std::vector<KnownStream> known_streams();

struct BrokenStream {
  const char* why;
  Bytes packed;
};

// Long enough that none is merely cut off.
std::vector<BrokenStream> broken_streams();

}  // namespace wd::test

#endif  // WD_TESTS_SUITE_KNOWN_STREAMS_HPP_
