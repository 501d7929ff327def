// Threads that share a loaded provider, and threads that load one each. Under the thread sanitizer,
// too.
#include <atomic>
#include <thread>

#include "loaded.hpp"

namespace wd::test {

namespace {

constexpr int kThreads = 6;
constexpr int kRounds = 12;

template <class Body>
void in_threads(Body body) {
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back([&body, i] { body(i); });
  for (std::thread& thread : threads) thread.join();
}

std::string expected() {
  const Library library({"default"});
  return works(library.context());
}

}  // namespace

TEST(ProviderThreads, ShareOneLibraryContext) {
  const std::string wanted = expected();
  const Library library({"wd"});
  std::atomic<int> wrong = 0;
  in_threads([&](int) {
    for (int round = 0; round < kRounds; ++round)
      if (works(library.context()) != wanted) ++wrong;
  });
  EXPECT_EQ(wrong, 0);
}

TEST(ProviderThreads, LoadAndUnloadEachItsOwn) {
  const std::string wanted = expected();
  std::atomic<int> wrong = 0;
  in_threads([&](int) {
    for (int round = 0; round < kRounds; ++round) {
      const Library library({"wd"});
      if (works(library.context()) != wanted) ++wrong;
    }
  });
  EXPECT_EQ(wrong, 0);
}

TEST(ProviderThreads, LoadAndUnloadInOneContext) {
  const std::string wanted = expected();
  const Library library({"wd"});
  std::atomic<int> wrong = 0;
  in_threads([&](int number) {
    for (int round = 0; round < kRounds; ++round) {
      OSSL_PROVIDER* again =
          number % 2 == 0 ? OSSL_PROVIDER_load(library.context(), "wd") : nullptr;
      if (works(library.context()) != wanted) ++wrong;
      if (again != nullptr) OSSL_PROVIDER_unload(again);
    }
  });
  EXPECT_EQ(wrong, 0);
}

// A context begun in one thread goes on in another one.
TEST(ProviderThreads, HandContextsOver) {
  const Library library({"wd"});
  EVP_CIPHER* cipher = EVP_CIPHER_fetch(library.context(), "AES-128-GCM", nullptr);
  std::atomic<int> wrong = 0;
  for (int round = 0; round < kRounds; ++round) {
    EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
    std::uint8_t data[64] = {};
    int length = 0;
    std::thread([&] {
      if (EVP_EncryptInit_ex2(context, cipher, data, data, nullptr) != 1) ++wrong;
    }).join();
    std::thread([&] {
      if (EVP_EncryptUpdate(context, data, &length, data, sizeof data) != 1) ++wrong;
      EVP_CIPHER_CTX_free(context);
    }).join();
  }
  EVP_CIPHER_free(cipher);
  EXPECT_EQ(wrong, 0);
}

}  // namespace wd::test
