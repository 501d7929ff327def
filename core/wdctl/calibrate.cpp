// wdctl calibrate: is what the provider accelerates faster here than OpenSSL's own?
//
// Both run in this process, in library contexts of their own, in turns; what counts is the CPU time
// of this thread. A family is switched on if none of its rows is slower.
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/provider.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "command.hpp"
#include "conf_file.hpp"

namespace wd::ctl {

namespace {

// What is measured of a family: algorithms that one call computes.
struct Row {
  const char* family;
  const char* algorithm;
  enum class Kind { seal, crypt, digest, hmac } kind;
};

constexpr Row kRows[] = {
    {"aes_gcm", "AES-128-GCM", Row::Kind::seal},  {"aes_gcm", "AES-256-GCM", Row::Kind::seal},
    {"aes_ctr", "AES-128-CTR", Row::Kind::crypt}, {"aes_ctr", "AES-256-CTR", Row::Kind::crypt},
    {"aes_cbc", "AES-128-CBC", Row::Kind::crypt}, {"aes_cbc", "AES-256-CBC", Row::Kind::crypt},
    {"sha1", "SHA1", Row::Kind::digest},          {"sha2", "SHA2-256", Row::Kind::digest},
    {"sha2", "SHA2-512", Row::Kind::digest},      {"hmac", "SHA2-256", Row::Kind::hmac},
};
constexpr std::size_t kSizes[] = {64, 1024, 16384};
constexpr int kRounds = 9;
constexpr double kSampleNanoseconds = 2e6;
// What two runs of the same differ by on a machine that is not quiet.
constexpr double kNoise = 0.97;

struct Free {
  void operator()(EVP_CIPHER* cipher) const { EVP_CIPHER_free(cipher); }
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
  void operator()(EVP_MD* digest) const { EVP_MD_free(digest); }
  void operator()(EVP_MAC* mac) const { EVP_MAC_free(mac); }
  void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};
template <class Object>
using Owned = std::unique_ptr<Object, Free>;

// One row with one provider: run() is one message.
class Message {
 public:
  Message(OSSL_LIB_CTX* library, const Row& row) : kind_(row.kind) {
    if (kind_ == Row::Kind::digest) {
      digest_.reset(EVP_MD_fetch(library, row.algorithm, nullptr));
    } else if (kind_ == Row::Kind::hmac) {
      const Owned<EVP_MAC> mac(EVP_MAC_fetch(library, "HMAC", nullptr));
      mac_.reset(mac != nullptr ? EVP_MAC_CTX_new(mac.get()) : nullptr);
      char name[] = "SHA2-256";
      const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string("digest", name, 0),
                                   OSSL_PARAM_construct_end()};
      if (mac_ != nullptr && EVP_MAC_init(mac_.get(), kKey, sizeof(kKey), params) != 1)
        mac_.reset();
    } else {
      const Owned<EVP_CIPHER> cipher(EVP_CIPHER_fetch(library, row.algorithm, nullptr));
      cipher_.reset(EVP_CIPHER_CTX_new());
      if (cipher == nullptr ||
          EVP_EncryptInit_ex(cipher_.get(), cipher.get(), nullptr, kKey, kIv) != 1)
        cipher_.reset();
    }
  }

  explicit operator bool() const {
    return digest_ != nullptr || mac_ != nullptr || cipher_ != nullptr;
  }

  void run(std::vector<unsigned char>& text) {
    int length = 0;
    const int bytes = static_cast<int>(text.size());
    std::size_t produced = 0;
    switch (kind_) {
      case Row::Kind::seal:
        EVP_EncryptInit_ex(cipher_.get(), nullptr, nullptr, nullptr, kIv);
        EVP_EncryptUpdate(cipher_.get(), nullptr, &length, kAad, sizeof(kAad));
        EVP_EncryptUpdate(cipher_.get(), text.data(), &length, text.data(), bytes);
        EVP_EncryptFinal_ex(cipher_.get(), out_, &length);
        EVP_CIPHER_CTX_ctrl(cipher_.get(), EVP_CTRL_AEAD_GET_TAG, 16, out_);
        break;
      case Row::Kind::crypt:
        EVP_EncryptUpdate(cipher_.get(), text.data(), &length, text.data(), bytes);
        break;
      case Row::Kind::digest:
        EVP_Digest(text.data(), text.size(), out_, nullptr, digest_.get(), nullptr);
        break;
      case Row::Kind::hmac:
        EVP_MAC_init(mac_.get(), nullptr, 0, nullptr);
        EVP_MAC_update(mac_.get(), text.data(), text.size());
        EVP_MAC_final(mac_.get(), out_, &produced, sizeof(out_));
        break;
    }
  }

 private:
  static constexpr unsigned char kKey[32] = {1, 2, 3};
  static constexpr unsigned char kIv[16] = {4, 5, 6};
  static constexpr unsigned char kAad[13] = {7, 8, 9};

  Row::Kind kind_;
  Owned<EVP_CIPHER_CTX> cipher_;
  Owned<EVP_MD> digest_;
  Owned<EVP_MAC_CTX> mac_;
  unsigned char out_[64];
};

double cpu_nanoseconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

double sample(Message& message, std::vector<unsigned char>& text, int messages) {
  const double start = cpu_nanoseconds();
  for (int i = 0; i < messages; ++i) message.run(text);
  return cpu_nanoseconds() - start;
}

// How many messages make a sample that the clock can measure.
int messages_per_sample(Message& message, std::vector<unsigned char>& text) {
  int messages = 16;
  while (sample(message, text, messages) < kSampleNanoseconds / 2) messages *= 2;
  return messages;
}

// Default's time divided by ours.
double ratio(Message& standard, Message& ours, std::size_t bytes) {
  std::vector<unsigned char> text(bytes, 0x5a);
  const int messages = messages_per_sample(standard, text);
  std::array<double, kRounds> ratios;
  for (int round = 0; round < kRounds; ++round) {
    // In the other order each time, so that what drifts meets both.
    const bool ours_first = round % 2 != 0;
    const double first = sample(ours_first ? ours : standard, text, messages);
    const double second = sample(ours_first ? standard : ours, text, messages);
    ratios[static_cast<std::size_t>(round)] = ours_first ? second / first : first / second;
  }
  std::nth_element(ratios.begin(), ratios.begin() + kRounds / 2, ratios.end());
  return ratios[kRounds / 2];
}

// The provider must not go by what the machine's wd.conf says, and nothing may be left to it: it
// reads this one, which is nowhere on disk.
bool switch_everything_on() {
  std::string text;
  for (const Row& row : kRows) text += std::string(row.family) + " = on\n";
  const int fd = memfd_create("wd.conf", 0);
  if (fd < 0 || fchmod(fd, 0600) != 0 ||
      write(fd, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    return false;
  unsetenv("WD_STATS");
  return setenv("WD_CONF", ("/proc/self/fd/" + std::to_string(fd)).c_str(), 1) == 0;
}

// Beside us where we were built or installed; else where OpenSSL looks.
void find_module(OSSL_LIB_CTX* library) {
  const auto folder = std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() /
                      "lib/ossl-modules";
  if (std::filesystem::exists(folder / "wd.so"))
    OSSL_PROVIDER_set_default_search_path(library, folder.c_str());
}

struct Choice {
  std::string family;
  double worst;
};

std::vector<Choice> measure(OSSL_LIB_CTX* standard, OSSL_LIB_CTX* ours) {
  std::vector<Choice> choices;
  std::printf("%-10s %-12s", "family", "algorithm");
  for (const std::size_t bytes : kSizes) std::printf(" %7zu B", bytes);
  std::printf("\n");
  for (const Row& row : kRows) {
    Message with_default(standard, row);
    Message with_ours(ours, row);
    if (!with_default || !with_ours) continue;
    if (choices.empty() || choices.back().family != row.family)
      choices.push_back({row.family, 1e9});
    std::printf("%-10s %-12s", row.family, row.algorithm);
    for (const std::size_t bytes : kSizes) {
      const double measured = ratio(with_default, with_ours, bytes);
      choices.back().worst = std::min(choices.back().worst, measured);
      std::printf(" %8.2fx", measured);
    }
    std::printf("\n");
  }
  return choices;
}

std::string file_to_write(Arguments arguments) {
  if (!arguments.empty()) return std::string(arguments[0]);
  const char* named = secure_getenv("WD_CONF");
  return named != nullptr && *named != '\0' ? named : "/etc/wd.conf";
}

}  // namespace

int calibrate(Arguments arguments) {
  if (arguments.size() > 1) {
    std::fprintf(stderr, "usage: wdctl calibrate [FILE]\n");
    return 2;
  }
  const std::string path = file_to_write(arguments);
  OSSL_LIB_CTX* standard = OSSL_LIB_CTX_new();
  OSSL_LIB_CTX* ours = OSSL_LIB_CTX_new();
  find_module(ours);
  if (!switch_everything_on() || OSSL_PROVIDER_load(standard, "default") == nullptr ||
      OSSL_PROVIDER_load(ours, "wd") == nullptr) {
    std::fprintf(stderr, "wdctl: the provider cannot be loaded\n");
    ERR_print_errors_fp(stderr);
    return 1;
  }
  std::vector<std::pair<std::string, std::string>> keys;
  for (const Choice& choice : measure(standard, ours))
    keys.emplace_back(choice.family, choice.worst >= kNoise ? "on" : "off");
  OSSL_LIB_CTX_free(ours);
  OSSL_LIB_CTX_free(standard);
  const std::string failure = set_keys(path, OpenSSL_version(OPENSSL_VERSION), keys);
  if (!failure.empty()) {
    std::fprintf(stderr, "wdctl: %s: %s\n", path.c_str(), failure.c_str());
    return 1;
  }
  for (const auto& [key, value] : keys) std::printf("%s = %s\n", key.c_str(), value.c_str());
  std::printf("written to %s\n", path.c_str());
  return 0;
}

}  // namespace wd::ctl
