#include "row.hpp"
#include "tasks.hpp"

namespace wd::bench {
namespace {

class OneShotDigests : public Task {
 public:
  OneShotDigests(const Library& library, const std::string& name, std::size_t bytes)
      : digest_(library.digest(name)), in_(test_bytes(bytes)), out_(EVP_MAX_MD_SIZE) {}

  void run(unsigned operations) override {
    for (unsigned i = 0; i < operations; ++i)
      expect(EVP_Digest(in_.data(), in_.size(), out_.data(), nullptr, digest_.get(), nullptr) == 1,
             "EVP_Digest");
  }
  Bytes output() const override { return out_; }

 private:
  Digest digest_;
  Bytes in_;
  Bytes out_;
};

class ContextDigests : public Task {
 public:
  ContextDigests(const Library& library, const std::string& name, std::size_t bytes)
      : digest_(library.digest(name)),
        context_(EVP_MD_CTX_new()),
        in_(test_bytes(bytes)),
        out_(EVP_MAX_MD_SIZE) {}

  void run(unsigned operations) override {
    for (unsigned i = 0; i < operations; ++i) {
      bool done = EVP_DigestInit_ex2(context_.get(), digest_.get(), nullptr) == 1;
      done &= EVP_DigestUpdate(context_.get(), in_.data(), in_.size()) == 1;
      done &= EVP_DigestFinal_ex(context_.get(), out_.data(), nullptr) == 1;
      expect(done, "digest with a context");
    }
  }
  Bytes output() const override { return out_; }

 private:
  Digest digest_;
  DigestContext context_;
  Bytes in_;
  Bytes out_;
};

}  // namespace

TaskPtr digest_task(const Library& library, const std::string& digest, std::size_t bytes) {
  return std::make_unique<OneShotDigests>(library, digest, bytes);
}

void add_digest_rows(Rows& rows, bool quick) {
  for (const char* digest : {"SHA1", "SHA2-224", "SHA2-256", "SHA2-384", "SHA2-512"}) {
    for (const std::size_t bytes : {16, 64, 256, 1024, 8192, 16384}) {
      if (quick && !is_quick_size(bytes)) continue;
      rows.push_back({"digest", digest, bytes, 0, digest,
                      [=](const Library& library) { return digest_task(library, digest, bytes); }});
      rows.push_back({"digest_context", digest, bytes, 0, digest, [=](const Library& library) {
                        return std::make_unique<ContextDigests>(library, digest, bytes);
                      }});
    }
  }
}

}  // namespace wd::bench
