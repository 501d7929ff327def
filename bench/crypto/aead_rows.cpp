#include <cstring>

#include "row.hpp"
#include "tasks.hpp"

namespace wd::bench {
namespace {

constexpr int kIvBytes = 12;
constexpr int kAadBytes = 13;
constexpr int kTagBytes = 16;

class EncryptMessages : public Task {
 public:
  EncryptMessages(const Library& library, const std::string& name, std::size_t bytes)
      : cipher_(library.cipher(name)),
        context_(EVP_CIPHER_CTX_new()),
        in_(test_bytes(bytes)),
        out_(bytes + kTagBytes) {
    const Bytes key =
        test_bytes(static_cast<std::size_t>(EVP_CIPHER_get_key_length(cipher_.get())));
    expect(EVP_EncryptInit_ex2(context_.get(), cipher_.get(), key.data(), nullptr, nullptr) == 1,
           "cannot set the key");
  }

  void run(unsigned operations) override {
    for (unsigned i = 0; i < operations; ++i) one();
  }
  Bytes output() const override { return out_; }
  const std::uint8_t* iv() const { return iv_; }

 private:
  void one() {
    EVP_CIPHER_CTX* context = context_.get();
    const int bytes = static_cast<int>(in_.size());
    int produced = 0;
    ++counter_;
    std::memcpy(iv_, &counter_, sizeof(counter_));
    bool done = EVP_EncryptInit_ex2(context, nullptr, nullptr, iv_, nullptr) == 1;
    done &= EVP_EncryptUpdate(context, nullptr, &produced, aad_, kAadBytes) == 1;
    if (bytes != 0)
      done &= EVP_EncryptUpdate(context, out_.data(), &produced, in_.data(), bytes) == 1;
    done &= EVP_EncryptFinal_ex(context, out_.data() + bytes, &produced) == 1;
    done &=
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kTagBytes, out_.data() + bytes) == 1;
    expect(done, "encryption of a message");
  }

  Cipher cipher_;
  CipherContext context_;
  Bytes in_;
  Bytes out_;  // text and tag
  std::uint64_t counter_ = 0;
  std::uint8_t iv_[kIvBytes] = {};
  std::uint8_t aad_[kAadBytes] = {23, 3, 3};
};

// The same message again and again: where it comes from makes no difference to who decrypts it.
class DecryptMessages : public Task {
 public:
  DecryptMessages(const Library& library, const std::string& name, std::size_t bytes)
      : cipher_(library.cipher(name)), context_(EVP_CIPHER_CTX_new()), out_(bytes) {
    EncryptMessages sender(library, name, bytes);
    sender.run(1);
    in_ = sender.output();
    std::memcpy(iv_, sender.iv(), kIvBytes);
    const Bytes key =
        test_bytes(static_cast<std::size_t>(EVP_CIPHER_get_key_length(cipher_.get())));
    expect(EVP_DecryptInit_ex2(context_.get(), cipher_.get(), key.data(), nullptr, nullptr) == 1,
           "cannot set the key");
  }

  void run(unsigned operations) override {
    for (unsigned i = 0; i < operations; ++i) one();
  }
  Bytes output() const override { return out_; }

 private:
  void one() {
    EVP_CIPHER_CTX* context = context_.get();
    const int bytes = static_cast<int>(out_.size());
    int produced = 0;
    bool done = EVP_DecryptInit_ex2(context, nullptr, nullptr, iv_, nullptr) == 1;
    done &= EVP_DecryptUpdate(context, nullptr, &produced, aad_, kAadBytes) == 1;
    if (bytes != 0)
      done &= EVP_DecryptUpdate(context, out_.data(), &produced, in_.data(), bytes) == 1;
    done &= EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kTagBytes, in_.data() + bytes) == 1;
    done &= EVP_DecryptFinal_ex(context, out_.data() + bytes, &produced) == 1;
    expect(done, "decryption of a message");
  }

  Cipher cipher_;
  CipherContext context_;
  Bytes in_;  // text and tag
  Bytes out_;
  std::uint8_t iv_[kIvBytes] = {};
  std::uint8_t aad_[kAadBytes] = {23, 3, 3};
};

}  // namespace

TaskPtr message_task(const Library& library, const std::string& cipher, std::size_t bytes,
                     Direction direction) {
  if (direction == Direction::kEncrypt)
    return std::make_unique<EncryptMessages>(library, cipher, bytes);
  return std::make_unique<DecryptMessages>(library, cipher, bytes);
}

void add_aead_rows(Rows& rows, bool quick) {
  for (const char* cipher : {"AES-128-GCM", "AES-192-GCM", "AES-256-GCM"}) {
    if (quick && !is_quick_cipher(cipher)) continue;
    for (const Direction direction : {Direction::kEncrypt, Direction::kDecrypt}) {
      for (const std::size_t bytes : {0, 1, 16, 64, 256, 1024, 8192, 16384}) {
        if (quick && !is_quick_size(bytes)) continue;
        rows.push_back({direction == Direction::kEncrypt ? "encrypt_message" : "decrypt_message",
                        cipher, bytes, 0, cipher, [=](const Library& library) {
                          return message_task(library, cipher, bytes, direction);
                        }});
      }
    }
  }
}

}  // namespace wd::bench
