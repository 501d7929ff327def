#include "providers.hpp"

#include <openssl/err.h>
#include <openssl/provider.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace wd::test {

Library::Library(const char* provider) : library_(OSSL_LIB_CTX_new()) {
  if (std::strcmp(provider, "wd") == 0) {
    const char* module = std::getenv("WD_PROVIDER");
    if (module == nullptr) {
      std::fprintf(stderr, "WD_PROVIDER does not name the module\n");
      std::exit(2);
    }
    const auto folder = std::filesystem::absolute(module).parent_path();
    OSSL_PROVIDER_set_default_search_path(library_, folder.c_str());
  }
  if (OSSL_PROVIDER_load(library_, provider) == nullptr) {
    ERR_print_errors_fp(stderr);
    std::exit(2);
  }
}

Library::~Library() {
  OSSL_LIB_CTX_free(library_);
}

}  // namespace wd::test
