#ifndef WD_BENCH_CRYPTO_TLS_PAIR_HPP_
#define WD_BENCH_CRYPTO_TLS_PAIR_HPP_

#include <string>

#include "library.hpp"
#include "task.hpp"

namespace wd::bench {

enum class Transport { kMemory, kTcp };

// A server that sends records and a client that receives them: TLS 1.3 with one cipher suite, both
// in this thread, both of the same library. One operation is one record, written and read.
TaskPtr tls_bulk(const Library& library, const std::string& suite, std::size_t record_bytes,
                 Transport transport);

}  // namespace wd::bench

#endif  // WD_BENCH_CRYPTO_TLS_PAIR_HPP_
