// What zlib's functions do on a compressed stream that has ended, compared.
#ifndef WD_TESTS_DIFFERENTIAL_BEHIND_THE_END_HPP_
#define WD_TESTS_DIFFERENTIAL_BEHIND_THE_END_HPP_

#include "pair.hpp"

namespace wd::test {

// A few random calls on two streams that have ended, all their output being out. `window_bits` as
// deflateInit2 takes them.
Difference call_behind_the_end(Choices& choices, Pair& pair, int window_bits);

}  // namespace wd::test

#endif  // WD_TESTS_DIFFERENTIAL_BEHIND_THE_END_HPP_
