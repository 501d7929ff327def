// The rows that `wd` answers queries with: default's, under our provider's name, and in place of
// those that we accelerate, ours.
//
// Built once, when the provider is loaded, and not changed until it is unloaded: OpenSSL keeps
// pointers into them. A row of default's keeps its dispatch table, so that a call arrives in
// default's code without a step in between.
#ifndef WD_PROVIDER_ALGORITHM_TABLES_HPP_
#define WD_PROVIDER_ALGORITHM_TABLES_HPP_

#include <openssl/core.h>

#include <cstddef>
#include <span>

#include "default_provider.hpp"

namespace wd::provider {

// One accelerated algorithm: the functions that take the place of the same ones of default's row.
// Of default's stay those that need no context, and only those.
struct OwnRow {
  int operation;
  // Any of the names that default's row has for it.
  const char* name;
  std::span<const OSSL_DISPATCH> functions;
};

class AlgorithmTables {
 public:
  // Operations are numbered from 1 (OSSL_OP_DIGEST); 3.5 knows some up to 25.
  static constexpr int kOperations = 64;

  AlgorithmTables() noexcept = default;
  ~AlgorithmTables() noexcept;
  AlgorithmTables(const AlgorithmTables&) = delete;
  AlgorithmTables& operator=(const AlgorithmTables&) = delete;

  // `own` are the rows that are switched on. Without `passthrough` they are all there is.
  // `default_tables[i]` becomes default's dispatch table for own[i], null if it has none (then the
  // row is left out). False without memory.
  [[nodiscard]] bool build(const DefaultProvider& standard, std::span<const OwnRow> own,
                           bool passthrough, const OSSL_DISPATCH** default_tables) noexcept;

  // Null where there is none.
  [[nodiscard]] const OSSL_ALGORITHM* rows(int operation, int* no_store) const noexcept;

 private:
  struct Operation {
    OSSL_ALGORITHM* rows;
    int no_store;
  };
  // What the tables consist of: a list, so that it can be given back.
  struct Block {
    Block* next;
  };

  [[nodiscard]] void* allocate(std::size_t bytes) noexcept;
  [[nodiscard]] const char* renamed_properties(const char* properties) noexcept;
  [[nodiscard]] const OSSL_DISPATCH* merged(const OSSL_DISPATCH* standard,
                                            const OwnRow& own) noexcept;
  [[nodiscard]] const OSSL_DISPATCH* generator(const OSSL_DISPATCH* standard,
                                               std::size_t row) noexcept;
  [[nodiscard]] bool build_operation(int operation, const OSSL_ALGORITHM* standard,
                                     std::span<const OwnRow> own, bool passthrough,
                                     const OSSL_DISPATCH** default_tables) noexcept;

  Operation operations_[kOperations] = {};
  Block* blocks_ = nullptr;
};

}  // namespace wd::provider

#endif  // WD_PROVIDER_ALGORITHM_TABLES_HPP_
