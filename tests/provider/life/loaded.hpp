// Library contexts with providers in them, for tests of what a provider is in a process.
#ifndef WD_TESTS_PROVIDER_LOADED_HPP_
#define WD_TESTS_PROVIDER_LOADED_HPP_

#include <gtest/gtest.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/provider.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace wd::test {

// Where the module is: beside us in a build folder, or where the tests are told that it is.
inline std::filesystem::path module_folder() {
  if (const char* module = std::getenv("WD_PROVIDER"); module != nullptr)
    return std::filesystem::absolute(module).parent_path();
  return std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() /
         "lib/ossl-modules";
}

// A library context of our own with providers loaded into it, in order.
class Library {
 public:
  explicit Library(const std::vector<std::string>& names) : context_(OSSL_LIB_CTX_new()) {
    EXPECT_EQ(OSSL_PROVIDER_set_default_search_path(context_, module_folder().c_str()), 1);
    for (const std::string& name : names) load(name);
  }
  ~Library() {
    for (OSSL_PROVIDER* provider : providers_) OSSL_PROVIDER_unload(provider);
    OSSL_LIB_CTX_free(context_);
  }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  void load(const std::string& name) {
    // Debian's own modules are where libcrypto looks when nothing is said.
    OSSL_PROVIDER* provider = OSSL_PROVIDER_load(context_, name.c_str());
    if (provider == nullptr) ERR_print_errors_fp(stderr);
    ASSERT_NE(provider, nullptr) << name;
    providers_.push_back(provider);
  }
  void unload() {
    for (OSSL_PROVIDER* provider : providers_) EXPECT_EQ(OSSL_PROVIDER_unload(provider), 1);
    providers_.clear();
  }

  [[nodiscard]] OSSL_LIB_CTX* context() const { return context_; }
  [[nodiscard]] OSSL_PROVIDER* provider(std::size_t which = 0) const {
    return providers_.at(which);
  }
  [[nodiscard]] std::vector<std::string> active() const {
    std::vector<std::string> names;
    OSSL_PROVIDER_do_all(
        context_,
        [](OSSL_PROVIDER* provider, void* to) {
          static_cast<std::vector<std::string>*>(to)->emplace_back(
              OSSL_PROVIDER_get0_name(provider));
          return 1;
        },
        &names);
    return names;
  }

 private:
  OSSL_LIB_CTX* context_;
  std::vector<OSSL_PROVIDER*> providers_;
};

// What a program does with a provider, digests to signatures; empty where anything fails, else the
// bytes that came out, the same every time.
std::string works(OSSL_LIB_CTX* library, const char* properties = nullptr);
// Which provider an algorithm comes from.
std::string provider_of_sha256(OSSL_LIB_CTX* library, const char* properties = nullptr);

}  // namespace wd::test

#endif  // WD_TESTS_PROVIDER_LOADED_HPP_
