// Random sequences of calls, made on plain libz and on the shim side by side.
#ifndef WD_TESTS_DIFFERENTIAL_SEQUENCES_HPP_
#define WD_TESTS_DIFFERENTIAL_SEQUENCES_HPP_

#include "choices.hpp"
#include "pair.hpp"

namespace wd::test {

// Over the whole inflate family: every call must agree in everything that shows.
Difference run_inflate_sequence(Choices& choices);
// By what zlib promises, for backends with other progress in single calls: every byte, codes,
// words, totals and checksums at the end, what follows left alone, exact room shows the end.
Difference run_promised_inflate_sequence(Choices& choices);
// inflateBack on both.
Difference run_inflate_back_sequence(Choices& choices);
// Over the whole deflate family where the shim must give zlib's very bytes (exact compression): as
// above.
Difference run_exact_deflate_sequence(Choices& choices);
// Over the whole deflate family, by what zlib promises: what was given comes out again, flush
// points are where they were asked for, bounds hold, the end is the end, codes are right.
Difference run_deflate_sequence(Choices& choices);
// compress, uncompress, bounds, checksums and their combinations.
Difference run_whole_sequence(Choices& choices);

}  // namespace wd::test

#endif  // WD_TESTS_DIFFERENTIAL_SEQUENCES_HPP_
