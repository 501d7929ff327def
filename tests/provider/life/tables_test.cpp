// What wd answers queries with, beside what default answers.
#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/params.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "loaded.hpp"

namespace wd::test {

namespace {

struct Operation {
  const char* name;
  int number;
  std::size_t fewest;  // rows that default has of it, or more
  std::set<int>
      with_provctx;  // functions that take the provider's context: a step may stand before them
};

const Operation kOperations[] = {
    {"digest", OSSL_OP_DIGEST, 15, {1, 5, 11, 12, 13}},
    {"cipher", OSSL_OP_CIPHER, 100, {1, 12, 13, 14}},
    {"mac", OSSL_OP_MAC, 8, {1, 10, 11, 12}},
    {"kdf", OSSL_OP_KDF, 10, {1, 6, 7, 8}},
    {"rand", OSSL_OP_RAND, 4, {1, 11, 12, 13}},
    {"keymgmt", OSSL_OP_KEYMGMT, 10, {1, 2, 5}},
    {"keyexch", OSSL_OP_KEYEXCH, 5, {1, 8, 10}},
    {"signature", OSSL_OP_SIGNATURE, 8, {1, 19, 21}},
    {"asym_cipher", OSSL_OP_ASYM_CIPHER, 2, {1, 9, 11}},
    {"kem", OSSL_OP_KEM, 1, {1, 9, 11}},
    {"encoder", OSSL_OP_ENCODER, 50, {1, 4, 6, 10}},
    {"decoder", OSSL_OP_DECODER, 30, {1, 4, 6, 10}},
    {"store", OSSL_OP_STORE, 1, {1, 2, 3}},
};

using Functions = std::map<int, void (*)()>;

struct Row {
  Functions functions;
  bool ours = false;
};

// Rows by names and by properties without the provider's name.
std::map<std::string, Row> rows_of(OSSL_PROVIDER* provider, int operation) {
  std::map<std::string, Row> rows;
  int no_cache = 0;
  const OSSL_ALGORITHM* each = OSSL_PROVIDER_query_operation(provider, operation, &no_cache);
  const OSSL_ALGORITHM* first = each;
  for (; each != nullptr && each->algorithm_names != nullptr; ++each) {
    const std::string properties = each->property_definition;
    std::string key = std::string(each->algorithm_names) + " |";
    Row row;
    for (std::size_t at = 0; at < properties.size();) {
      const std::size_t end = std::min(properties.find(',', at), properties.size());
      const std::string property = properties.substr(at, end - at);
      if (property.starts_with("wd.accel")) {
        row.ours = true;
      } else if (!property.starts_with("provider=")) {
        key += " " + property;
      } else {
        EXPECT_EQ(property, std::string("provider=") + OSSL_PROVIDER_get0_name(provider)) << key;
      }
      at = end + 1;
    }
    for (const OSSL_DISPATCH* function = each->implementation; function->function_id != 0;
         ++function)
      row.functions[function->function_id] = function->function;
    // Of two rows for the same, the first one serves.
    rows.try_emplace(key, std::move(row));
  }
  OSSL_PROVIDER_unquery_operation(provider, operation, first);
  return rows;
}

class Tables : public testing::Test {
 protected:
  Library wd_{{"wd"}};
  Library default_{{"default"}};
};

}  // namespace

TEST_F(Tables, HaveEveryRowOfDefault) {
  for (const Operation& operation : kOperations) {
    const auto theirs = rows_of(default_.provider(), operation.number);
    const auto ours = rows_of(wd_.provider(), operation.number);
    EXPECT_GE(theirs.size(), operation.fewest) << operation.name;
    for (const auto& [key, row] : theirs)
      EXPECT_TRUE(ours.contains(key)) << operation.name << ": " << key;
    for (const auto& [key, row] : ours)
      EXPECT_TRUE(theirs.contains(key)) << operation.name << ": " << key;
  }
}

// Whatever wd does by itself, dupctx and all else that default can do, it can do.
TEST_F(Tables, HaveEveryFunctionOfDefault) {
  for (const Operation& operation : kOperations) {
    const auto ours = rows_of(wd_.provider(), operation.number);
    for (const auto& [key, theirs] : rows_of(default_.provider(), operation.number)) {
      const auto found = ours.find(key);
      if (found == ours.end()) continue;  // said by the test above
      for (const auto& [number, function] : theirs.functions)
        EXPECT_TRUE(found->second.functions.contains(number))
            << operation.name << ": " << key << ", function " << number;
    }
  }
}

TEST_F(Tables, PassedThroughFunctionsAreDefaultsOwn) {
  std::size_t rows = 0;
  std::size_t own_rows = 0;
  for (const Operation& operation : kOperations) {
    const auto theirs = rows_of(default_.provider(), operation.number);
    for (const auto& [key, row] : rows_of(wd_.provider(), operation.number)) {
      own_rows += row.ours ? 1 : 0;
      if (row.ours || !theirs.contains(key)) continue;
      ++rows;
      const Functions& functions = theirs.at(key).functions;
      EXPECT_EQ(row.functions.size(), functions.size()) << operation.name << ": " << key;
      for (const auto& [number, function] : row.functions)
        if (!operation.with_provctx.contains(number) && functions.contains(number)) {
          EXPECT_EQ(function, functions.at(number))
              << operation.name << ": " << key << ", function " << number;
        }
    }
  }
  EXPECT_GE(rows, 300u);
  RecordProperty("passed_through", static_cast<int>(rows));
  std::printf("%zu rows passed through, %zu of our own\n", rows, own_rows);
}

// A group that is not offered is one that libssl does not have.
TEST_F(Tables, CapabilitiesAreDefaults) {
  using Groups = std::multiset<std::string>;
  const auto groups_of = [](OSSL_PROVIDER* provider, const char* capability) {
    Groups groups;
    OSSL_PROVIDER_get_capabilities(
        provider, capability,
        [](const OSSL_PARAM* params, void* to) {
          std::string text;
          for (; params->key != nullptr; ++params) {
            text += std::string(params->key) + "=";
            if (params->data_type == OSSL_PARAM_UTF8_STRING) {
              text += static_cast<const char*>(params->data);
            } else {
              long value = 0;
              EXPECT_EQ(OSSL_PARAM_get_long(params, &value), 1) << params->key;
              text += std::to_string(value);
            }
            text += " ";
          }
          static_cast<Groups*>(to)->insert(text);
          return 1;
        },
        &groups);
    return groups;
  };
  for (const char* capability : {"TLS-GROUP", "TLS-SIGALG"})
    EXPECT_EQ(groups_of(wd_.provider(), capability), groups_of(default_.provider(), capability))
        << capability;
  EXPECT_GE(groups_of(wd_.provider(), "TLS-GROUP").size(), 40u);
}

}  // namespace wd::test
