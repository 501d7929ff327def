// Random sequences of EVP calls, made with default and with wd side by side.
#ifndef WD_TESTS_PROVIDER_SEQUENCES_HPP_
#define WD_TESTS_PROVIDER_SEQUENCES_HPP_

#include "choices.hpp"
#include "two_libraries.hpp"

namespace wd::test {

// A cipher's context through all that can be done with it; whole messages among it, so that tags
// are right as often as wrong.
Difference run_cipher_sequence(Choices& choices);
// TLS 1.2 records as libssl makes and reads them: GCM by tlsaad and tlsivfixed, CBC by tls-version
// and tls-mac-size.
Difference run_tls_record_sequence(Choices& choices);
Difference run_digest_sequence(Choices& choices);
// HMAC above all, by EVP_MAC and by EVP_DigestSign.
Difference run_mac_sequence(Choices& choices);
// What is kept over sequences: fetched algorithms.
void forget_algorithms();

}  // namespace wd::test

#endif  // WD_TESTS_PROVIDER_SEQUENCES_HPP_
