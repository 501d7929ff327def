// Random generators of the default provider, for libcrypto since 3.5.
//
// There the core tells a generator which provider it came from, and the generator fetches its
// cipher or hash from that one. Its context is default's private one, where nobody is named `wd`:
// it is told that it came from default. Of the functions that take parameters these two pass such a
// name on; everything else of a row stays default's.
#ifndef WD_PROVIDER_RAND_ROWS_HPP_
#define WD_PROVIDER_RAND_ROWS_HPP_

#include <openssl/core.h>

#include <cstddef>

namespace wd::provider {

// Whether the libcrypto that runs needs it.
[[nodiscard]] bool rand_rows_need_names() noexcept;

// Replaces those functions in `table`, the dispatch table of the generator that is number `row`
// among default's. False if there are more of them than are known.
[[nodiscard]] bool name_default_in(OSSL_DISPATCH* table, std::size_t row) noexcept;

}  // namespace wd::provider

#endif  // WD_PROVIDER_RAND_ROWS_HPP_
