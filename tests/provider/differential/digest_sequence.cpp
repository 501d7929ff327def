#include <openssl/core_names.h>
#include <openssl/params.h>

#include <iterator>
#include <utility>

#include "fetched.hpp"
#include "material.hpp"
#include "sequences.hpp"

namespace wd::test {

namespace {

constexpr const char* kOurs[] = {"SHA1",   "SHA224",     "SHA256",    "SHA384",
                                 "SHA512", "SHA512-224", "SHA512-256"};
constexpr const char* kOthers[] = {"MD5",      "MD5-SHA1",    "SHA3-256", "SHAKE128",
                                   "SHAKE256", "BLAKE2B-512", "SM3",      "RIPEMD160"};
constexpr std::uint32_t kUntouched = 4711;
// What was given out once in any size keeps that size.
constexpr std::uint32_t kLongestOutput = 200;

class DigestSequence {
 public:
  explicit DigestSequence(Choices& choices) : choices_(choices) {
    name_ = choices.one_in(8) ? kOthers[choices.below(std::size(kOthers))]
                              : kOurs[choices.below(std::size(kOurs))];
    context_ = {Owned<EVP_MD_CTX>(EVP_MD_CTX_new()), Owned<EVP_MD_CTX>(EVP_MD_CTX_new())};
  }

  Difference run() {
    Difference difference = init(true);
    const std::uint32_t steps = 2 + choices_.below(20);
    for (std::uint32_t i = 0; i < steps && difference.empty(); ++i) {
      difference = step();
      if (difference.empty()) difference = parameters();
    }
    return difference.empty() ? difference : std::string(name_) + " " + difference;
  }

 private:
  template <class Call>
  Difference both(const std::string& what, Call call) {
    last_ = what;
    return compare(what, {call(context_.reference.get()), call(context_.subject.get())});
  }

  Difference parameters() {
    return compare_parameters(last_, EVP_MD_CTX_gettable_params(context_.reference.get()),
                              [this](bool of_subject, OSSL_PARAM* asked) {
                                return EVP_MD_CTX_get_params(
                                    (of_subject ? context_.subject : context_.reference).get(),
                                    asked);
                              });
  }

  Difference step() {
    const std::uint32_t kind = choices_.below(100);
    if (kind < 50) return update();
    if (kind < 65) return final();
    if (kind < 80) return init(choices_.one_in(2));
    if (kind < 90) return copy();
    if (kind < 94) return at_once();
    if (kind < 98) return set_parameter();
    for (EVP_MD_CTX* context : {context_.reference.get(), context_.subject.get()})
      EVP_MD_CTX_reset(context);
    return init(true);
  }

  Difference init(bool with_digest) {
    const auto& digest = fetched_digest(name_);
    auto call = [&](EVP_MD_CTX* context, const EVP_MD* which) {
      return Answer{EVP_DigestInit_ex2(context, with_digest ? which : nullptr, nullptr), 0, {}};
    };
    last_ = "init";
    return compare(last_, {call(context_.reference.get(), digest.reference.get()),
                           call(context_.subject.get(), digest.subject.get())});
  }

  Difference update() {
    const std::uint32_t bytes = any_length(choices_);
    const std::uint8_t* data = bytes == 0 && choices_.one_in(2) ? nullptr : any_material(choices_);
    return both("update, " + std::to_string(bytes) + " bytes", [&](EVP_MD_CTX* context) {
      return Answer{EVP_DigestUpdate(context, data, bytes), 0, {}};
    });
  }

  Difference final() {
    const bool any_size = std::string_view(name_).starts_with("SHAKE") && choices_.one_in(2);
    const std::size_t bytes = 1 + choices_.below(kLongestOutput);
    return both(any_size ? "final of any size" : "final", [&](EVP_MD_CTX* context) {
      Answer answer{0, kUntouched, guarded(kLongestOutput)};
      unsigned length = kUntouched;
      answer.code = any_size ? EVP_DigestFinalXOF(context, answer.out.data(), bytes)
                             : EVP_DigestFinal_ex(context, answer.out.data(), &length);
      answer.length = length;
      return answer;
    });
  }

  Difference copy() {
    Both<Owned<EVP_MD_CTX>> copies{Owned<EVP_MD_CTX>(EVP_MD_CTX_new()),
                                   Owned<EVP_MD_CTX>(EVP_MD_CTX_new())};
    last_ = "copy";
    const Difference difference = compare(
        last_, {{EVP_MD_CTX_copy_ex(copies.reference.get(), context_.reference.get()), 0, {}},
                {EVP_MD_CTX_copy_ex(copies.subject.get(), context_.subject.get()), 0, {}}});
    if (choices_.one_in(2)) std::swap(copies, context_);
    // What happens to the other one must not show in this one.
    for (EVP_MD_CTX* other : {copies.reference.get(), copies.subject.get()})
      EVP_DigestUpdate(other, "other", 5);
    return difference;
  }

  Difference at_once() {
    const auto& digest = fetched_digest(name_);
    const std::uint32_t bytes = any_length(choices_);
    const std::uint8_t* data = any_material(choices_);
    auto call = [&](const EVP_MD* which) {
      Answer answer{0, kUntouched, guarded(EVP_MAX_MD_SIZE)};
      unsigned length = kUntouched;
      answer.code = EVP_Digest(data, bytes, answer.out.data(), &length, which, nullptr);
      answer.length = length;
      return answer;
    };
    return compare("EVP_Digest", {call(digest.reference.get()), call(digest.subject.get())});
  }

  Difference set_parameter() {
    if (choices_.one_in(2)) {
      std::size_t bytes = 1 + choices_.below(EVP_MAX_MD_SIZE);
      const OSSL_PARAM params[] = {OSSL_PARAM_size_t(OSSL_DIGEST_PARAM_XOFLEN, &bytes),
                                   OSSL_PARAM_END};
      return both("set xoflen", [&](EVP_MD_CTX* context) {
        return Answer{EVP_MD_CTX_set_params(context, params), 0, {}};
      });
    }
    Bytes secret = random_bytes(choices_, 48);
    return both("SSL3_MASTER_SECRET", [&](EVP_MD_CTX* context) {
      return Answer{
          EVP_MD_CTX_ctrl(context, EVP_CTRL_SSL3_MASTER_SECRET, 48, secret.data()), 0, {}};
    });
  }

  Choices& choices_;
  const char* name_;
  Both<Owned<EVP_MD_CTX>> context_;
  std::string last_;
};

}  // namespace

Difference run_digest_sequence(Choices& choices) {
  return DigestSequence(choices).run();
}

}  // namespace wd::test
