#include "algorithm_tables.hpp"

#include <openssl/core_dispatch.h>
#include <openssl/crypto.h>

#include <cstring>
#include <string_view>

#include "dispatch.hpp"
#include "names.hpp"
#include "rand_rows.hpp"

namespace wd::provider {

namespace {

constexpr std::string_view kDefaultProperty = "provider=default";
constexpr std::string_view kOurProperty = "provider=wd";
// What tells an accelerated row from one passed through. Names without a dot are OpenSSL's own: it
// refuses a row with one it does not know (property(7)).
constexpr const char* kOwnProperties = "provider=wd,wd.accel=yes";

std::size_t rows_in_table(const OSSL_ALGORITHM* table) noexcept {
  std::size_t rows = 0;
  while (table[rows].algorithm_names != nullptr) ++rows;
  return rows;
}

// Which of `own` takes the place of a row with these names; own.size() if none does.
std::size_t replacement(std::span<const OwnRow> own, int operation, const char* names) noexcept {
  for (std::size_t i = 0; i < own.size(); ++i)
    if (own[i].operation == operation && has_name(names, own[i].name)) return i;
  return own.size();
}

// Functions that tell of an algorithm and touch no context: lists of parameters, sizes, flags.
// Those of default are right for the libcrypto at hand, whoever computes. Any other function of
// default's, also one that a later libcrypto brings, would be called with a context of ours.
bool needs_no_context(int operation, int function) noexcept {
  constexpr int kDigest[] = {OSSL_FUNC_DIGEST_DIGEST, OSSL_FUNC_DIGEST_GET_PARAMS,
                             OSSL_FUNC_DIGEST_GETTABLE_PARAMS, OSSL_FUNC_DIGEST_SETTABLE_CTX_PARAMS,
                             OSSL_FUNC_DIGEST_GETTABLE_CTX_PARAMS};
  constexpr int kCipher[] = {OSSL_FUNC_CIPHER_GET_PARAMS, OSSL_FUNC_CIPHER_GETTABLE_PARAMS,
                             OSSL_FUNC_CIPHER_GETTABLE_CTX_PARAMS,
                             OSSL_FUNC_CIPHER_SETTABLE_CTX_PARAMS};
  constexpr int kMac[] = {OSSL_FUNC_MAC_GET_PARAMS, OSSL_FUNC_MAC_GETTABLE_PARAMS,
                          OSSL_FUNC_MAC_GETTABLE_CTX_PARAMS, OSSL_FUNC_MAC_SETTABLE_CTX_PARAMS};
  const auto has = [function](std::span<const int> list) {
    for (const int known : list)
      if (known == function) return true;
    return false;
  };
  switch (operation) {
    case OSSL_OP_DIGEST:
      return has(kDigest);
    case OSSL_OP_CIPHER:
      return has(kCipher);
    default:
      return has(kMac);
  }
}

}  // namespace

AlgorithmTables::~AlgorithmTables() noexcept {
  while (blocks_ != nullptr) {
    Block* next = blocks_->next;
    OPENSSL_free(blocks_);
    blocks_ = next;
  }
}

void* AlgorithmTables::allocate(std::size_t bytes) noexcept {
  auto* block = static_cast<Block*>(OPENSSL_zalloc(sizeof(Block) + bytes));
  if (block == nullptr) return nullptr;
  block->next = blocks_;
  blocks_ = block;
  return block + 1;
}

// Encoders and decoders carry more than the provider's name (output=der,structure=...): all of that
// stays.
const char* AlgorithmTables::renamed_properties(const char* properties) noexcept {
  const std::string_view all(properties != nullptr ? properties : "");
  const std::size_t at = all.find(kDefaultProperty);
  if (at == std::string_view::npos) return properties;
  auto* text = static_cast<char*>(allocate(all.size() + 1));
  if (text == nullptr) return nullptr;
  const char* behind = all.data() + at + kDefaultProperty.size();
  std::memcpy(text, all.data(), at);
  std::memcpy(text + at, kOurProperty.data(), kOurProperty.size());
  std::memcpy(text + at + kOurProperty.size(), behind,
              static_cast<std::size_t>(all.data() + all.size() - behind));
  return text;
}

// Ours, but none that default has not, and of default's those that fit.
const OSSL_DISPATCH* AlgorithmTables::merged(const OSSL_DISPATCH* standard,
                                             const OwnRow& own) noexcept {
  auto* table = static_cast<OSSL_DISPATCH*>(
      allocate((rows_in(standard) + own.functions.size() + 1) * sizeof(OSSL_DISPATCH)));
  if (table == nullptr) return nullptr;
  std::size_t rows = 0;
  for (const OSSL_DISPATCH& ours : own.functions)
    if (find_function(standard, ours.function_id) != nullptr) table[rows++] = ours;
  for (const OSSL_DISPATCH* theirs = standard; theirs->function_id != 0; ++theirs)
    if (needs_no_context(own.operation, theirs->function_id)) table[rows++] = *theirs;
  return table;
}

// A generator's table in which two functions are ours.
const OSSL_DISPATCH* AlgorithmTables::generator(const OSSL_DISPATCH* standard,
                                                std::size_t row) noexcept {
  const std::size_t rows = rows_in(standard);
  auto* table = static_cast<OSSL_DISPATCH*>(allocate((rows + 1) * sizeof(OSSL_DISPATCH)));
  if (table == nullptr) return nullptr;
  std::memcpy(table, standard, rows * sizeof(OSSL_DISPATCH));
  return name_default_in(table, row) ? table : standard;
}

bool AlgorithmTables::build_operation(int operation, const OSSL_ALGORITHM* standard,
                                      std::span<const OwnRow> own, bool passthrough,
                                      const OSSL_DISPATCH** default_tables) noexcept {
  auto* rows = static_cast<OSSL_ALGORITHM*>(
      allocate((rows_in_table(standard) + 1) * sizeof(OSSL_ALGORITHM)));
  if (rows == nullptr) return false;
  operations_[operation].rows = rows;
  for (std::size_t number = 0; standard->algorithm_names != nullptr; ++standard, ++number) {
    const std::size_t ours = replacement(own, operation, standard->algorithm_names);
    if (ours == own.size() && !passthrough) continue;
    *rows = *standard;
    if (ours == own.size()) {
      rows->property_definition = renamed_properties(standard->property_definition);
      if (operation == OSSL_OP_RAND && rand_rows_need_names())
        rows->implementation = generator(standard->implementation, number);
    } else {
      default_tables[ours] = standard->implementation;
      rows->property_definition = kOwnProperties;
      rows->implementation = merged(standard->implementation, own[ours]);
    }
    if (rows->property_definition == nullptr || rows->implementation == nullptr) return false;
    ++rows;
  }
  return true;
}

bool AlgorithmTables::build(const DefaultProvider& standard, std::span<const OwnRow> own,
                            bool passthrough, const OSSL_DISPATCH** default_tables) noexcept {
  for (int operation = 1; operation < kOperations; ++operation) {
    int no_store = 0;
    const OSSL_ALGORITHM* rows = standard.rows(operation, &no_store);
    if (rows == nullptr) continue;
    operations_[operation].no_store = no_store;
    if (!build_operation(operation, rows, own, passthrough, default_tables)) return false;
  }
  return true;
}

const OSSL_ALGORITHM* AlgorithmTables::rows(int operation, int* no_store) const noexcept {
  if (operation < 1 || operation >= kOperations) return nullptr;
  *no_store = operations_[operation].no_store;
  return operations_[operation].rows;
}

}  // namespace wd::provider
