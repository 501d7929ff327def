#include <openssl/core_names.h>
#include <openssl/params.h>
#include <openssl/ssl3.h>
#include <openssl/tls1.h>

#include <iterator>

#include "fetched.hpp"
#include "material.hpp"
#include "sequences.hpp"

namespace wd::test {

namespace {

constexpr std::uint32_t kExplicitIvBytes = 8;
constexpr std::uint32_t kTagBytes = 16;
constexpr std::uint32_t kHeaderBytes = EVP_AEAD_TLS1_AAD_LEN;
constexpr std::uint32_t kBlockBytes = 16;
constexpr std::uint32_t kLongestRecord = 16384;

// What writes and what reads, on both sides.
class RecordSequence {
 public:
  RecordSequence(Choices& choices, const char* cipher)
      : choices_(choices), cipher_(fetched_cipher(cipher)), name_(cipher) {
    for (auto* each : {&writer_, &reader_})
      *each = {Owned<EVP_CIPHER_CTX>(EVP_CIPHER_CTX_new()),
               Owned<EVP_CIPHER_CTX>(EVP_CIPHER_CTX_new())};
    key_ = random_bytes(
        choices, static_cast<std::size_t>(EVP_CIPHER_get_key_length(cipher_.reference.get())));
    iv_ = random_bytes(choices, 16);
  }
  virtual ~RecordSequence() = default;

  Difference run() {
    Difference difference = init(writer_, 1);
    if (difference.empty()) difference = init(reader_, 0);
    const std::uint32_t records = 1 + choices_.below(8);
    for (std::uint32_t i = 0; i < records && difference.empty() && !ended_; ++i) {
      difference =
          record(choices_.one_in(20) ? choices_.below(kLongestRecord) : choices_.skewed(400));
      if (difference.empty() && choices_.one_in(6))
        difference = copy(choices_.one_in(2) || !reader_can_be_copied() ? writer_ : reader_);
    }
    return difference.empty() ? difference : std::string(name_) + " records, " + difference;
  }

 protected:
  using Side = Both<Owned<EVP_CIPHER_CTX>>;

  virtual Difference set_up(Side& side, bool writes) = 0;
  virtual Difference record(std::uint32_t bytes) = 0;

  template <class Call>
  static Difference both(const std::string& what, Side& side, Call call) {
    return compare(what, {call(side.reference.get()), call(side.subject.get())});
  }

  // The key first, as libssl has it; the fixed part of the IV, or versions, afterwards.
  Difference init(Side& side, int direction) {
    auto call = [&](EVP_CIPHER_CTX* context, const EVP_CIPHER* cipher) {
      return Answer{EVP_CipherInit_ex2(context, cipher, key_.data(),
                                       with_iv() ? iv_.data() : nullptr, direction, nullptr),
                    0,
                    {}};
    };
    const Difference difference =
        compare("init", {call(side.reference.get(), cipher_.reference.get()),
                         call(side.subject.get(), cipher_.subject.get())});
    return difference.empty() ? set_up(side, direction == 1) : difference;
  }
  virtual bool with_iv() const = 0;
  virtual bool reader_can_be_copied() const = 0;

  static Difference copy(Side& side) {
    Side copies{Owned<EVP_CIPHER_CTX>(EVP_CIPHER_CTX_new()),
                Owned<EVP_CIPHER_CTX>(EVP_CIPHER_CTX_new())};
    const Difference difference =
        compare("copy", {{EVP_CIPHER_CTX_copy(copies.reference.get(), side.reference.get()), 0, {}},
                         {EVP_CIPHER_CTX_copy(copies.subject.get(), side.subject.get()), 0, {}}});
    side = std::move(copies);
    return difference;
  }

  // Either of the two functions that libssl has used for it.
  Answer work_in_place(EVP_CIPHER_CTX* context, Bytes buffer, std::uint32_t bytes,
                       bool by_update) const {
    int length = -1;
    Answer answer{0, 0, std::move(buffer)};
    if (by_update) {
      answer.code = EVP_CipherUpdate(context, answer.out.data(), &length, answer.out.data(),
                                     static_cast<int>(bytes));
      answer.length = length;
    } else {
      answer.code = EVP_Cipher(context, answer.out.data(), answer.out.data(), bytes);
    }
    return answer;
  }

  Choices& choices_;
  const Both<Owned<EVP_CIPHER>>& cipher_;
  const char* name_;
  Side writer_;
  Side reader_;
  Bytes key_;
  Bytes iv_;
  bool ended_ = false;
};

class GcmRecords final : public RecordSequence {
 public:
  using RecordSequence::RecordSequence;

 private:
  bool with_iv() const override { return false; }
  bool reader_can_be_copied() const override { return true; }

  Difference set_up(Side& side, bool writes) override {
    // The rest of a writer's IV is random: it is set again, whole, to something known.
    Difference difference = fixed_iv(side, 4);
    return writes && difference.empty() ? fixed_iv(side, -1) : difference;
  }
  Difference fixed_iv(Side& side, int bytes) {
    return both("SET_IV_FIXED " + std::to_string(bytes), side, [&](EVP_CIPHER_CTX* context) {
      return Answer{
          EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_IV_FIXED, bytes, iv_.data()), 0, {}};
    });
  }

  Difference header(Side& side, Bytes content) {
    return both("TLS1_AAD", side, [&](EVP_CIPHER_CTX* context) {
      return Answer{EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_TLS1_AAD,
                                        static_cast<int>(content.size()), content.data()),
                    0,
                    {}};
    });
  }
  Bytes header_for(std::uint32_t bytes) {
    Bytes made = random_bytes(choices_, kHeaderBytes - 2);
    made.push_back(static_cast<std::uint8_t>(bytes >> 8));
    made.push_back(static_cast<std::uint8_t>(bytes));
    return made;
  }

  Difference record(std::uint32_t bytes) override {
    const std::uint32_t whole = kExplicitIvBytes + bytes + kTagBytes;
    Bytes written_header = header_for(bytes + kExplicitIvBytes);
    Difference difference = header(writer_, written_header);
    if (!difference.empty()) return difference;
    const bool by_update = choices_.one_in(2);
    const std::uint8_t* text = any_material(choices_);
    Bytes plain = guarded(whole);
    std::copy(text, text + bytes, plain.begin() + kExplicitIvBytes);
    // Now and then a record that is cut, or too short to be one.
    const std::uint32_t given = choices_.one_in(40) ? choices_.below(whole) : whole;
    Bytes record_made;
    difference = both("record written", writer_, [&](EVP_CIPHER_CTX* context) {
      Answer answer = work_in_place(context, plain, given, by_update);
      if (context == writer_.reference.get()) record_made = answer.out;
      return answer;
    });
    if (given != whole || !difference.empty()) return difference;
    if (choices_.one_in(6)) record_made[choices_.below(whole)] ^= 1;
    Bytes read_header = written_header;
    read_header[kHeaderBytes - 2] = static_cast<std::uint8_t>(whole >> 8);
    read_header[kHeaderBytes - 1] = static_cast<std::uint8_t>(whole);
    if (!choices_.one_in(30)) difference = header(reader_, read_header);
    if (difference.empty())
      difference = both("record read", reader_, [&](EVP_CIPHER_CTX* context) {
        return work_in_place(context, record_made, whole, by_update);
      });
    return difference;
  }
};

class CbcRecords final : public RecordSequence {
 public:
  CbcRecords(Choices& choices, const char* cipher) : RecordSequence(choices, cipher) {
    constexpr unsigned kVersions[] = {TLS1_2_VERSION, TLS1_2_VERSION, TLS1_1_VERSION, TLS1_VERSION,
                                      SSL3_VERSION};
    version_ = kVersions[choices.below(std::size(kVersions))];
    constexpr std::size_t kMacs[] = {0, 20, 32, 48};
    mac_bytes_ = kMacs[choices.below(std::size(kMacs))];
  }

 private:
  bool with_iv() const override { return true; }
  // default frees the code that it has found twice.
  bool reader_can_be_copied() const override { return false; }

  Difference set_up(Side& side, bool) override {
    const OSSL_PARAM params[] = {OSSL_PARAM_uint(OSSL_CIPHER_PARAM_TLS_VERSION, &version_),
                                 OSSL_PARAM_size_t(OSSL_CIPHER_PARAM_TLS_MAC_SIZE, &mac_bytes_),
                                 OSSL_PARAM_END};
    return both("tls-version", side, [&](EVP_CIPHER_CTX* context) {
      return Answer{EVP_CIPHER_CTX_set_params(context, params), 0, {}};
    });
  }

  Difference record(std::uint32_t bytes) override {
    const std::uint32_t explicit_iv = version_ >= TLS1_1_VERSION ? kBlockBytes : 0;
    const auto plain_bytes = static_cast<std::uint32_t>(explicit_iv + bytes + mac_bytes_);
    const std::uint32_t whole = plain_bytes + kBlockBytes - plain_bytes % kBlockBytes;
    const std::uint8_t* text = any_material(choices_);
    Bytes plain = guarded(whole);
    std::copy(text, text + plain_bytes, plain.begin());
    Bytes made;
    Difference difference = both("record written", writer_, [&](EVP_CIPHER_CTX* context) {
      Answer answer = work_in_place(context, plain, plain_bytes, true);
      if (context == writer_.reference.get()) made = answer.out;
      return answer;
    });
    if (!difference.empty()) return difference;
    // Of a record whose padding is wrong the code is random, and so is what is found in its place.
    const bool damaged = choices_.one_in(8);
    if (damaged) made[choices_.below(whole)] ^= 1;
    ended_ = damaged;
    difference = both("record read", reader_, [&](EVP_CIPHER_CTX* context) {
      Answer answer = work_in_place(context, made, whole, true);
      if (damaged) answer = {answer.code, 0, {}};
      return answer;
    });
    return difference.empty() && !damaged && mac_bytes_ != 0 ? mac() : difference;
  }

  Difference mac() {
    return both("tls-mac", reader_, [&](EVP_CIPHER_CTX* context) {
      void* found = nullptr;
      OSSL_PARAM asked[] = {OSSL_PARAM_octet_ptr(OSSL_CIPHER_PARAM_TLS_MAC, &found, mac_bytes_),
                            OSSL_PARAM_END};
      Answer answer{EVP_CIPHER_CTX_get_params(context, asked), 0, {}};
      const auto* content = static_cast<const std::uint8_t*>(found);
      if (answer.code == 1 && content != nullptr) answer.out.assign(content, content + mac_bytes_);
      return answer;
    });
  }

  unsigned version_ = 0;
  std::size_t mac_bytes_ = 0;
};

}  // namespace

Difference run_tls_record_sequence(Choices& choices) {
  constexpr const char* kGcm[] = {"AES-128-GCM", "AES-192-GCM", "AES-256-GCM"};
  constexpr const char* kCbc[] = {"AES-128-CBC", "AES-256-CBC", "CAMELLIA-128-CBC"};
  if (choices.one_in(3)) return CbcRecords(choices, kCbc[choices.below(std::size(kCbc))]).run();
  return GcmRecords(choices, kGcm[choices.below(std::size(kGcm))]).run();
}

}  // namespace wd::test
