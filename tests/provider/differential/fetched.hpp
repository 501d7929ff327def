// Algorithms, fetched once on each side.
#ifndef WD_TESTS_PROVIDER_FETCHED_HPP_
#define WD_TESTS_PROVIDER_FETCHED_HPP_

#include "two_libraries.hpp"

namespace wd::test {

const Both<Owned<EVP_CIPHER>>& fetched_cipher(const std::string& name);
const Both<Owned<EVP_MD>>& fetched_digest(const std::string& name);
const Both<Owned<EVP_MAC>>& fetched_mac(const std::string& name);

}  // namespace wd::test

#endif  // WD_TESTS_PROVIDER_FETCHED_HPP_
