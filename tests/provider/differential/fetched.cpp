#include "fetched.hpp"

#include <cstdio>
#include <cstdlib>
#include <map>

#include "sequences.hpp"

namespace wd::test {

namespace {

template <class Type>
using Table = std::map<std::string, Both<Owned<Type>>>;

Table<EVP_CIPHER> ciphers;
Table<EVP_MD> digests;
Table<EVP_MAC> macs;

template <class Type, class Fetch>
const Both<Owned<Type>>& find(Table<Type>& table, const std::string& name, Fetch fetch) {
  auto [row, is_new] = table.try_emplace(name);
  if (is_new) {
    const Both<OSSL_LIB_CTX*>& contexts = libraries();
    row->second.reference.reset(fetch(contexts.reference, name.c_str(), nullptr));
    row->second.subject.reset(fetch(contexts.subject, name.c_str(), nullptr));
    if (row->second.reference == nullptr || row->second.subject == nullptr) {
      std::fprintf(stderr, "%s is not to be had from %s\n", name.c_str(),
                   row->second.reference == nullptr ? "default" : "wd");
      std::exit(EXIT_FAILURE);
    }
  }
  return row->second;
}

}  // namespace

const Both<Owned<EVP_CIPHER>>& fetched_cipher(const std::string& name) {
  return find(ciphers, name, EVP_CIPHER_fetch);
}
const Both<Owned<EVP_MD>>& fetched_digest(const std::string& name) {
  return find(digests, name, EVP_MD_fetch);
}
const Both<Owned<EVP_MAC>>& fetched_mac(const std::string& name) {
  return find(macs, name, EVP_MAC_fetch);
}

void forget_algorithms() {
  ciphers.clear();
  digests.clear();
  macs.clear();
}

}  // namespace wd::test
