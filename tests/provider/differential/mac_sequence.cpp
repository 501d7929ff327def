#include <openssl/core_names.h>
#include <openssl/params.h>

#include <iterator>
#include <string_view>
#include <utility>

#include "fetched.hpp"
#include "material.hpp"
#include "sequences.hpp"

namespace wd::test {

namespace {

constexpr const char* kDigests[] = {"SHA1",   "SHA224",     "SHA256",     "SHA384",
                                    "SHA512", "SHA512-256", "SHA512-224", "MD5",
                                    "SM3",    "SHA3-256",   "SHAKE128",   "no such digest"};
constexpr std::uint32_t kUsualDigests = 8;
constexpr const char* kOthers[] = {"CMAC", "KMAC128", "BLAKE2BMAC"};
constexpr std::size_t kUntouched = 4711;

class MacSequence {
 public:
  explicit MacSequence(Choices& choices)
      : choices_(choices),
        name_(choices.one_in(10) ? kOthers[choices.below(std::size(kOthers))] : "HMAC") {
    const auto& mac = fetched_mac(name_);
    context_ = {Owned<EVP_MAC_CTX>(EVP_MAC_CTX_new(mac.reference.get())),
                Owned<EVP_MAC_CTX>(EVP_MAC_CTX_new(mac.subject.get()))};
  }

  Difference run() {
    Difference difference = init();
    const std::uint32_t steps = 2 + choices_.below(20);
    for (std::uint32_t i = 0; i < steps && difference.empty(); ++i) {
      difference = step();
      if (difference.empty()) difference = parameters();
    }
    return difference.empty() ? difference : std::string(name_) + " " + difference;
  }

 private:
  bool is_hmac() const { return std::string_view(name_) == "HMAC"; }

  template <class Call>
  Difference both(const std::string& what, Call call) {
    last_ = what;
    return compare(what, {call(context_.reference.get()), call(context_.subject.get())});
  }

  Difference parameters() {
    return compare_parameters(last_, EVP_MAC_CTX_gettable_params(context_.reference.get()),
                              [this](bool of_subject, OSSL_PARAM* asked) {
                                return EVP_MAC_CTX_get_params(
                                    (of_subject ? context_.subject : context_.reference).get(),
                                    asked);
                              });
  }

  Difference step() {
    // What has ended, or was never begun, gives
    // anything.
    if ((!is_hmac() && ended_) || !begun_ || refused_) return init();
    const std::uint32_t kind = choices_.below(100);
    if (kind < 45) return update();
    if (kind < 65) return final();
    if (kind < 83) return init();
    if (kind < 90) return copy();
    if (kind < 95) return set_parameter();
    return is_hmac() ? tls_record() : update();
  }

  const char* any_digest() {
    return kDigests[choices_.below(
        choices_.one_in(10) ? static_cast<std::uint32_t>(std::size(kDigests)) : kUsualDigests)];
  }

  Difference init() {
    const char* digest = any_digest();
    const bool with_digest = !initialised_ || choices_.one_in(4);
    const bool with_key = !initialised_ ? !choices_.one_in(8) : choices_.one_in(2);
    Bytes key = random_bytes(
        choices_,
        is_hmac() ? (choices_.one_in(4) ? choices_.below(300) : choices_.below(70)) : key_bytes());
    OSSL_PARAM params[3] = {OSSL_PARAM_END, OSSL_PARAM_END, OSSL_PARAM_END};
    if (is_hmac() && with_digest)
      params[0] =
          OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, const_cast<char*>(digest), 0);
    if (std::string_view(name_) == "CMAC")
      params[0] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER,
                                                   const_cast<char*>("AES-128-CBC"), 0);
    initialised_ = true;
    // No pointer means the key that there is; an empty key is one, too.
    const std::uint8_t nothing = 0;
    const std::uint8_t* key_at = key.empty() ? &nothing : key.data();
    return both(
        "init" +
            std::string(params[0].key != nullptr && is_hmac() ? std::string(" ") + digest : "") +
            (with_key ? ", key of " + std::to_string(key.size()) + " bytes" : ""),
        [&](EVP_MAC_CTX* context) {
          const int code =
              EVP_MAC_init(context, with_key ? key_at : nullptr, with_key ? key.size() : 0, params);
          refused_ = code != 1;
          // Without a key, some say yes and have begun nothing.
          ended_ = code != 1 || !with_key;
          begun_ = begun_ || !ended_;
          return Answer{code, 0, {}};
        });
  }
  std::size_t key_bytes() const {
    const std::string_view name = name_;
    return name == "BLAKE2BMAC" ? 32 : 16;
  }

  Difference update() {
    const std::uint32_t bytes = any_length(choices_);
    const std::uint8_t* data = any_material(choices_);
    return both("update, " + std::to_string(bytes) + " bytes", [&](EVP_MAC_CTX* context) {
      return Answer{EVP_MAC_update(context, data, bytes), 0, {}};
    });
  }

  Difference final() {
    const bool only_size = choices_.one_in(5);
    const std::size_t room = choices_.one_in(6) ? choices_.below(70) : 64;
    return both(only_size ? "size" : "final into " + std::to_string(room),
                [&](EVP_MAC_CTX* context) {
                  Answer answer{0, 0, guarded(room)};
                  std::size_t length = kUntouched;
                  answer.code = EVP_MAC_final(context, only_size ? nullptr : answer.out.data(),
                                              &length, only_size ? 0 : room);
                  answer.length = static_cast<long>(length);
                  return answer;
                });
  }

  Difference copy() {
    Both<Owned<EVP_MAC_CTX>> copies{Owned<EVP_MAC_CTX>(EVP_MAC_CTX_dup(context_.reference.get())),
                                    Owned<EVP_MAC_CTX>(EVP_MAC_CTX_dup(context_.subject.get()))};
    last_ = "copy";
    const Difference difference =
        compare(last_, {{copies.reference != nullptr, 0, {}}, {copies.subject != nullptr, 0, {}}});
    if (copies.reference == nullptr || copies.subject == nullptr) return difference;
    if (choices_.one_in(2)) std::swap(copies, context_);
    // What happens to the other one must not show in this one.
    if (initialised_)
      for (EVP_MAC_CTX* other : {copies.reference.get(), copies.subject.get()})
        EVP_MAC_update(other, reinterpret_cast<const std::uint8_t*>("other"), 5);
    return difference;
  }

  Difference set_parameter() {
    if (!is_hmac()) return update();
    const char* digest = any_digest();
    Bytes key = random_bytes(choices_, 1 + choices_.below(100));
    OSSL_PARAM params[2] = {OSSL_PARAM_END, OSSL_PARAM_END};
    const bool set_key = choices_.one_in(2);
    if (set_key)
      params[0] = OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key.data(), key.size());
    else
      params[0] =
          OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, const_cast<char*>(digest), 0);
    const Difference difference =
        both(set_key ? "set key" : std::string("set digest ") + digest, [&](EVP_MAC_CTX* context) {
          return Answer{EVP_MAC_CTX_set_params(context, params), 0, {}};
        });
    // A new digest beside old state is for an init to come.
    return difference.empty() ? init() : difference;
  }

  // The code of a TLS record of secret length, in constant time.
  Difference tls_record() {
    std::size_t whole = 64 + choices_.below(300);
    const std::size_t bytes = whole - choices_.below(60);
    // default may take the header for the record, and reads it as long as it was told the record
    // is.
    const std::uint8_t* header = any_material(choices_);
    const std::uint8_t* data = any_material(choices_);
    const char* digest = kDigests[choices_.below(5)];
    const Bytes key = random_bytes(choices_, 32);
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, const_cast<char*>(digest), 0),
        OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_TLS_DATA_SIZE, &whole),
        OSSL_PARAM_construct_end()};
    return both(std::string("TLS record, ") + digest, [&](EVP_MAC_CTX* context) {
      Answer answer{0, 0, guarded(64)};
      std::size_t length = kUntouched;
      answer.code = EVP_MAC_init(context, key.data(), key.size(), params) +
                    2 * EVP_MAC_update(context, header, 13) +
                    4 * EVP_MAC_update(context, data, bytes) +
                    8 * EVP_MAC_final(context, answer.out.data(), &length, 64);
      answer.length = static_cast<long>(length);
      // The next one is no record.
      std::size_t none = 0;
      OSSL_PARAM again[] = {OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_TLS_DATA_SIZE, &none),
                            OSSL_PARAM_construct_end()};
      answer.code += 16 * EVP_MAC_init(context, key.data(), key.size(), again);
      return answer;
    });
  }

  Choices& choices_;
  const char* name_;
  Both<Owned<EVP_MAC_CTX>> context_;
  std::string last_;
  bool initialised_ = false;
  bool begun_ = false;
  bool refused_ = false;
  bool ended_ = false;
};

// HMAC as most programs have it: as a signature.
Answer signed_by(OSSL_LIB_CTX* library, const char* digest, const Bytes& key,
                 const std::uint8_t* data, std::uint32_t bytes, std::uint32_t split, bool copied) {
  const Owned<EVP_PKEY> secret(
      EVP_PKEY_new_raw_private_key_ex(library, "HMAC", nullptr, key.data(), key.size()));
  Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  Answer answer{0, 0, guarded(EVP_MAX_MD_SIZE)};
  answer.code = EVP_DigestSignInit_ex(context.get(), nullptr, digest, library, nullptr,
                                      secret.get(), nullptr);
  if (answer.code != 1) return answer;
  answer.code += 2 * EVP_DigestSignUpdate(context.get(), data, split);
  Owned<EVP_MD_CTX> copy(EVP_MD_CTX_new());
  if (copied) {
    answer.code += 4 * EVP_MD_CTX_copy_ex(copy.get(), context.get());
    EVP_DigestSignUpdate(context.get(), data, 3);
    context = std::move(copy);
  }
  answer.code += 8 * EVP_DigestSignUpdate(context.get(), data + split, bytes - split);
  std::size_t length = EVP_MAX_MD_SIZE;
  answer.code += 16 * EVP_DigestSignFinal(context.get(), answer.out.data(), &length);
  answer.length = static_cast<long>(length);
  return answer;
}

Difference run_signature(Choices& choices) {
  const char* digest = kDigests[choices.below(kUsualDigests)];
  const Bytes key = random_bytes(choices, 1 + choices.below(150));
  const std::uint8_t* data = any_material(choices);
  const std::uint32_t bytes = any_length(choices);
  const std::uint32_t split = bytes == 0 ? 0 : choices.below(bytes);
  const bool copied = choices.one_in(3);
  const Both<OSSL_LIB_CTX*>& contexts = libraries();
  return compare(std::string("HMAC as a signature, ") + digest,
                 {signed_by(contexts.reference, digest, key, data, bytes, split, copied),
                  signed_by(contexts.subject, digest, key, data, bytes, split, copied)});
}

}  // namespace

Difference run_mac_sequence(Choices& choices) {
  return choices.one_in(6) ? run_signature(choices) : MacSequence(choices).run();
}

}  // namespace wd::test
