// The cipher suites of TLS 1.2 with SRP (RFC 5054), one side in a library context with only wd, the
// other in one with default. Within a process, since s_server of OpenSSL 3.0 does not find its
// users.
//
// Environment: WD_PROVIDER, the module; WD_CERTIFICATES, a folder with KIND.pem and KIND.key for
// rsa and dsa.

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "../differential/two_libraries.hpp"

// SRP is deprecated, and is there.
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace wd::test {
namespace {

constexpr const char* kUser = "alice";
constexpr const char* kPassword = "a password of some length";
constexpr int kMostRounds = 100;

struct FreedTls {
  void operator()(SSL_CTX* each) const { SSL_CTX_free(each); }
  void operator()(SSL* each) const { SSL_free(each); }
};
using Settings = std::unique_ptr<SSL_CTX, FreedTls>;
using Connection = std::unique_ptr<SSL, FreedTls>;

std::string errors() {
  std::string all;
  while (const unsigned long error = ERR_get_error()) {
    char text[256];
    ERR_error_string_n(error, text, sizeof(text));
    all += text;
    all += '\n';
  }
  return all;
}

int give_verifier(SSL* connection, int* alert, void*) {
  const char* user = SSL_get_srp_username(connection);
  if (user == nullptr || user != std::string(kUser) ||
      SSL_set_srp_server_param_pw(connection, kUser, kPassword, "2048") != 1) {
    *alert = SSL_AD_UNKNOWN_PSK_IDENTITY;
    return SSL3_AL_FATAL;
  }
  return SSL_ERROR_NONE;
}

char* give_password(SSL*, void* password) {
  return OPENSSL_strdup(static_cast<const char*>(password));
}

std::string kind_of(const std::string& suite) {
  if (suite.find("-RSA-") != std::string::npos) return "rsa";
  return suite.find("-DSS-") != std::string::npos ? "dsa" : "";
}

Settings settings(OSSL_LIB_CTX* library, const SSL_METHOD* method, const std::string& suite) {
  Settings made(SSL_CTX_new_ex(library, nullptr, method));
  if (made == nullptr || SSL_CTX_set_max_proto_version(made.get(), TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_cipher_list(made.get(), (suite + ":@SECLEVEL=0").c_str()) != 1)
    return nullptr;
  return made;
}

struct Pair {
  Settings server_settings;
  Settings client_settings;
  Connection server;
  Connection client;
};

Pair connect(OSSL_LIB_CTX* server_library, OSSL_LIB_CTX* client_library, const std::string& suite,
             const char* password) {
  Pair pair{settings(server_library, TLS_server_method(), suite),
            settings(client_library, TLS_client_method(), suite), nullptr, nullptr};
  if (!pair.server_settings || !pair.client_settings) return pair;
  SSL_CTX_set_srp_username_callback(pair.server_settings.get(), give_verifier);
  if (const std::string kind = kind_of(suite); !kind.empty()) {
    const std::string path = std::string(std::getenv("WD_CERTIFICATES")) + "/" + kind;
    EXPECT_EQ(1, SSL_CTX_use_certificate_file(pair.server_settings.get(), (path + ".pem").c_str(),
                                              SSL_FILETYPE_PEM));
    EXPECT_EQ(1, SSL_CTX_use_PrivateKey_file(pair.server_settings.get(), (path + ".key").c_str(),
                                             SSL_FILETYPE_PEM));
  }
  SSL_CTX_set_srp_username(pair.client_settings.get(), const_cast<char*>(kUser));
  SSL_CTX_set_srp_client_pwd_callback(pair.client_settings.get(), give_password);
  SSL_CTX_set_srp_cb_arg(pair.client_settings.get(), const_cast<char*>(password));

  pair.server.reset(SSL_new(pair.server_settings.get()));
  pair.client.reset(SSL_new(pair.client_settings.get()));
  BIO* server_end = nullptr;
  BIO* client_end = nullptr;
  EXPECT_EQ(1, BIO_new_bio_pair(&server_end, 0, &client_end, 0));
  SSL_set_bio(pair.server.get(), server_end, server_end);
  SSL_set_bio(pair.client.get(), client_end, client_end);
  SSL_set_accept_state(pair.server.get());
  SSL_set_connect_state(pair.client.get());
  return pair;
}

bool shake_hands(const Pair& pair) {
  for (int round = 0; round < kMostRounds; ++round) {
    const int client = SSL_do_handshake(pair.client.get());
    const int server = SSL_do_handshake(pair.server.get());
    if (client == 1 && server == 1) return true;
    for (const auto& [connection, code] :
         {std::pair{pair.client.get(), client}, std::pair{pair.server.get(), server}})
      if (code != 1 && SSL_get_error(connection, code) != SSL_ERROR_WANT_READ) return false;
  }
  return false;
}

void expect_passes(SSL* from, SSL* to, std::size_t bytes) {
  Bytes sent(bytes);
  std::iota(sent.begin(), sent.end(), std::uint8_t{1});
  Bytes got;
  std::size_t at = 0;
  SSL_set_mode(from, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  for (int round = 0; got.size() < bytes; ++round) {
    ASSERT_LT(round, kMostRounds + static_cast<int>(bytes)) << got.size() << " bytes came";
    std::size_t now = 0;
    if (at < bytes && SSL_write_ex(from, sent.data() + at, bytes - at, &now) == 1) at += now;
    Bytes part(20'000);
    if (SSL_read_ex(to, part.data(), part.size(), &now) == 1)
      got.insert(got.end(), part.begin(), part.begin() + static_cast<std::ptrdiff_t>(now));
  }
  EXPECT_EQ(sent, got);
}

std::vector<std::string> suites() {
  Settings all(SSL_CTX_new_ex(libraries().reference, nullptr, TLS_client_method()));
  EXPECT_EQ(1, SSL_CTX_set_cipher_list(all.get(), "SRP:@SECLEVEL=0"));
  std::vector<std::string> names;
  const STACK_OF(SSL_CIPHER)* listed = SSL_CTX_get_ciphers(all.get());
  for (int i = 0; i < sk_SSL_CIPHER_num(listed); ++i)
    if (const std::string name = SSL_CIPHER_get_name(sk_SSL_CIPHER_value(listed, i));
        name.starts_with("SRP-"))
      names.push_back(name);
  return names;
}

class Srp : public testing::TestWithParam<bool> {
 protected:
  static void SetUpTestSuite() {
    const std::filesystem::path module = std::getenv("WD_PROVIDER");
    ASSERT_TRUE(load_libraries(module.parent_path().c_str()));
  }
  static void TearDownTestSuite() { unload_libraries(); }

  [[nodiscard]] static OSSL_LIB_CTX* server_library() {
    return GetParam() ? libraries().subject : libraries().reference;
  }
  [[nodiscard]] static OSSL_LIB_CTX* client_library() {
    return GetParam() ? libraries().reference : libraries().subject;
  }
};

TEST_P(Srp, EverySuiteCarriesDataBothWays) {
  const std::vector<std::string> names = suites();
  ASSERT_GE(names.size(), 6U);
  for (const std::string& suite : names) {
    SCOPED_TRACE(suite);
    const Pair pair = connect(server_library(), client_library(), suite, kPassword);
    ASSERT_TRUE(pair.server && pair.client) << errors();
    ASSERT_TRUE(shake_hands(pair)) << errors();
    EXPECT_EQ(suite, SSL_get_cipher_name(pair.client.get()));
    for (const std::size_t bytes : {1U, 16'384U, 16'385U, 1'000'000U}) {
      expect_passes(pair.client.get(), pair.server.get(), bytes);
      expect_passes(pair.server.get(), pair.client.get(), bytes);
    }
  }
}

TEST_P(Srp, AnotherPasswordIsRefused) {
  const Pair pair =
      connect(server_library(), client_library(), "SRP-AES-128-CBC-SHA", "another password");
  ASSERT_TRUE(pair.server && pair.client) << errors();
  EXPECT_FALSE(shake_hands(pair));
  ERR_clear_error();
}

INSTANTIATE_TEST_SUITE_P(WithWdAs, Srp, testing::Bool(),
                         [](const auto& side) { return side.param ? "server" : "client"; });

}  // namespace
}  // namespace wd::test
