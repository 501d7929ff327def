#include "row.hpp"
#include "tasks.hpp"

namespace wd::bench {
namespace {

constexpr std::size_t kBlockBytes = 16;

class Updates : public Task {
 public:
  Updates(const Library& library, const std::string& name, std::size_t bytes, Direction direction)
      : cipher_(library.cipher(name)),
        context_(EVP_CIPHER_CTX_new()),
        in_(test_bytes(bytes)),
        // A block that was held back may come with this update.
        out_(bytes + kBlockBytes) {
    const Bytes key =
        test_bytes(static_cast<std::size_t>(EVP_CIPHER_get_key_length(cipher_.get())));
    const Bytes iv = test_bytes(kBlockBytes);
    expect(EVP_CipherInit_ex2(context_.get(), cipher_.get(), key.data(), iv.data(),
                              direction == Direction::kEncrypt, nullptr) == 1,
           "cannot set key and IV");
  }

  void run(unsigned operations) override {
    int produced = 0;
    for (unsigned i = 0; i < operations; ++i)
      expect(EVP_CipherUpdate(context_.get(), out_.data(), &produced, in_.data(),
                              static_cast<int>(in_.size())) == 1,
             "update of a cipher");
  }
  Bytes output() const override { return out_; }

 private:
  Cipher cipher_;
  CipherContext context_;
  Bytes in_;
  Bytes out_;
};

void add(Rows& rows, const char* cipher, std::size_t bytes, Direction direction) {
  rows.push_back({direction == Direction::kEncrypt ? "encrypt_update" : "decrypt_update", cipher,
                  bytes, 0, cipher, [=](const Library& library) {
                    return update_task(library, cipher, bytes, direction);
                  }});
}

}  // namespace

TaskPtr update_task(const Library& library, const std::string& cipher, std::size_t bytes,
                    Direction direction) {
  return std::make_unique<Updates>(library, cipher, bytes, direction);
}

void add_update_rows(Rows& rows, bool quick) {
  for (const char* cipher :
       {"AES-128-GCM", "AES-192-GCM", "AES-256-GCM", "AES-128-CTR", "AES-192-CTR", "AES-256-CTR",
        "AES-128-CBC", "AES-192-CBC", "AES-256-CBC"}) {
    if (quick && !is_quick_cipher(cipher)) continue;
    for (const Direction direction : {Direction::kEncrypt, Direction::kDecrypt}) {
      for (const std::size_t bytes : {1, 16, 64, 256, 1024, 8192, 16384}) {
        if (quick && !is_quick_size(bytes)) continue;
        add(rows, cipher, bytes, direction);
      }
    }
  }
}

}  // namespace wd::bench
