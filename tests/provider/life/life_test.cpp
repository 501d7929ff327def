// A provider as a guest: loaded and unloaded, several times, beside others, over a fork.
#include <openssl/core_names.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <iterator>

#include "loaded.hpp"

namespace wd::test {

namespace {

std::string expected() {
  const Library library({"default"});
  return works(library.context());
}

// Runs `check` in a child, which must return true.
template <class Check>
void expect_in_child(Check check) {
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) _exit(check() ? 0 : 1);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "status " << status;
}

}  // namespace

TEST(Provider, WorksAlone) {
  const Library library({"wd"});
  const std::string result = works(library.context());
  ASSERT_FALSE(result.empty());
  EXPECT_EQ(result, expected());
}

TEST(Provider, LeavesTheApplicationsContextAlone) {
  const Library library({"wd"});
  EXPECT_FALSE(works(library.context()).empty());
  EXPECT_EQ(library.active(), std::vector<std::string>{"wd"});
  // No properties that prefer wd were set: of two, the first one loaded serves.
  const Library other({"default", "wd"});
  EXPECT_EQ(provider_of_sha256(other.context()), "default");
  EXPECT_EQ(works(other.context()), expected());
  EXPECT_EQ(provider_of_sha256(other.context()), "default");
  EXPECT_EQ(other.active(), (std::vector<std::string>{"default", "wd"}));
}

TEST(Provider, StaysOutOfOtherContexts) {
  const Library first({"wd"});
  const Library second({"default"});
  EXPECT_FALSE(works(first.context()).empty());
  EXPECT_EQ(second.active(), std::vector<std::string>{"default"});
  EXPECT_EQ(provider_of_sha256(second.context(), "provider=wd"), "none");
  // Nor in the one that is there without being made.
  EXPECT_EQ(OSSL_PROVIDER_available(nullptr, "wd"), 0);
}

TEST(Provider, ServesBesideDefaultWhereItIsPreferred) {
  const Library library({"default", "wd"});
  EXPECT_EQ(provider_of_sha256(library.context(), "?provider=wd"), "wd");
  EXPECT_EQ(works(library.context(), "?provider=wd"), expected());
  EXPECT_EQ(works(library.context(), "provider=wd"), expected());
  ASSERT_EQ(EVP_set_default_properties(library.context(), "?provider=wd"), 1);
  EXPECT_EQ(provider_of_sha256(library.context()), "wd");
  EXPECT_EQ(works(library.context()), expected());
}

TEST(Provider, ServesSeveralContextsAtOnce) {
  const std::string wanted = expected();
  std::vector<std::unique_ptr<Library>> libraries;
  for (int i = 0; i < 5; ++i)
    libraries.push_back(std::make_unique<Library>(std::vector<std::string>{"wd"}));
  for (const auto& library : libraries) EXPECT_EQ(works(library->context()), wanted);
  // In an order that is neither theirs nor its reverse.
  for (const std::size_t i : {2, 0, 1}) {
    libraries.erase(libraries.begin() + static_cast<long>(i));
    for (const auto& library : libraries) EXPECT_EQ(works(library->context()), wanted);
  }
}

TEST(Provider, IsLoadedAgainAfterItWasUnloaded) {
  const std::string wanted = expected();
  Library library({"wd"});
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(works(library.context()), wanted);
    library.unload();
    library.load("wd");
  }
  for (int i = 0; i < 10; ++i) EXPECT_EQ(works(Library({"wd"}).context()), wanted);
}

TEST(Provider, IsLoadedTwiceIntoOneContext) {
  Library library({"wd", "wd"});
  EXPECT_EQ(works(library.context()), expected());
  OSSL_PROVIDER_unload(OSSL_PROVIDER_load(library.context(), "wd"));
  EXPECT_EQ(works(library.context()), expected());
}

TEST(Provider, ServesContextsThatOutliveItsUnloading) {
  auto library = std::make_unique<Library>(std::vector<std::string>{"wd"});
  for (const char* name : {"AES-128-GCM", "AES-256-CTR", "AES-128-CBC"}) {
    EVP_CIPHER* cipher = EVP_CIPHER_fetch(library->context(), name, nullptr);
    ASSERT_NE(cipher, nullptr);
    EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
    std::uint8_t data[64] = {};
    int length = 0;
    EXPECT_EQ(EVP_EncryptInit_ex2(context, cipher, data, data, nullptr), 1);
    EVP_CIPHER_free(cipher);
    library->unload();
    EXPECT_EQ(EVP_EncryptUpdate(context, data, &length, data, 33), 1) << name;
    EVP_CIPHER_CTX* copy = EVP_CIPHER_CTX_new();
    EXPECT_EQ(EVP_CIPHER_CTX_copy(copy, context), 1) << name;
    EVP_CIPHER_CTX_free(context);
    EXPECT_EQ(EVP_EncryptUpdate(copy, data, &length, data, 15), 1) << name;
    EVP_CIPHER_CTX_free(copy);
    library->load("wd");
  }
  EVP_MD* digest = EVP_MD_fetch(library->context(), "SHA512", nullptr);
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EXPECT_EQ(EVP_DigestInit_ex2(context, digest, nullptr), 1);
  EVP_MD_free(digest);
  library->unload();
  std::uint8_t out[EVP_MAX_MD_SIZE];
  EXPECT_EQ(EVP_DigestUpdate(context, "text", 4), 1);
  EXPECT_EQ(EVP_DigestFinal_ex(context, out, nullptr), 1);
  EVP_MD_CTX_free(context);
}

TEST(Provider, SaysWhatItIs) {
  const Library library({"wd"});
  const char* name = nullptr;
  const char* version = nullptr;
  const char* build = nullptr;
  int status = -1;
  OSSL_PARAM asked[] = {
      OSSL_PARAM_construct_utf8_ptr(OSSL_PROV_PARAM_NAME, const_cast<char**>(&name), 0),
      OSSL_PARAM_construct_utf8_ptr(OSSL_PROV_PARAM_VERSION, const_cast<char**>(&version), 0),
      OSSL_PARAM_construct_utf8_ptr(OSSL_PROV_PARAM_BUILDINFO, const_cast<char**>(&build), 0),
      OSSL_PARAM_construct_int(OSSL_PROV_PARAM_STATUS, &status), OSSL_PARAM_construct_end()};
  ASSERT_EQ(OSSL_PROVIDER_get_params(library.provider(), asked), 1);
  for (const char* text : {name, version, build}) {
    ASSERT_NE(text, nullptr);
    EXPECT_GT(std::strlen(text), 0u);
  }
  EXPECT_EQ(status, 1);
  const OSSL_PARAM* list = OSSL_PROVIDER_gettable_params(library.provider());
  for (const char* key : {OSSL_PROV_PARAM_NAME, OSSL_PROV_PARAM_VERSION, OSSL_PROV_PARAM_BUILDINFO,
                          OSSL_PROV_PARAM_STATUS})
    EXPECT_NE(OSSL_PARAM_locate_const(list, key), nullptr) << key;
  EXPECT_EQ(OSSL_PROVIDER_self_test(library.provider()), 1);
}

TEST(Provider, WorksInAChildThatWasForkedBeforeItWasLoaded) {
  const std::string wanted = expected();
  expect_in_child([&] { return works(Library({"wd"}).context()) == wanted; });
}

TEST(Provider, WorksInParentAndChildAfterAFork) {
  const std::string wanted = expected();
  Library library({"wd"});
  EXPECT_EQ(works(library.context()), wanted);
  for (int i = 0; i < 2; ++i) {
    expect_in_child([&] {
      if (works(library.context()) != wanted) return false;
      library.unload();
      library.load("wd");
      bool good = works(library.context()) == wanted;
      // A grandchild.
      const pid_t child = fork();
      if (child == 0) _exit(works(library.context()) == wanted ? 0 : 1);
      int status = 1;
      good = good && waitpid(child, &status, 0) == child && status == 0;
      return good;
    });
    EXPECT_EQ(works(library.context()), wanted);
  }
}

// Programs do so whose exit handlers run in an order of their own: strongSwan's tools, for one.
TEST(Provider, AlgorithmsCanBeFreedAfterLibcryptoHasCleanedUp) {
  for (const char* name : {"default", "wd"}) {
    SCOPED_TRACE(name);
    expect_in_child([&] {
      if (OSSL_PROVIDER_set_default_search_path(nullptr, module_folder().c_str()) != 1)
        return false;
      OSSL_PROVIDER* provider = OSSL_PROVIDER_load(nullptr, name);
      if (provider == nullptr) return false;
      const std::string query = std::string("provider=") + name;
      EVP_PKEY* key = EVP_PKEY_Q_keygen(nullptr, query.c_str(), "X25519");
      EVP_MD* digest = EVP_MD_fetch(nullptr, "SHA2-256", query.c_str());
      if (key == nullptr || digest == nullptr) return false;
      OSSL_PROVIDER_unload(provider);
      OPENSSL_cleanup();
      // The last of these frees the provider.
      EVP_PKEY_free(key);
      EVP_MD_free(digest);
      return true;
    });
  }
}

TEST(Provider, ContextsGoOnOverAFork) {
  const Library library({"wd"});
  for (const char* name : {"AES-128-GCM", "AES-256-CTR", "AES-128-CBC"}) {
    EVP_CIPHER* cipher = EVP_CIPHER_fetch(library.context(), name, nullptr);
    EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
    std::uint8_t data[100] = {};
    std::uint8_t wanted[128] = {};
    std::uint8_t got[128] = {};
    int length = 0;
    int more = 0;
    ASSERT_EQ(EVP_EncryptInit_ex2(context, cipher, data, data, nullptr), 1);
    ASSERT_EQ(EVP_EncryptUpdate(context, wanted, &length, data, 96), 1);
    ASSERT_EQ(EVP_EncryptInit_ex2(context, nullptr, nullptr, data, nullptr), 1);
    ASSERT_EQ(EVP_EncryptUpdate(context, got, &length, data, 48), 1);
    expect_in_child([&] {
      return EVP_EncryptUpdate(context, got + length, &more, data, 48) == 1 &&
             std::memcmp(got, wanted, 96) == 0;
    });
    EXPECT_EQ(EVP_EncryptUpdate(context, got + length, &more, data, 48), 1);
    EXPECT_EQ(std::memcmp(got, wanted, 96), 0) << name;
    EVP_CIPHER_CTX_free(context);
    EVP_CIPHER_free(cipher);
  }
}

TEST(Provider, ParentAndChildGetDifferentRandomNumbers) {
  const Library library({"wd"});
  std::uint8_t before[32];
  ASSERT_EQ(RAND_bytes_ex(library.context(), before, sizeof before, 0), 1);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  expect_in_child([&] {
    std::uint8_t random[32];
    return RAND_bytes_ex(library.context(), random, sizeof random, 0) == 1 &&
           write(ends[1], random, sizeof random) == sizeof random;
  });
  std::uint8_t theirs[32];
  std::uint8_t ours[32];
  ASSERT_EQ(read(ends[0], theirs, sizeof theirs), static_cast<ssize_t>(sizeof theirs));
  ASSERT_EQ(RAND_bytes_ex(library.context(), ours, sizeof ours, 0), 1);
  EXPECT_NE(std::memcmp(ours, theirs, sizeof ours), 0);
  close(ends[0]);
  close(ends[1]);
}

}  // namespace wd::test
