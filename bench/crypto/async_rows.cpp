#include "async_loop.hpp"
#include "row.hpp"
#include "tasks.hpp"

namespace wd::bench {
namespace {

using Make = TaskPtr (*)(const Library&, const std::string&, std::size_t);

struct Kind {
  const char* algorithm;
  const char* implementation;
  const char* name;  // that `make` is given
  Make make;
};

TaskPtr encryption(const Library& library, const std::string& cipher, std::size_t bytes) {
  return update_task(library, cipher, bytes, Direction::kEncrypt);
}

constexpr Kind kKinds[] = {
    {"AES-128-CBC", "AES-128-CBC", "AES-128-CBC", encryption},
    {"AES-256-CBC", "AES-256-CBC", "AES-256-CBC", encryption},
    {"SHA1", "SHA1", "SHA1", digest_task},
    {"SHA2-256", "SHA2-256", "SHA2-256", digest_task},
    {"SHA2-512", "SHA2-512", "SHA2-512", digest_task},
    {"HMAC-SHA1", "HMAC", "SHA1", hmac_task},
    {"HMAC-SHA2-256", "HMAC", "SHA2-256", hmac_task},
    {"HMAC-SHA2-512", "HMAC", "SHA2-512", hmac_task},
};

TaskPtr make(const Kind& kind, const Library& library, std::size_t bytes, unsigned jobs) {
  std::vector<TaskPtr> tasks;
  for (unsigned i = 0; i < jobs; ++i) tasks.push_back(kind.make(library, kind.name, bytes));
  return in_jobs(std::move(tasks));
}

}  // namespace

void add_async_rows(Rows& rows, bool quick) {
  for (const Kind& kind : kKinds) {
    for (const std::size_t bytes : {256, 512, 1024, 2048, 4096, 16384}) {
      if (quick && !is_quick_size(bytes)) continue;
      for (const unsigned jobs : {1, 2, 4, 8, 16, 32}) {
        if (quick && jobs != 1 && jobs != 4 && jobs != 32) continue;
        rows.push_back({"async", kind.algorithm, bytes, jobs, kind.implementation,
                        [&kind, bytes, jobs](const Library& library) {
                          return make(kind, library, bytes, jobs);
                        }});
      }
    }
  }
}

}  // namespace wd::bench
