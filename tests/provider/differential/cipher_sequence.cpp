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

enum class Mode { gcm, stream, block };

struct Cipher {
  const char* name;
  Mode mode;
};

constexpr Cipher kOurs[] = {
    {"AES-128-GCM", Mode::gcm},    {"AES-192-GCM", Mode::gcm},    {"AES-256-GCM", Mode::gcm},
    {"AES-128-CTR", Mode::stream}, {"AES-192-CTR", Mode::stream}, {"AES-256-CTR", Mode::stream},
    {"AES-128-CBC", Mode::block},  {"AES-192-CBC", Mode::block},  {"AES-256-CBC", Mode::block}};
// What no wd has a reason to touch.
constexpr Cipher kOthers[] = {{"AES-128-ECB", Mode::block},  {"AES-256-CFB", Mode::stream},
                              {"AES-128-OFB", Mode::stream}, {"AES-192-CFB8", Mode::stream},
                              {"ChaCha20", Mode::stream},    {"CAMELLIA-128-CBC", Mode::block},
                              {"DES-EDE3-CBC", Mode::block}, {"ARIA-128-GCM", Mode::gcm}};

constexpr int kUntouched = -12345;  // what a length is before a call
constexpr std::size_t kTagBytes = 16;
constexpr std::size_t kLongestIv = 128;
constexpr std::uint32_t kCountedBytes = 8;

Cipher any_cipher(Choices& choices) {
  if (choices.one_in(12)) return kOthers[choices.below(std::size(kOthers))];
  return kOurs[choices.below(std::size(kOurs))];
}

class CipherSequence {
 public:
  explicit CipherSequence(Choices& choices) : choices_(choices), cipher_(any_cipher(choices)) {}

  Difference run() {
    context_ = {Owned<EVP_CIPHER_CTX>(EVP_CIPHER_CTX_new()),
                Owned<EVP_CIPHER_CTX>(EVP_CIPHER_CTX_new())};
    Difference difference = init(true);
    const std::uint32_t steps = 3 + choices_.below(20);
    for (std::uint32_t i = 0; i < steps && difference.empty() && !ended_; ++i) {
      difference = step();
      if (difference.empty() && !ended_) difference = parameters();
    }
    return difference.empty() ? difference : std::string(cipher_.name) + " " + difference;
  }

 private:
  template <class Call>
  Difference both(const std::string& what, Call call) {
    return compare(what, {call(context_.reference.get()), call(context_.subject.get())});
  }

  // As both(), for what works on data: of a random IV nothing but the length can be compared.
  template <class Call>
  Difference both_on_data(const std::string& what, Call call) {
    const bool random_iv = makes_random_iv();
    begun_ = true;
    Both<Answer> answers{call(context_.reference.get()), call(context_.subject.get())};
    if (random_iv && !makes_random_iv()) {
      ended_ = true;
      answers.reference.out.clear();
      answers.subject.out.clear();
    }
    return compare(what, answers);
  }

  // default makes up an IV for GCM when it is to encrypt without one.
  bool makes_random_iv() {
    if (cipher_.mode != Mode::gcm) return false;
    std::uint8_t iv[kLongestIv];
    OSSL_PARAM asked[] = {OSSL_PARAM_octet_string(OSSL_CIPHER_PARAM_IV, iv, sizeof iv),
                          OSSL_PARAM_END};
    return EVP_CIPHER_CTX_get_params(context_.reference.get(), asked) != 1;
  }
  bool encrypting() { return EVP_CIPHER_CTX_is_encrypting(context_.reference.get()) == 1; }

  Difference parameters() {
    return compare_parameters(
        last_, EVP_CIPHER_CTX_gettable_params(context_.reference.get()),
        [this](bool of_subject, OSSL_PARAM* asked) {
          return EVP_CIPHER_CTX_get_params(
              (of_subject ? context_.subject : context_.reference).get(), asked);
        },
        // Before there is one it is whatever default's buffer was last used for.
        encrypting() && last_ == "final" && final_was_right_ ? "" : OSSL_CIPHER_PARAM_AEAD_TAG);
  }

  Difference step() {
    const std::uint32_t kind = choices_.below(100);
    // What a message would go on with whose tag was wrong is nobody's promise.
    if (wrong_tag_ && ((kind >= 20 && kind < 75) || kind >= 96)) return init(true);
    if (kind < 20) return whole_message();
    if (kind < 55) return update();
    if (kind < 63) return final();
    if (kind < 75) return init(choices_.one_in(8));
    if (kind < 85) return set_parameter();
    if (kind < 91) return control();
    if (kind < 96) return copy();
    if (kind < 98) return one_call();
    return reset();
  }

  Difference init(bool with_cipher) {
    const auto& cipher = fetched_cipher(cipher_.name);
    const bool with_key = with_cipher ? !choices_.one_in(6) : choices_.one_in(2);
    // A new key in the middle of a message leaves default with a counter of nought.
    const bool with_iv = !choices_.one_in(4) || (cipher_.mode == Mode::gcm && with_key && begun_);
    begun_ = begun_ && !with_iv;
    int direction = choices_.one_in(6) && !with_cipher ? -1 : static_cast<int>(choices_.below(2));
    // default turns a key that was expanded for one direction to the other one, and what comes is
    // nothing.
    if (cipher_.mode == Mode::block && !with_key && !with_cipher) direction = -1;
    const Bytes key = random_bytes(
        choices_, static_cast<std::size_t>(EVP_CIPHER_get_key_length(cipher.reference.get())));
    const Bytes iv = random_bytes(choices_, kLongestIv);
    std::size_t iv_bytes = any_iv_bytes();
    const OSSL_PARAM with_parameter[] = {OSSL_PARAM_size_t(OSSL_CIPHER_PARAM_AEAD_IVLEN, &iv_bytes),
                                         OSSL_PARAM_END};
    const OSSL_PARAM* params =
        cipher_.mode == Mode::gcm && choices_.one_in(8) ? with_parameter : nullptr;
    held_bytes_ = 0;
    if (with_cipher) begun_ = for_tls_ = tag_given_ = wrong_tag_ = false;
    last_ = std::string(with_cipher ? "init with cipher" : "init") + (with_key ? ", key" : "") +
            (with_iv ? ", iv" : "") + (params != nullptr ? ", ivlen" : "") + ", direction " +
            std::to_string(direction);
    auto call = [&](EVP_CIPHER_CTX* context, const EVP_CIPHER* which) {
      return Answer{EVP_CipherInit_ex2(context, with_cipher ? which : nullptr,
                                       with_key ? key.data() : nullptr,
                                       with_iv ? iv.data() : nullptr, direction, params),
                    0,
                    {}};
    };
    return compare(last_, {call(context_.reference.get(), cipher.reference.get()),
                           call(context_.subject.get(), cipher.subject.get())});
  }

  Difference reset() {
    for (EVP_CIPHER_CTX* context : {context_.reference.get(), context_.subject.get()})
      EVP_CIPHER_CTX_reset(context);
    return init(true);
  }

  // One update, of plain text, or of what is only authenticated.
  Difference update() {
    const std::uint32_t bytes = any_length(choices_);
    if (cipher_.mode == Mode::gcm && choices_.one_in(4))
      return associated(any_material(choices_), bytes);
    // Overlaps are not allowed, but must be answered alike; what comes out is nobody's promise.
    const bool overlap = choices_.one_in(60) && bytes > 0;
    const bool in_place = !overlap && choices_.one_in(3);
    const std::uint32_t shift = overlap ? 1 + choices_.below(40) : 0;
    return update_of(any_material(choices_), bytes, in_place || overlap, shift);
  }

  Difference associated(const std::uint8_t* data, std::uint32_t bytes) {
    last_ = "update without output, " + std::to_string(bytes) + " bytes";
    return both_on_data(last_, [&](EVP_CIPHER_CTX* context) {
      int length = kUntouched;
      const int code = EVP_CipherUpdate(context, nullptr, &length, data, static_cast<int>(bytes));
      return Answer{code, length, {}};
    });
  }

  Difference update_of(const std::uint8_t* data, std::uint32_t bytes, bool in_place,
                       std::uint32_t shift) {
    // What is held back of a block comes out first: then in place is an overlap.
    in_place = in_place && (held_bytes_ == 0 || shift != 0);
    last_ = "update, " + std::to_string(bytes) + " bytes" + (in_place ? " in place" : "") +
            (shift != 0 ? ", shifted" : "");
    const bool without_input = bytes == 0 && choices_.one_in(3);
    Difference difference = both_on_data(last_, [&](EVP_CIPHER_CTX* context) {
      Answer answer{0, kUntouched, guarded(bytes + shift + 32)};
      const std::uint8_t* input = data;
      if (in_place && bytes > 0) {
        std::memcpy(answer.out.data() + shift, data, bytes);
        input = answer.out.data() + shift;
      }
      int length = kUntouched;
      answer.code = EVP_CipherUpdate(context, answer.out.data(), &length,
                                     without_input ? nullptr : input, static_cast<int>(bytes));
      answer.length = length;
      if (answer.code == 1 && context == context_.reference.get())
        held_bytes_ += static_cast<long>(bytes) - length;
      if (shift != 0) answer.out.clear();
      return answer;
    });
    ended_ = ended_ || shift != 0;
    return difference;
  }

  Difference final() {
    last_ = "final";
    return both_on_data(last_, [&](EVP_CIPHER_CTX* context) {
      Answer answer{0, kUntouched, guarded(32)};
      int length = kUntouched;
      answer.code = EVP_CipherFinal_ex(context, answer.out.data(), &length);
      answer.length = length;
      if (answer.code == 1) held_bytes_ = 0;
      note_end(answer.code);
      return answer;
    });
  }

  // EVP_Cipher: what a provider has as a function of its own, and what TLS uses.
  Difference one_call() {
    std::uint32_t bytes = any_length(choices_);
    if (cipher_.mode == Mode::block) bytes &= ~15u;
    const std::uint8_t* data = any_material(choices_);
    const bool as_final = cipher_.mode == Mode::gcm && choices_.one_in(3);
    const bool associated = cipher_.mode == Mode::gcm && choices_.one_in(3);
    last_ = "EVP_Cipher, " + std::to_string(bytes) + " bytes";
    return both_on_data(last_, [&](EVP_CIPHER_CTX* context) {
      Answer answer{0, 0, guarded(bytes + 32)};
      answer.code = EVP_Cipher(context, associated || as_final ? nullptr : answer.out.data(),
                               as_final ? nullptr : data, as_final ? 0 : bytes);
      // This function's yes is a length, here of nothing.
      if (as_final) note_end(answer.code == 0 ? 1 : answer.code);
      return answer;
    });
  }

  void note_end(long code) {
    final_was_right_ = code > 0;
    if (cipher_.mode != Mode::gcm) return;
    if (!encrypting() && tag_given_ && code <= 0) wrong_tag_ = true;
    if (encrypting() && code > 0) tag_given_ = true;  // the one that was made
  }

  Difference copy() {
    last_ = "copy";
    Both<Owned<EVP_CIPHER_CTX>> copies{Owned<EVP_CIPHER_CTX>(EVP_CIPHER_CTX_new()),
                                       Owned<EVP_CIPHER_CTX>(EVP_CIPHER_CTX_new())};
    Difference difference = compare(
        last_, {{EVP_CIPHER_CTX_copy(copies.reference.get(), context_.reference.get()), 0, {}},
                {EVP_CIPHER_CTX_copy(copies.subject.get(), context_.subject.get()), 0, {}}});
    const bool go_on_with_copy = choices_.one_in(2);
    if (go_on_with_copy) std::swap(copies, context_);
    // What happens to the other one must not show in this one.
    if (choices_.one_in(2))
      for (EVP_CIPHER_CTX* other : {copies.reference.get(), copies.subject.get()}) {
        Bytes out = guarded(128);
        int length = 0;
        if (!makes_random_iv()) EVP_CipherUpdate(other, out.data(), &length, out.data() + 64, 40);
      }
    return difference;
  }

  Difference set(const std::string& what, const OSSL_PARAM* params) {
    last_ = "set " + what;
    return both(last_, [&](EVP_CIPHER_CTX* context) {
      return Answer{EVP_CIPHER_CTX_set_params(context, params), 0, {}};
    });
  }
  Difference set_octets(const char* name, Bytes value) {
    tag_given_ = tag_given_ || std::string_view(name) == OSSL_CIPHER_PARAM_AEAD_TAG;
    const OSSL_PARAM params[] = {
        OSSL_PARAM_octet_string(const_cast<char*>(name), value.data(), value.size()),
        OSSL_PARAM_END};
    const Difference difference =
        set(std::string(name) + " of " + std::to_string(value.size()) + " bytes", params);
    // default says no to a header whose length is wrong, and keeps it.
    if (value.size() == 13 && std::string_view(name) == OSSL_CIPHER_PARAM_AEAD_TLS1_AAD &&
        !header_holds(value))
      ended_ = true;
    return difference;
  }
  static bool header_holds(const Bytes& header) { return (header[11] << 8 | header[12]) >= 24; }
  Difference set_size(const char* name, std::size_t value) {
    const OSSL_PARAM params[] = {OSSL_PARAM_size_t(const_cast<char*>(name), &value),
                                 OSSL_PARAM_END};
    return set(std::string(name) + " to " + std::to_string(value), params);
  }
  Difference set_number(const char* name, unsigned value) {
    const OSSL_PARAM params[] = {OSSL_PARAM_uint(const_cast<char*>(name), &value), OSSL_PARAM_END};
    return set(std::string(name) + " to " + std::to_string(value), params);
  }

  // Beyond what is allowed, too. With an IV shorter than the part that TLS counts up, default
  // writes outside of it.
  std::uint32_t any_iv_bytes() {
    const std::uint32_t bytes = choices_.below(140);
    return for_tls_ ? std::max(bytes, kCountedBytes) : bytes;
  }
  bool may_be_for_tls() {
    for_tls_ = for_tls_ || EVP_CIPHER_CTX_get_iv_length(context_.reference.get()) >=
                               static_cast<int>(kCountedBytes);
    return for_tls_;
  }

  Difference set_parameter() {
    switch (choices_.below(cipher_.mode != Mode::gcm ? 6 : may_be_for_tls() ? 11 : 8)) {
      case 0:
        return set_size(OSSL_CIPHER_PARAM_KEYLEN, choices_.one_in(2) ? 16 : choices_.below(40));
      case 1:
        return set_number(OSSL_CIPHER_PARAM_PADDING, choices_.below(2));
      // 16 and more would have default read behind its buffer.
      case 2:
        return set_number(OSSL_CIPHER_PARAM_NUM, choices_.below(16));
      case 3:
        return set_number(OSSL_CIPHER_PARAM_USE_BITS, choices_.below(2));
      case 4:
        return set_octets("unknown", random_bytes(choices_, 3));
      case 5: {
        char text[] = "12";
        const OSSL_PARAM params[] = {
            OSSL_PARAM_utf8_string(
                const_cast<char*>(choices_.one_in(2) ? OSSL_CIPHER_PARAM_PADDING
                                                     : OSSL_CIPHER_PARAM_AEAD_IVLEN),
                text, 2),
            OSSL_PARAM_END};
        return set("a number as text", params);
      }
      case 6:
        return set_size(OSSL_CIPHER_PARAM_AEAD_IVLEN, choices_.one_in(2) ? 12 : any_iv_bytes());
      case 7:
        return set_octets(OSSL_CIPHER_PARAM_AEAD_TAG, random_bytes(choices_, choices_.below(19)));
      case 8:
        return set_octets(OSSL_CIPHER_PARAM_AEAD_TLS1_SET_IV_INV,
                          random_bytes(choices_, choices_.below(2) * 8));
      case 9:
        return set_octets(OSSL_CIPHER_PARAM_AEAD_TLS1_AAD,
                          random_bytes(choices_, choices_.one_in(4) ? 12 : 13));
      default:
        return fixed_iv();
    }
  }

  // The fixed part of an IV for TLS. Encrypting, default makes up the rest: so the whole is set at
  // once.
  Difference fixed_iv() {
    const Bytes iv = random_bytes(choices_, kLongestIv);
    const int bytes = encrypting() || choices_.one_in(2)
                          ? -1
                          : static_cast<int>(choices_.below(std::min(14u, iv_bytes_now() + 1)));
    last_ = "ctrl SET_IV_FIXED " + std::to_string(bytes);
    return both(last_, [&](EVP_CIPHER_CTX* context) {
      return Answer{EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_IV_FIXED, bytes,
                                        const_cast<std::uint8_t*>(iv.data())),
                    0,
                    {}};
    });
  }

  std::uint32_t iv_bytes_now() {
    return static_cast<std::uint32_t>(EVP_CIPHER_CTX_get_iv_length(context_.reference.get()));
  }

  Difference control() {
    struct Control {
      const char* name;
      int type;
      std::uint32_t limit;  // of its number
    };
    static constexpr Control kOfGcm[] = {{"SET_IVLEN", EVP_CTRL_AEAD_SET_IVLEN, 140},
                                         {"GET_TAG", EVP_CTRL_AEAD_GET_TAG, 19},
                                         {"SET_TAG", EVP_CTRL_AEAD_SET_TAG, 19},
                                         {"IV_GEN", EVP_CTRL_GCM_IV_GEN, 13}};
    static constexpr Control kOfAll[] = {{"SET_KEY_LENGTH", EVP_CTRL_SET_KEY_LENGTH, 40}};
    const Control& control =
        cipher_.mode == Mode::gcm ? kOfGcm[choices_.below(std::size(kOfGcm))] : kOfAll[0];
    if (control.type == EVP_CTRL_GCM_IV_GEN && !may_be_for_tls()) return update();
    const int number = static_cast<int>(
        control.type == EVP_CTRL_AEAD_SET_IVLEN ? any_iv_bytes() : choices_.below(control.limit));
    const Bytes content = random_bytes(choices_, kLongestIv + 32);
    tag_given_ = tag_given_ || control.type == EVP_CTRL_AEAD_SET_TAG;
    last_ = std::string("ctrl ") + control.name + " " + std::to_string(number);
    return both(last_, [&](EVP_CIPHER_CTX* context) {
      Answer answer{0, 0, content};
      answer.code = EVP_CIPHER_CTX_ctrl(context, control.type, number, answer.out.data());
      return answer;
    });
  }

  // A message from its IV to its tag, in pieces. Decrypted, it is a right one but for damage.
  Difference whole_message() {
    const auto& cipher = fetched_cipher(cipher_.name);
    const bool encrypt = choices_.one_in(2);
    wrong_tag_ = false;
    held_bytes_ = 0;
    const Bytes key = random_bytes(
        choices_, static_cast<std::size_t>(EVP_CIPHER_get_key_length(cipher.reference.get())));
    const Bytes iv = random_bytes(choices_, kLongestIv);
    const bool iv_apart = choices_.one_in(3);  // the key first, then the IV
    const bool key_kept = key_of_messages_.size() == key.size() && choices_.one_in(2);
    if (!key_kept) key_of_messages_ = key;
    last_ = std::string("message, ") + (encrypt ? "encrypted" : "decrypted");
    const int direction = encrypt ? 1 : 0;
    Difference difference = both(last_, [&](EVP_CIPHER_CTX* context) {
      long code = 1;
      const std::uint8_t* new_key = key_of_messages_.data();
      if (iv_apart) {
        code = EVP_CipherInit_ex2(context, nullptr, new_key, nullptr, direction, nullptr);
        new_key = nullptr;
      }
      return Answer{
          code + EVP_CipherInit_ex2(context, nullptr, new_key, iv.data(), direction, nullptr),
          0,
          {}};
    });
    const std::uint32_t bytes = any_length(choices_);
    const std::uint32_t aad_bytes = cipher_.mode == Mode::gcm ? choices_.skewed(100) : 0;
    const std::uint8_t* aad = any_material(choices_);
    const std::uint8_t* plain = any_material(choices_);
    Bytes text(plain, plain + bytes);
    Bytes tag(kTagBytes);
    if (!encrypt && difference.empty()) text = encrypted(iv, aad, aad_bytes, text, tag);
    if (!encrypt && choices_.one_in(4)) damage(text, tag);
    if (!encrypt && cipher_.mode == Mode::gcm && difference.empty())
      difference = set_octets(OSSL_CIPHER_PARAM_AEAD_TAG, tag);
    if (difference.empty()) difference = in_pieces(aad, aad_bytes, true);
    if (difference.empty())
      difference = in_pieces(text.data(), static_cast<std::uint32_t>(text.size()), false);
    if (difference.empty() && !ended_) difference = final();
    if (difference.empty() && encrypt && cipher_.mode == Mode::gcm && !ended_ && final_was_right_)
      difference = get_tag();
    return difference;
  }

  Difference get_tag() {
    const std::size_t bytes = choices_.one_in(4) ? 1 + choices_.below(kTagBytes) : kTagBytes;
    last_ = "tag of " + std::to_string(bytes) + " bytes";
    return both(last_, [&](EVP_CIPHER_CTX* context) {
      Answer answer{0, 0, guarded(kTagBytes)};
      OSSL_PARAM asked[] = {
          OSSL_PARAM_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, answer.out.data(), bytes),
          OSSL_PARAM_END};
      answer.code = EVP_CIPHER_CTX_get_params(context, asked);
      return answer;
    });
  }

  Difference in_pieces(const std::uint8_t* data, std::uint32_t bytes, bool is_associated) {
    Difference difference;
    for (std::uint32_t at = 0; at < bytes && difference.empty() && !ended_;) {
      const std::uint32_t piece = choices_.one_in(2) ? bytes - at : 1 + choices_.skewed(bytes - at);
      if (is_associated)
        difference = associated(data + at, std::min(piece, bytes - at));
      else
        difference = update_of(data + at, std::min(piece, bytes - at), choices_.one_in(3), 0);
      at += std::min(piece, bytes - at);
    }
    return difference;
  }

  // By default alone, in a context of its own, as the contexts that are compared would have it.
  Bytes encrypted(const Bytes& iv, const std::uint8_t* aad, std::uint32_t aad_bytes,
                  const Bytes& text, Bytes& tag) {
    const Owned<EVP_CIPHER_CTX> context(EVP_CIPHER_CTX_new());
    EVP_CIPHER_CTX* made = context.get();
    EVP_CipherInit_ex2(made, fetched_cipher(cipher_.name).reference.get(), nullptr, nullptr, 1,
                       nullptr);
    if (cipher_.mode == Mode::gcm)
      EVP_CIPHER_CTX_ctrl(made, EVP_CTRL_AEAD_SET_IVLEN,
                          EVP_CIPHER_CTX_get_iv_length(context_.reference.get()), nullptr);
    EVP_CipherInit_ex2(made, nullptr, key_of_messages_.data(), iv.data(), 1, nullptr);
    int length = 0;
    int rest = 0;
    if (aad_bytes != 0) EVP_CipherUpdate(made, nullptr, &length, aad, static_cast<int>(aad_bytes));
    Bytes out(text.size() + 32);
    length = 0;
    EVP_CipherUpdate(made, out.data(), &length, text.data(), static_cast<int>(text.size()));
    EVP_CipherFinal_ex(made, out.data() + length, &rest);
    if (cipher_.mode == Mode::gcm)
      EVP_CIPHER_CTX_ctrl(made, EVP_CTRL_AEAD_GET_TAG, kTagBytes, tag.data());
    out.resize(static_cast<std::size_t>(length + rest));
    return out;
  }

  void damage(Bytes& text, Bytes& tag) {
    Bytes& which = text.empty() || choices_.one_in(3) ? tag : text;
    which[choices_.below(static_cast<std::uint32_t>(which.size()))] ^=
        static_cast<std::uint8_t>(1u << choices_.below(8));
    if (choices_.one_in(3)) tag.resize(1 + choices_.below(kTagBytes));
  }

  Choices& choices_;
  Cipher cipher_;
  Both<Owned<EVP_CIPHER_CTX>> context_;
  Bytes key_of_messages_;
  std::string last_;
  bool begun_ = false;
  long held_bytes_ = 0;
  bool for_tls_ = false;
  bool tag_given_ = false;
  bool wrong_tag_ = false;
  bool final_was_right_ = false;
  bool ended_ = false;
};

}  // namespace

Difference run_cipher_sequence(Choices& choices) {
  return CipherSequence(choices).run();
}

}  // namespace wd::test
