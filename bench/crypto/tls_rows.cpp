#include "row.hpp"
#include "tls_pair.hpp"

namespace wd::bench {
namespace {

struct Suite {
  const char* name;
  const char* cipher;
};

constexpr Suite kSuites[] = {{"TLS_AES_128_GCM_SHA256", "AES-128-GCM"},
                             {"TLS_AES_256_GCM_SHA384", "AES-256-GCM"}};

}  // namespace

void add_tls_rows(Rows& rows) {
  for (const Transport transport : {Transport::kMemory, Transport::kTcp}) {
    for (const Suite& suite : kSuites) {
      for (const std::size_t bytes : {1024, 16384}) {
        rows.push_back({transport == Transport::kMemory ? "tls_memory" : "tls_tcp", suite.name,
                        bytes, 0, suite.cipher, [=](const Library& library) {
                          return tls_bulk(library, suite.name, bytes, transport);
                        }});
      }
    }
  }
}

}  // namespace wd::bench
