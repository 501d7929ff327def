#ifndef WD_BENCH_CRYPTO_ROW_HPP_
#define WD_BENCH_CRYPTO_ROW_HPP_

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "library.hpp"
#include "task.hpp"

namespace wd::bench {

// One line of the table: what is done, with which algorithm, how.
struct Row {
  std::string operation;
  std::string algorithm;
  std::optional<std::size_t> bytes;  // of one message, record or update
  unsigned jobs = 0;                 // ASYNC_JOBs; 0: called outside
  // What is fetched for it, and may be accelerated; empty where nothing can be.
  std::string implementation;
  std::function<TaskPtr(const Library&)> make;

  // Names the row in reports and in --rows: `async/AES-128-CBC/16384/jobs:32`.
  [[nodiscard]] std::string id() const {
    std::string id = operation + "/" + algorithm;
    if (bytes) id += "/" + std::to_string(*bytes);
    if (jobs != 0) id += "/jobs:" + std::to_string(jobs);
    return id;
  }
};

using Rows = std::vector<Row>;

// A quick run has fewer rows, but all that a required figure asks for by name.
constexpr bool is_quick_size(std::size_t bytes) {
  return bytes == 0 || bytes == 16 || bytes == 64 || bytes == 1024 || bytes == 16384;
}
constexpr bool is_quick_cipher(std::string_view name) {
  return name.find("192") == std::string_view::npos;
}

// Each file of rows adds its own.
void add_aead_rows(Rows& rows, bool quick);
void add_update_rows(Rows& rows, bool quick);
void add_digest_rows(Rows& rows, bool quick);
void add_hmac_rows(Rows& rows, bool quick);
void add_async_rows(Rows& rows, bool quick);
void add_tls_rows(Rows& rows);
void add_other_rows(Rows& rows);
void add_public_key_rows(Rows& rows);
void add_context_rows(Rows& rows);

Rows all_rows(bool quick);

}  // namespace wd::bench

#endif  // WD_BENCH_CRYPTO_ROW_HPP_
