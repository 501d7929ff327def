#include <openssl/core_names.h>
#include <openssl/params.h>

#include "row.hpp"
#include "tasks.hpp"

namespace wd::bench {
namespace {

class Hmacs : public Task {
 public:
  Hmacs(const Library& library, std::string digest, std::size_t bytes)
      : mac_(library.mac("HMAC")),
        context_(EVP_MAC_CTX_new(mac_.get())),
        in_(test_bytes(bytes)),
        out_(EVP_MAX_MD_SIZE) {
    const Bytes key = test_bytes(32);
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
        OSSL_PARAM_construct_end()};
    expect(EVP_MAC_init(context_.get(), key.data(), key.size(), params) == 1, "cannot set the key");
  }

  void run(unsigned operations) override {
    for (unsigned i = 0; i < operations; ++i) {
      std::size_t produced = 0;
      bool done = EVP_MAC_init(context_.get(), nullptr, 0, nullptr) == 1;
      done &= EVP_MAC_update(context_.get(), in_.data(), in_.size()) == 1;
      done &= EVP_MAC_final(context_.get(), out_.data(), &produced, out_.size()) == 1;
      expect(done, "HMAC");
    }
  }
  Bytes output() const override { return out_; }

 private:
  Mac mac_;
  MacContext context_;
  Bytes in_;
  Bytes out_;
};

}  // namespace

TaskPtr hmac_task(const Library& library, const std::string& digest, std::size_t bytes) {
  return std::make_unique<Hmacs>(library, digest, bytes);
}

void add_hmac_rows(Rows& rows, bool quick) {
  for (const char* digest : {"SHA1", "SHA2-256", "SHA2-512"}) {
    for (const std::size_t bytes : {16, 64, 256, 1024, 8192, 16384}) {
      if (quick && !is_quick_size(bytes)) continue;
      rows.push_back({"hmac", std::string("HMAC-") + digest, bytes, 0, "HMAC",
                      [=](const Library& library) { return hmac_task(library, digest, bytes); }});
    }
  }
}

}  // namespace wd::bench
