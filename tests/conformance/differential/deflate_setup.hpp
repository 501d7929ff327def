// What the deflate sequences share: a random set of parameters, and both streams opened with it.
#ifndef WD_TESTS_DIFFERENTIAL_DEFLATE_SETUP_HPP_
#define WD_TESTS_DIFFERENTIAL_DEFLATE_SETUP_HPP_

#include "pair.hpp"

namespace wd::test {

struct DeflateSetup {
  int level;
  int method;
  int window_bits;  // as deflateInit2 takes them
  int memory_level;
  int strategy;

  // Mostly what programs use; sometimes anything, valid or not.
  static DeflateSetup any(Choices& choices);
  [[nodiscard]] int open(const ZlibApi& api, z_stream& stream) const;
};

}  // namespace wd::test

#endif  // WD_TESTS_DIFFERENTIAL_DEFLATE_SETUP_HPP_
