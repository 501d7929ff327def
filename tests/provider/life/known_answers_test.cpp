// NIST's known answers (CAVP, and RFC 3686, 2202 and 4231 in the same form), with only wd loaded.
// The files are those of the package python3-cryptography-vectors; if they are missing, that is a
// failure.
#include <openssl/core_names.h>
#include <openssl/params.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <map>
#include <memory>
#include <string_view>

#include "loaded.hpp"

namespace wd::test {

namespace {

constexpr const char* kFolder = "/usr/lib/python3/dist-packages/cryptography_vectors/";
using Bytes = std::vector<std::uint8_t>;
// The fields of one test, by their names in capitals; MODE is what the section says.
using Record = std::map<std::string, std::string>;

// Tests are separated by empty lines; those of a file's head have none of the `needed` field.
std::vector<Record> records(const std::string& name, const std::string& needed) {
  std::ifstream file(std::string(kFolder) + name);
  EXPECT_TRUE(file) << name;
  std::vector<Record> found;
  Record record;
  std::string line;
  std::string mode;
  const auto keep = [&] {
    if (record.contains(needed)) {
      record["MODE"] = mode;
      found.push_back(record);
    }
    record.clear();
  };
  while (std::getline(file, line)) {
    line.erase(std::find_if(line.rbegin(), line.rend(),
                            [](char c) { return !std::isspace(static_cast<unsigned char>(c)); })
                   .base(),
               line.end());
    const std::size_t equals = line.find('=');
    if (line.empty()) keep();
    if (line.starts_with("[ENCRYPT") || line.starts_with("[DECRYPT")) mode = line.substr(1, 7);
    if (line == "FAIL") record["FAIL"] = "";
    if (line.empty() || line[0] == '#' || line[0] == '[' || equals == std::string::npos) continue;
    std::string key = line.substr(0, line.find_first_of(" =\t"));
    std::transform(key.begin(), key.end(), key.begin(),
                   [](unsigned char c) { return std::toupper(c); });
    const std::size_t value = line.find_first_not_of(" \t", equals + 1);
    record[key] = value == std::string::npos ? "" : line.substr(value);
  }
  keep();
  return found;
}

Bytes bytes_of(const std::string& hex) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes.push_back(static_cast<std::uint8_t>(std::stoul(hex.substr(i, 2), nullptr, 16)));
  return bytes;
}

// How a message is cut: whole, and in pieces.
constexpr std::size_t kPieces[] = {1u << 20, 1, 7, 64};

class KnownAnswers : public testing::Test {
 protected:
  // What comes out of a cipher; empty and `right` false where it says no.
  Bytes crypt(const EVP_CIPHER* cipher, const Record& record, const Bytes& text, bool encrypt,
              std::size_t piece, bool& right, Bytes* tag) {
    const Bytes key = bytes_of(record.at("KEY"));
    const Bytes iv = bytes_of(record.at("IV"));
    Bytes aad = record.contains("AAD") ? bytes_of(record.at("AAD")) : Bytes();
    EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
    std::size_t iv_bytes = iv.size();
    const OSSL_PARAM params[] = {OSSL_PARAM_size_t(OSSL_CIPHER_PARAM_AEAD_IVLEN, &iv_bytes),
                                 OSSL_PARAM_END};
    EXPECT_EQ(EVP_CipherInit_ex2(context, cipher, nullptr, nullptr, encrypt ? 1 : 0,
                                 tag != nullptr ? params : nullptr),
              1);
    EXPECT_EQ(EVP_CipherInit_ex2(context, nullptr, key.data(), iv.data(), encrypt ? 1 : 0, nullptr),
              1);
    EVP_CIPHER_CTX_set_padding(context, 0);
    if (tag != nullptr && !encrypt) {
      EXPECT_EQ(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, static_cast<int>(tag->size()),
                                    tag->data()),
                1);
    }
    int length = 0;
    for (std::size_t at = 0; at < aad.size(); at += piece)
      EXPECT_EQ(EVP_CipherUpdate(context, nullptr, &length, aad.data() + at,
                                 static_cast<int>(std::min(piece, aad.size() - at))),
                1);
    Bytes out(text.size() + 32);
    std::size_t made = 0;
    for (std::size_t at = 0; at < text.size(); at += piece) {
      EXPECT_EQ(EVP_CipherUpdate(context, out.data() + made, &length, text.data() + at,
                                 static_cast<int>(std::min(piece, text.size() - at))),
                1);
      made += static_cast<std::size_t>(length);
    }
    right = EVP_CipherFinal_ex(context, out.data() + made, &length) == 1;
    if (tag != nullptr && encrypt) {
      EXPECT_EQ(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, static_cast<int>(tag->size()),
                                    tag->data()),
                1);
    }
    EVP_CIPHER_CTX_free(context);
    out.resize(made);
    return out;
  }

  void expect_cipher(const std::string& name, const std::vector<std::string>& files,
                     std::size_t fewest) {
    EVP_CIPHER* cipher = EVP_CIPHER_fetch(wd_.context(), name.c_str(), nullptr);
    ASSERT_NE(cipher, nullptr) << name;
    std::size_t number = 0;
    for (const std::string& file : files)
      for (const Record& record : records(file, "CIPHERTEXT"))
        for (const std::size_t piece : kPieces) {
          bool right = false;
          const bool encrypt = record.at("MODE") == "ENCRYPT";
          const Bytes plain = bytes_of(record.at("PLAINTEXT"));
          const Bytes sealed = bytes_of(record.at("CIPHERTEXT"));
          EXPECT_EQ(crypt(cipher, record, encrypt ? plain : sealed, encrypt, piece, right, nullptr),
                    encrypt ? sealed : plain)
              << file << ", count " << record.at("COUNT") << ", in pieces of " << piece;
          EXPECT_TRUE(right);
          ++number;
        }
    EXPECT_GE(number, fewest * std::size(kPieces)) << name;
    EVP_CIPHER_free(cipher);
  }

  Bytes digest(const EVP_MD* which, const Bytes& message, std::size_t piece) {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    Bytes out(EVP_MAX_MD_SIZE);
    unsigned length = 0;
    EXPECT_EQ(EVP_DigestInit_ex2(context, which, nullptr), 1);
    for (std::size_t at = 0; at < message.size(); at += piece)
      EXPECT_EQ(
          EVP_DigestUpdate(context, message.data() + at, std::min(piece, message.size() - at)), 1);
    EXPECT_EQ(EVP_DigestFinal_ex(context, out.data(), &length), 1);
    EVP_MD_CTX_free(context);
    out.resize(length);
    return out;
  }

  // SHAVS, section 6.4: each of 100 answers is the last of a thousand digests of digests.
  void expect_chain(const EVP_MD* which, const std::string& file) {
    Bytes seed;
    std::size_t number = 0;
    for (const Record& record : records(file, "SEED")) seed = bytes_of(record.at("SEED"));
    for (const Record& record : records(file, "MD")) {
      Bytes last[3] = {seed, seed, seed};
      for (int i = 0; i < 1000; ++i) {
        Bytes message;
        for (const Bytes& each : last) message.insert(message.end(), each.begin(), each.end());
        last[0] = std::move(last[1]);
        last[1] = std::move(last[2]);
        last[2] = digest(which, message, message.size());
      }
      seed = last[2];
      EXPECT_EQ(seed, bytes_of(record.at("MD"))) << file << ", count " << record.at("COUNT");
      if (++number == 20) break;
    }
    EXPECT_EQ(number, 20u) << file;
  }

  Library wd_{{"wd"}};
};

}  // namespace

TEST_F(KnownAnswers, OfAesGcm) {
  for (const std::string bits : {"128", "192", "256"}) {
    EVP_CIPHER* cipher = EVP_CIPHER_fetch(wd_.context(), ("AES-" + bits + "-GCM").c_str(), nullptr);
    ASSERT_NE(cipher, nullptr);
    std::size_t number = 0;
    std::size_t refused = 0;
    for (const bool encrypt : {true, false})
      for (const Record& record :
           records("ciphers/AES/GCM/gcm" + std::string(encrypt ? "EncryptExtIV" : "Decrypt") +
                       bits + ".rsp",
                   "CT")) {
        const std::size_t piece = kPieces[number++ % std::size(kPieces)];
        const bool fails = record.contains("FAIL");
        Bytes tag = bytes_of(record.at("TAG"));
        const Bytes wanted_tag = tag;
        bool right = false;
        if (encrypt) tag.assign(tag.size(), 0);
        const Bytes out = crypt(cipher, record, bytes_of(record.at(encrypt ? "PT" : "CT")), encrypt,
                                piece, right, &tag);
        EXPECT_EQ(right, !fails);
        EXPECT_EQ(tag, wanted_tag);
        if (!fails) {
          EXPECT_EQ(out, bytes_of(record.at(encrypt ? "CT" : "PT")))
              << "AES-" << bits << ", count " << record.at("COUNT");
        }
        refused += fails ? 1 : 0;
      }
    EXPECT_GE(number, 15000u);
    EXPECT_GE(refused, 3000u);
    EVP_CIPHER_free(cipher);
  }
}

// Eight bytes of an IV are counted up. Where it has fewer, default writes in front of it; wd
// refuses, where it serves the cipher itself.
TEST(GcmIv, ThatIsTooShortIsNotCountedUp) {
  const wd::test::Library wd({"wd"});
  const std::unique_ptr<EVP_CIPHER, void (*)(EVP_CIPHER*)> cipher(
      EVP_CIPHER_fetch(wd.context(), "AES-128-GCM", "wd.accel=yes"), EVP_CIPHER_free);
  if (cipher == nullptr) GTEST_SKIP() << "AES-GCM is default's on this CPU";
  const unsigned char key[16] = {};
  for (int bytes = 1; bytes <= 12; ++bytes) {
    const std::unique_ptr<EVP_CIPHER_CTX, void (*)(EVP_CIPHER_CTX*)> context(EVP_CIPHER_CTX_new(),
                                                                             EVP_CIPHER_CTX_free);
    unsigned char iv[12] = {};
    ASSERT_EQ(EVP_EncryptInit_ex(context.get(), cipher.get(), nullptr, key, nullptr), 1);
    ASSERT_EQ(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_IVLEN, bytes, nullptr), 1);
    ASSERT_EQ(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_IV_FIXED, -1, iv), 1);
    EXPECT_EQ(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_IV_GEN, bytes, iv) == 1, bytes >= 8)
        << bytes << " bytes";
  }
}

TEST_F(KnownAnswers, OfAesCbc) {
  for (const std::string bits : {"128", "192", "256"}) {
    std::vector<std::string> files;
    for (const char* kind : {"GFSbox", "KeySbox", "MMT", "VarKey", "VarTxt"})
      files.push_back("ciphers/AES/CBC/CBC" + std::string(kind) + bits + ".rsp");
    expect_cipher("AES-" + bits + "-CBC", files, 500);
  }
}

TEST_F(KnownAnswers, OfAesCtr) {
  for (const std::string bits : {"128", "192", "256"})
    expect_cipher("AES-" + bits + "-CTR", {"ciphers/AES/CTR/aes-" + bits + "-ctr.txt"}, 3);
}

TEST_F(KnownAnswers, OfSha) {
  const std::map<std::string, std::string> files = {{"SHA1", "SHA1/SHA1"},
                                                    {"SHA224", "SHA2/SHA224"},
                                                    {"SHA256", "SHA2/SHA256"},
                                                    {"SHA384", "SHA2/SHA384"},
                                                    {"SHA512", "SHA2/SHA512"},
                                                    {"SHA512-224", "SHA2/SHA512_224"},
                                                    {"SHA512-256", "SHA2/SHA512_256"}};
  for (const auto& [name, file] : files) {
    EVP_MD* which = EVP_MD_fetch(wd_.context(), name.c_str(), nullptr);
    ASSERT_NE(which, nullptr) << name;
    std::size_t number = 0;
    for (const char* kind : {"ShortMsg.rsp", "LongMsg.rsp"})
      for (const Record& record : records("hashes/" + file + kind, "MSG"))
        for (const std::size_t piece : kPieces) {
          Bytes message = bytes_of(record.at("MSG"));
          message.resize(std::stoul(record.at("LEN")) /
                         8);  // no message is written as a byte of nought
          EXPECT_EQ(digest(which, message, piece), bytes_of(record.at("MD")))
              << name << ", " << record.at("LEN") << " bits, in pieces of " << piece;
          ++number;
        }
    EXPECT_GE(number, 100 * std::size(kPieces)) << name;
    expect_chain(which, "hashes/" + file + "Monte.rsp");
    EVP_MD_free(which);
  }
}

TEST_F(KnownAnswers, OfHmac) {
  const std::map<std::string, std::string> files = {{"SHA1", "2202-sha1"},
                                                    {"SHA224", "4231-sha224"},
                                                    {"SHA256", "4231-sha256"},
                                                    {"SHA384", "4231-sha384"},
                                                    {"SHA512", "4231-sha512"}};
  for (const auto& [name, file] : files) {
    std::size_t number = 0;
    for (const Record& record : records("HMAC/rfc-" + file + ".txt", "MSG"))
      for (const std::size_t piece : kPieces) {
        const Bytes message = bytes_of(record.at("MSG"));
        const Bytes key = bytes_of(record.at("KEY"));
        const Bytes wanted = bytes_of(record.at("MD"));
        EVP_MAC* mac = EVP_MAC_fetch(wd_.context(), "HMAC", nullptr);
        ASSERT_NE(mac, nullptr);
        EVP_MAC_CTX* context = EVP_MAC_CTX_new(mac);
        const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(
                                         OSSL_MAC_PARAM_DIGEST, const_cast<char*>(name.c_str()), 0),
                                     OSSL_PARAM_construct_end()};
        Bytes out(EVP_MAX_MD_SIZE);
        std::size_t length = 0;
        EXPECT_EQ(EVP_MAC_init(context, key.data(), key.size(), params), 1);
        for (std::size_t at = 0; at < message.size(); at += piece)
          EXPECT_EQ(
              EVP_MAC_update(context, message.data() + at, std::min(piece, message.size() - at)),
              1);
        EXPECT_EQ(EVP_MAC_final(context, out.data(), &length, out.size()), 1);
        out.resize(std::min(length, wanted.size()));  // some are cut short
        EXPECT_EQ(out, wanted) << name << ", key of " << key.size() << " bytes";
        EVP_MAC_CTX_free(context);
        EVP_MAC_free(mac);
        ++number;
      }
    EXPECT_GE(number, 6 * std::size(kPieces)) << name;
  }
}

}  // namespace wd::test
