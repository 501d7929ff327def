// OpenSSL's dispatch tables: what stands in one.
#ifndef WD_PROVIDER_DISPATCH_HPP_
#define WD_PROVIDER_DISPATCH_HPP_

#include <openssl/core.h>

#include <cstddef>

namespace wd::provider {

using AnyFunction = void (*)();

// Null if the table has none. `table` ends with a row of zeros (core.h).
[[nodiscard]] inline AnyFunction find_function(const OSSL_DISPATCH* table, int id) noexcept {
  for (; table->function_id != 0; ++table)
    if (table->function_id == id) return table->function;
  return nullptr;
}

// `Function` is one of core_dispatch.h's OSSL_FUNC_..._fn, and must be the one that belongs to
// `id`.
template <class Function>
void find_function(const OSSL_DISPATCH* table, int id, Function** found) noexcept {
  *found = reinterpret_cast<Function*>(find_function(table, id));
}

[[nodiscard]] inline std::size_t rows_in(const OSSL_DISPATCH* table) noexcept {
  std::size_t rows = 0;
  while (table[rows].function_id != 0) ++rows;
  return rows;
}

}  // namespace wd::provider

#endif  // WD_PROVIDER_DISPATCH_HPP_
