#include "two_libraries.hpp"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/params.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

namespace wd::test {

namespace {

constexpr std::size_t kParameterBytes = 160;  // the longest IV that GCM takes has 128
constexpr std::uint8_t kFill = 0xa5;

Both<OSSL_LIB_CTX*> contexts;
Both<OSSL_PROVIDER*> providers;

// To follow one sequence: every call with default's answer.
void trace(const std::string& call, const Answer& answer) {
  static const bool wanted = std::getenv("WD_TEST_TRACE") != nullptr;
  if (wanted)
    std::fprintf(stderr, "%s: %ld, length %ld\n", call.c_str(), answer.code, answer.length);
}

bool is_read_once(std::string_view name) {
  // Makes the next IV.
  return name == OSSL_CIPHER_PARAM_AEAD_TLS1_GET_IV_GEN || name == OSSL_CIPHER_PARAM_RANDOM_KEY;
}

// One parameter's value, however it is given.
Answer value_of(const OSSL_PARAM& name, bool of_subject,
                const std::function<int(bool, OSSL_PARAM*)>& get) {
  Answer answer;
  answer.out.assign(kParameterBytes, kFill);
  OSSL_PARAM asked[2] = {{name.key, name.data_type, answer.out.data(), kParameterBytes, 0},
                         OSSL_PARAM_END};
  const bool is_pointer =
      name.data_type == OSSL_PARAM_OCTET_PTR || name.data_type == OSSL_PARAM_UTF8_PTR;
  void* pointed = nullptr;
  if (is_pointer) {
    asked[0].data = &pointed;
    asked[0].data_size = 0;
  }
  const bool is_number =
      name.data_type == OSSL_PARAM_INTEGER || name.data_type == OSSL_PARAM_UNSIGNED_INTEGER;
  if (is_number) asked[0].data_size = sizeof(std::uint64_t);
  // A tag is given in the size that is asked for, up to 16 bytes.
  if (std::strcmp(name.key, OSSL_CIPHER_PARAM_AEAD_TAG) == 0) asked[0].data_size = 16;
  asked[0].return_size = OSSL_PARAM_UNMODIFIED;
  answer.code = get(of_subject, asked);
  answer.length = static_cast<long>(asked[0].return_size);
  if (is_pointer && answer.code == 1 && pointed != nullptr && asked[0].return_size <= 64)
    std::memcpy(answer.out.data(), pointed, asked[0].return_size);
  return answer;
}

// Errors that the queue holds, oldest first, as library and reason.
std::vector<std::pair<int, int>> take_errors() {
  std::vector<std::pair<int, int>> errors;
  while (const unsigned long error = ERR_get_error())
    errors.emplace_back(ERR_GET_LIB(error), ERR_GET_REASON(error));
  return errors;
}

// Programs look at what went wrong. Default was called first: so what is queued has to be the same
// twice.
void compare_errors(std::ostringstream& found) {
  const auto errors = take_errors();
  const auto half = errors.begin() + static_cast<std::ptrdiff_t>(errors.size() / 2);
  if (std::equal(errors.begin(), half, half, errors.end())) return;
  found << "  errors, default's and then wd's:";
  for (const auto& [library, reason] : errors) found << " " << library << ":" << reason;
  found << "\n";
}

}  // namespace

const Both<OSSL_LIB_CTX*>& libraries() {
  return contexts;
}

bool load_libraries(const char* module_folder) {
  contexts = {OSSL_LIB_CTX_new(), OSSL_LIB_CTX_new()};
  providers.reference = OSSL_PROVIDER_load(contexts.reference, "default");
  if (module_folder != nullptr &&
      OSSL_PROVIDER_set_default_search_path(contexts.subject, module_folder) == 1)
    providers.subject = OSSL_PROVIDER_load(contexts.subject, "wd");
  if (providers.reference != nullptr && providers.subject != nullptr) return true;
  std::fprintf(stderr, "no provider wd in %s\n",
               module_folder == nullptr ? "(no folder)" : module_folder);
  ERR_print_errors_fp(stderr);
  return false;
}

void unload_libraries() {
  OSSL_PROVIDER_unload(providers.subject);
  OSSL_PROVIDER_unload(providers.reference);
  OSSL_LIB_CTX_free(contexts.subject);
  OSSL_LIB_CTX_free(contexts.reference);
}

Difference compare(const std::string& call, const Both<Answer>& answers) {
  const Answer& reference = answers.reference;
  const Answer& subject = answers.subject;
  trace(call, reference);
  std::ostringstream found;
  compare_errors(found);
  if (reference.code != subject.code)
    found << "  return: default " << reference.code << ", wd " << subject.code << "\n";
  if (reference.length != subject.length)
    found << "  length: default " << reference.length << ", wd " << subject.length << "\n";
  if (reference.out != subject.out) {
    const auto at = std::mismatch(reference.out.begin(), reference.out.end(), subject.out.begin(),
                                  subject.out.end());
    found << "  output differs at byte " << at.first - reference.out.begin() << "\n";
  }
  const std::string text = found.str();
  return text.empty() ? text : "after " + call + ":\n" + text;
}

Difference compare_parameters(const std::string& call, const OSSL_PARAM* names,
                              const std::function<int(bool, OSSL_PARAM*)>& get,
                              const char* except) {
  Difference difference;
  for (; names != nullptr && names->key != nullptr && difference.empty(); ++names) {
    if (is_read_once(names->key) || std::strcmp(names->key, except) == 0) continue;
    difference = compare(call + ", parameter " + names->key,
                         {value_of(*names, false, get), value_of(*names, true, get)});
  }
  return difference;
}

}  // namespace wd::test
