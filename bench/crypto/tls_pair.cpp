#include "tls_pair.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/ec.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>

#include "fail.hpp"

namespace wd::bench {
namespace {

// Signed by itself: nobody asks who the server is.
Certificate certificate_of(const Library& library, EVP_PKEY* key) {
  Certificate certificate(X509_new_ex(library.context(), nullptr));
  constexpr long kDay = 24 * 60 * 60;
  const auto name = reinterpret_cast<const unsigned char*>("bench");
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  const Digest digest = library.digest("SHA2-256");
  expect(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, name, -1, -1, 0) == 1 &&
             X509_set_issuer_name(certificate.get(), subject) == 1 &&
             X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -kDay) != nullptr &&
             X509_gmtime_adj(X509_getm_notAfter(certificate.get()), kDay) != nullptr &&
             X509_set_pubkey(certificate.get(), key) == 1 &&
             X509_sign(certificate.get(), key, digest.get()) > 0,
         "cannot make a certificate");
  return certificate;
}

TlsContext context_of(const Library& library, const SSL_METHOD* method, const std::string& suite) {
  TlsContext context(SSL_CTX_new_ex(library.context(), nullptr, method));
  expect(context != nullptr && SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION) == 1 &&
             SSL_CTX_set_ciphersuites(context.get(), suite.c_str()) == 1,
         "cannot set TLS up");
  return context;
}

TlsContext server_context(const Library& library, const std::string& suite) {
  TlsContext context = context_of(library, TLS_server_method(), suite);
  const Key key(EVP_PKEY_Q_keygen(library.context(), nullptr, "EC", "P-256"));
  expect(key != nullptr, "cannot make a key");
  const Certificate certificate = certificate_of(library, key.get());
  expect(SSL_CTX_use_certificate(context.get(), certificate.get()) == 1 &&
             SSL_CTX_use_PrivateKey(context.get(), key.get()) == 1 &&
             SSL_CTX_set_num_tickets(context.get(), 0) == 1,
         "cannot set the server up");
  return context;
}

// What one writes the other reads.
void connect_by_memory(SSL* server, SSL* client) {
  BIO* to_client = BIO_new(BIO_s_mem());
  BIO* to_server = BIO_new(BIO_s_mem());
  expect(to_client != nullptr && to_server != nullptr, "no memory");
  // Empty means: later.
  BIO_set_mem_eof_return(to_client, -1);
  BIO_set_mem_eof_return(to_server, -1);
  BIO_up_ref(to_client);
  BIO_up_ref(to_server);
  SSL_set_bio(server, to_server, to_client);
  SSL_set_bio(client, to_client, to_server);
}

// Unlike SSL_set_fd(), so that the descriptor is closed in the end.
void use_socket(SSL* tls, int fd) {
  BIO* socket_bio = BIO_new_socket(fd, BIO_CLOSE);
  expect(socket_bio != nullptr, "no memory");
  SSL_set_bio(tls, socket_bio, socket_bio);
}

void connect_by_tcp(SSL* server, SSL* client) {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  auto* const where = reinterpret_cast<sockaddr*>(&address);
  require(bind(listener, where, length) == 0 && listen(listener, 1) == 0 &&
              getsockname(listener, where, &length) == 0,
          "cannot listen on the loopback interface");
  const int from = socket(AF_INET, SOCK_STREAM, 0);
  require(connect(from, where, length) == 0, "cannot connect over the loopback interface");
  const int to = accept(listener, nullptr, nullptr);
  require(to >= 0, "cannot accept over the loopback interface");
  close(listener);
  for (const int fd : {from, to}) {
    const int on = 1;
    require(fcntl(fd, F_SETFL, O_NONBLOCK) == 0 &&
                setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) == 0,
            "cannot set a socket up");
  }
  use_socket(server, to);
  use_socket(client, from);
}

class TlsBulk : public Task {
 public:
  TlsBulk(const Library& library, const std::string& suite, std::size_t record_bytes,
          Transport transport)
      : server_context_(server_context(library, suite)),
        client_context_(context_of(library, TLS_client_method(), suite)),
        server_(SSL_new(server_context_.get())),
        client_(SSL_new(client_context_.get())),
        sent_(test_bytes(record_bytes)),
        received_(record_bytes) {
    if (transport == Transport::kMemory)
      connect_by_memory(server_.get(), client_.get());
    else
      connect_by_tcp(server_.get(), client_.get());
    shake_hands();
    require(suite == SSL_get_cipher_name(client_.get()), "another cipher suite", suite);
  }

  void run(unsigned operations) override {
    for (unsigned i = 0; i < operations; ++i) {
      ++counter_;
      std::memcpy(sent_.data(), &counter_, sizeof(counter_));
      write_one();
      read_one();
    }
  }
  Bytes output() const override { return received_; }

 private:
  void shake_hands() {
    SSL_set_accept_state(server_.get());
    SSL_set_connect_state(client_.get());
    for (bool done = false; !done;) {
      const bool client_done = step(client_.get(), SSL_do_handshake(client_.get()));
      const bool server_done = step(server_.get(), SSL_do_handshake(server_.get()));
      done = client_done && server_done;
    }
  }

  // Whether a call is done; if not, it is to be repeated.
  static bool step(SSL* tls, int result) {
    if (result == 1) return true;
    const int error = SSL_get_error(tls, result);
    expect(error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE, "TLS");
    return false;
  }

  void write_one() {
    std::size_t written = 0;
    while (!step(server_.get(), SSL_write_ex(server_.get(), sent_.data(), sent_.size(), &written)))
      continue;
  }
  void read_one() {
    for (std::size_t at = 0; at < received_.size();) {
      std::size_t read = 0;
      if (step(client_.get(),
               SSL_read_ex(client_.get(), received_.data() + at, received_.size() - at, &read)))
        at += read;
    }
  }

  TlsContext server_context_;
  TlsContext client_context_;
  Tls server_;
  Tls client_;
  Bytes sent_;
  Bytes received_;
  std::uint64_t counter_ = 0;
};

}  // namespace

TaskPtr tls_bulk(const Library& library, const std::string& suite, std::size_t record_bytes,
                 Transport transport) {
  return std::make_unique<TlsBulk>(library, suite, record_bytes, transport);
}

}  // namespace wd::bench
