// Every parameter that default's algorithms give and take, wd's give and take, too.
#include <openssl/core_names.h>
#include <openssl/decoder.h>
#include <openssl/encoder.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <cstring>
#include <set>
#include <utility>

#include "loaded.hpp"

namespace wd::test {

namespace {

using Names = std::set<std::pair<std::string, unsigned>>;

Names names_of(const OSSL_PARAM* list) {
  Names names;
  for (; list != nullptr && list->key != nullptr; ++list) names.emplace(list->key, list->data_type);
  return names;
}

template <class Type>
struct List {
  const char* name;
  const OSSL_PARAM* (*get)(const Type*);
};

// Names of all algorithms of a type that a library context has.
template <class Type>
std::vector<std::string> all(OSSL_LIB_CTX* library,
                             void (*do_all)(OSSL_LIB_CTX*, void (*)(Type*, void*), void*),
                             const char* (*name_of)(const Type*)) {
  struct Found {
    std::vector<std::string> names;
    const char* (*name_of)(const Type*);
  } found{{}, name_of};
  do_all(
      library,
      [](Type* each, void* to) {
        auto* names = static_cast<Found*>(to);
        names->names.emplace_back(names->name_of(each));
      },
      &found);
  return found.names;
}

class Parameters : public testing::Test {
 protected:
  template <class Type>
  void expect_same_lists(const std::vector<std::string>& names, std::size_t fewest,
                         Type* (*fetch)(OSSL_LIB_CTX*, const char*, const char*),
                         void (*release)(Type*), const std::vector<List<Type>>& lists) {
    EXPECT_GE(names.size(), fewest);
    for (const std::string& name : names) {
      Type* theirs = fetch(default_.context(), name.c_str(), nullptr);
      Type* ours = fetch(wd_.context(), name.c_str(), nullptr);
      EXPECT_NE(ours, nullptr) << name;
      for (const List<Type>& list : lists)
        if (theirs != nullptr && ours != nullptr) {
          EXPECT_EQ(names_of(list.get(ours)), names_of(list.get(theirs)))
              << name << ", " << list.name;
        }
      release(theirs);
      release(ours);
    }
  }

  Library wd_{{"wd"}};
  Library default_{{"default"}};
};

// The value of a number that an algorithm has for good.
template <class Type>
std::vector<long> values(const Type* algorithm, const OSSL_PARAM* list,
                         int (*get)(Type*, OSSL_PARAM*)) {
  std::vector<long> found;
  for (; list != nullptr && list->key != nullptr; ++list) {
    if (list->data_type != OSSL_PARAM_INTEGER && list->data_type != OSSL_PARAM_UNSIGNED_INTEGER)
      continue;
    long value = -1;
    OSSL_PARAM asked[] = {OSSL_PARAM_construct_long(list->key, &value), OSSL_PARAM_construct_end()};
    asked[0].data_type = list->data_type;
    found.push_back(get(const_cast<Type*>(algorithm), asked));
    found.push_back(value);
  }
  return found;
}

}  // namespace

TEST_F(Parameters, OfDigests) {
  const auto names = all<EVP_MD>(default_.context(), EVP_MD_do_all_provided, EVP_MD_get0_name);
  expect_same_lists<EVP_MD>(names, 15, EVP_MD_fetch, EVP_MD_free,
                            {{"gettable", EVP_MD_gettable_params},
                             {"gettable of a context", EVP_MD_gettable_ctx_params},
                             {"settable of a context", EVP_MD_settable_ctx_params}});
  for (const std::string& name : names) {
    EVP_MD* theirs = EVP_MD_fetch(default_.context(), name.c_str(), nullptr);
    EVP_MD* ours = EVP_MD_fetch(wd_.context(), name.c_str(), nullptr);
    if (ours != nullptr) {
      const auto get = [](EVP_MD* digest, OSSL_PARAM* asked) {
        return EVP_MD_get_params(digest, asked);
      };
      EXPECT_EQ(values<EVP_MD>(ours, EVP_MD_gettable_params(ours), get),
                values<EVP_MD>(theirs, EVP_MD_gettable_params(theirs), get))
          << name;
      EXPECT_EQ(EVP_MD_get_flags(ours), EVP_MD_get_flags(theirs)) << name;
    }
    EVP_MD_free(theirs);
    EVP_MD_free(ours);
  }
}

TEST_F(Parameters, OfCiphers) {
  const auto names =
      all<EVP_CIPHER>(default_.context(), EVP_CIPHER_do_all_provided, EVP_CIPHER_get0_name);
  expect_same_lists<EVP_CIPHER>(names, 100, EVP_CIPHER_fetch, EVP_CIPHER_free,
                                {{"gettable", EVP_CIPHER_gettable_params},
                                 {"gettable of a context", EVP_CIPHER_gettable_ctx_params},
                                 {"settable of a context", EVP_CIPHER_settable_ctx_params}});
  for (const std::string& name : names) {
    EVP_CIPHER* theirs = EVP_CIPHER_fetch(default_.context(), name.c_str(), nullptr);
    EVP_CIPHER* ours = EVP_CIPHER_fetch(wd_.context(), name.c_str(), nullptr);
    if (ours != nullptr) {
      const auto get = [](EVP_CIPHER* cipher, OSSL_PARAM* asked) {
        return EVP_CIPHER_get_params(cipher, asked);
      };
      EXPECT_EQ(values<EVP_CIPHER>(ours, EVP_CIPHER_gettable_params(ours), get),
                values<EVP_CIPHER>(theirs, EVP_CIPHER_gettable_params(theirs), get))
          << name;
      EXPECT_EQ(EVP_CIPHER_get_flags(ours), EVP_CIPHER_get_flags(theirs)) << name;
      EXPECT_EQ(EVP_CIPHER_get_nid(ours), EVP_CIPHER_get_nid(theirs)) << name;
    }
    EVP_CIPHER_free(theirs);
    EVP_CIPHER_free(ours);
  }
}

TEST_F(Parameters, OfMacs) {
  expect_same_lists<EVP_MAC>(
      all<EVP_MAC>(default_.context(), EVP_MAC_do_all_provided, EVP_MAC_get0_name), 8,
      EVP_MAC_fetch, EVP_MAC_free,
      {{"gettable", EVP_MAC_gettable_params},
       {"gettable of a context", EVP_MAC_gettable_ctx_params},
       {"settable of a context", EVP_MAC_settable_ctx_params}});
}

TEST_F(Parameters, OfKeyDerivations) {
  expect_same_lists<EVP_KDF>(
      all<EVP_KDF>(default_.context(), EVP_KDF_do_all_provided, EVP_KDF_get0_name), 10,
      EVP_KDF_fetch, EVP_KDF_free,
      {{"gettable", EVP_KDF_gettable_params},
       {"gettable of a context", EVP_KDF_gettable_ctx_params},
       {"settable of a context", EVP_KDF_settable_ctx_params}});
}

TEST_F(Parameters, OfRandomGenerators) {
  expect_same_lists<EVP_RAND>(
      all<EVP_RAND>(default_.context(), EVP_RAND_do_all_provided, EVP_RAND_get0_name), 4,
      EVP_RAND_fetch, EVP_RAND_free,
      {{"gettable", EVP_RAND_gettable_params},
       {"gettable of a context", EVP_RAND_gettable_ctx_params},
       {"settable of a context", EVP_RAND_settable_ctx_params}});
}

TEST_F(Parameters, OfKeys) {
  expect_same_lists<EVP_KEYMGMT>(
      all<EVP_KEYMGMT>(default_.context(), EVP_KEYMGMT_do_all_provided, EVP_KEYMGMT_get0_name), 10,
      EVP_KEYMGMT_fetch, EVP_KEYMGMT_free,
      {{"gettable", EVP_KEYMGMT_gettable_params},
       {"settable", EVP_KEYMGMT_settable_params},
       {"settable for a new one", EVP_KEYMGMT_gen_settable_params}});
}

TEST_F(Parameters, OfExchanges) {
  expect_same_lists<EVP_KEYEXCH>(
      all<EVP_KEYEXCH>(default_.context(), EVP_KEYEXCH_do_all_provided, EVP_KEYEXCH_get0_name), 5,
      EVP_KEYEXCH_fetch, EVP_KEYEXCH_free,
      {{"gettable of a context", EVP_KEYEXCH_gettable_ctx_params},
       {"settable of a context", EVP_KEYEXCH_settable_ctx_params}});
}

TEST_F(Parameters, OfSignatures) {
  expect_same_lists<EVP_SIGNATURE>(
      all<EVP_SIGNATURE>(default_.context(), EVP_SIGNATURE_do_all_provided,
                         EVP_SIGNATURE_get0_name),
      8, EVP_SIGNATURE_fetch, EVP_SIGNATURE_free,
      {{"gettable of a context", EVP_SIGNATURE_gettable_ctx_params},
       {"settable of a context", EVP_SIGNATURE_settable_ctx_params}});
}

TEST_F(Parameters, OfAsymmetricCiphers) {
  expect_same_lists<EVP_ASYM_CIPHER>(
      all<EVP_ASYM_CIPHER>(default_.context(), EVP_ASYM_CIPHER_do_all_provided,
                           EVP_ASYM_CIPHER_get0_name),
      2, EVP_ASYM_CIPHER_fetch, EVP_ASYM_CIPHER_free,
      {{"gettable of a context", EVP_ASYM_CIPHER_gettable_ctx_params},
       {"settable of a context", EVP_ASYM_CIPHER_settable_ctx_params}});
}

TEST_F(Parameters, OfKeyEncapsulations) {
  expect_same_lists<EVP_KEM>(
      all<EVP_KEM>(default_.context(), EVP_KEM_do_all_provided, EVP_KEM_get0_name), 1,
      EVP_KEM_fetch, EVP_KEM_free,
      {{"gettable of a context", EVP_KEM_gettable_ctx_params},
       {"settable of a context", EVP_KEM_settable_ctx_params}});
}

}  // namespace wd::test
