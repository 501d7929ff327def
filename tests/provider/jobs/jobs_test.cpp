// Messages of several ASYNC_JOBs, which share batches: right whatever comes together, and whatever
// becomes of a job. How many were batched is asserted from WD_STATS, by jobs.py.
#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <cstdlib>
#include <memory>
#include <thread>

#include "job_loop.hpp"
#include "operation.hpp"
#include "providers.hpp"

namespace {

using wd::test::Bytes;
using wd::test::Job;
using wd::test::Library;
using wd::test::Operation;

// Jobs of several operations each, all at once; their results against default's, computed alone.
bool all_right(const Library& wd, const Library& standard, std::size_t jobs, std::size_t operations,
               unsigned seed) {
  std::mt19937 random(seed);
  std::vector<std::unique_ptr<Job>> owned;
  std::vector<Job*> all;
  for (std::size_t i = 0; i < jobs; ++i) {
    std::vector<std::pair<Operation, Bytes>> work;
    for (std::size_t k = 0; k < operations; ++k) {
      Operation operation = wd::test::any_operation(random, seed % wd::test::kOperations);
      Bytes expected = wd::test::result_of(operation, standard.get());
      work.emplace_back(std::move(operation), std::move(expected));
    }
    owned.push_back(std::make_unique<Job>([&wd, work] {
      for (const auto& [operation, expected] : work)
        if (wd::test::result_of(operation, wd.get()) != expected) return false;
      return true;
    }));
    all.push_back(owned.back().get());
  }
  if (!wd::test::run_all(all)) return false;
  for (const Job* job : all)
    if (!job->succeeded()) return false;
  return true;
}

Operation large_encryption() {
  return {Operation::Kind::cbc, "AES-128-CBC", Bytes(16, 1), Bytes(16, 2), {Bytes(16384, 3)}};
}

// What a thread has learned of how many come together must not decide what the next test sees.
template <class Body>
void in_fresh_thread(Body body) {
  std::thread([&] {
    body();
    OPENSSL_thread_stop();
  }).join();
}

TEST(Jobs, GetTheirOwnResults) {
  const Library wd("wd");
  const Library standard("default");
  for (unsigned round = 0; round < 3 * wd::test::kOperations; ++round)
    EXPECT_TRUE(all_right(wd, standard, 1 + round * 2, 4, round)) << "round " << round;
}

TEST(Jobs, RunInSeveralThreads) {
  const Library wd("wd");
  const Library standard("default");
  std::vector<std::thread> threads;
  std::atomic<int> right{0};
  for (unsigned i = 0; i < 4; ++i)
    threads.emplace_back([&, i] {
      if (all_right(wd, standard, 24, 3, 1000 + i)) ++right;
      OPENSSL_thread_stop();
      ASYNC_cleanup_thread();
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 4);
}

TEST(Jobs, GoOnAloneWithoutOthers) {
  in_fresh_thread([] {
    const Library wd("wd");
    const Library standard("default");
    const Operation operation = large_encryption();
    const Bytes expected = wd::test::result_of(operation, standard.get());
    Job job([&] { return wd::test::result_of(operation, wd.get()) == expected; });
    EXPECT_TRUE(wd::test::run_all({&job}));
    EXPECT_TRUE(job.succeeded());
    EXPECT_LE(job.pauses(), 1);
  });
}

TEST(Jobs, TakeTheirDescriptorOutWhenTheyGoOn) {
  in_fresh_thread([] {
    const Library wd("wd");
    const Operation operation = large_encryption();
    std::vector<int> inside;
    Job job([&] {
      const bool done = !wd::test::result_of(operation, wd.get()).empty();
      std::size_t count = 0;
      ASYNC_WAIT_CTX_get_all_fds(ASYNC_get_wait_ctx(ASYNC_get_current_job()), nullptr, &count);
      inside.resize(count);
      return done;
    });
    ASSERT_EQ(job.go_on(), ASYNC_PAUSE);
    EXPECT_EQ(job.descriptors().size(), 1u);
    ASSERT_EQ(job.go_on(), ASYNC_FINISH);
    EXPECT_TRUE(inside.empty()) << "a loop that watches it would spin";
  });
}

TEST(Jobs, CallTheCallbackInsteadOfADescriptor) {
  in_fresh_thread([] {
    const Library wd("wd");
    const Operation operation = large_encryption();
    int called = 0;
    Job job([&] { return !wd::test::result_of(operation, wd.get()).empty(); });
    ASYNC_WAIT_CTX_set_callback(
        job.wait(),
        [](void* count) {
          ++*static_cast<int*>(count);
          return 1;
        },
        &called);
    ASSERT_EQ(job.go_on(), ASYNC_PAUSE);
    EXPECT_EQ(called, 1);
    EXPECT_TRUE(job.descriptors().empty());
    ASSERT_EQ(job.go_on(), ASYNC_FINISH);
    EXPECT_TRUE(job.succeeded());
  });
}

// The wait context of a paused job is freed, and the memory that its operation writes to with it.
TEST(Jobs, ThatAreAbandonedLeaveTheirBatch) {
  in_fresh_thread([] {
    const Library wd("wd");
    const Library standard("default");
    const Operation operation = large_encryption();
    const auto left_behind = std::make_unique<Bytes>(16384 + 32, std::uint8_t{0});
    EVP_CIPHER* cipher = EVP_CIPHER_fetch(wd.get(), "AES-128-CBC", nullptr);
    EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
    ASSERT_EQ(
        EVP_EncryptInit_ex2(context, cipher, operation.key.data(), operation.iv.data(), nullptr),
        1);
    // Never destroyed: its stack is OpenSSL's, and stays paused.
    auto* abandoned = new Job([&] {
      int produced = 0;
      return EVP_EncryptUpdate(context, left_behind->data(), &produced, operation.pieces[0].data(),
                               static_cast<int>(operation.pieces[0].size())) == 1;
    });
    ASSERT_EQ(abandoned->go_on(), ASYNC_PAUSE);
    abandoned->abandon();
    EXPECT_TRUE(all_right(wd, standard, 20, 4, 77));
    EXPECT_EQ((*left_behind)[0], 0) << "nothing wrote to what was given up";
    EVP_CIPHER_CTX_free(context);
    EVP_CIPHER_free(cipher);
  });
}

TEST(Jobs, WhoseContextIsFreedLeaveTheirBatch) {
  in_fresh_thread([] {
    const Library wd("wd");
    const Library standard("default");
    const Operation operation = large_encryption();
    Bytes left_behind(16384 + 32);
    EVP_CIPHER* cipher = EVP_CIPHER_fetch(wd.get(), "AES-128-CBC", nullptr);
    EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
    ASSERT_EQ(
        EVP_EncryptInit_ex2(context, cipher, operation.key.data(), operation.iv.data(), nullptr),
        1);
    auto* abandoned = new Job([&] {
      int produced = 0;
      return EVP_EncryptUpdate(context, left_behind.data(), &produced, operation.pieces[0].data(),
                               static_cast<int>(operation.pieces[0].size())) == 1;
    });
    ASSERT_EQ(abandoned->go_on(), ASYNC_PAUSE);
    EVP_CIPHER_CTX_free(context);
    EVP_CIPHER_free(cipher);
    EXPECT_TRUE(all_right(wd, standard, 20, 4, 78));
    EXPECT_EQ(left_behind[0], 0);
  });
}

// What was made of the provider keeps it; then the module goes, and a paused job with it.
TEST(Jobs, AreOutstandingWhenTheProviderIsUnloaded) {
  in_fresh_thread([] {
    const Operation operation = large_encryption();
    Bytes left_behind(16384 + 32);
    auto wd = std::make_unique<Library>("wd");
    EVP_CIPHER* cipher = EVP_CIPHER_fetch(wd->get(), "AES-128-CBC", nullptr);
    EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
    ASSERT_EQ(
        EVP_EncryptInit_ex2(context, cipher, operation.key.data(), operation.iv.data(), nullptr),
        1);
    auto* outstanding = new Job([&] {
      int produced = 0;
      return EVP_EncryptUpdate(context, left_behind.data(), &produced, operation.pieces[0].data(),
                               static_cast<int>(operation.pieces[0].size())) == 1;
    });
    ASSERT_EQ(outstanding->go_on(), ASYNC_PAUSE);
    wd.reset();
    EVP_CIPHER_CTX_free(context);
    EVP_CIPHER_free(cipher);
    // The module is gone by now, and nothing of it may be called.
    outstanding->abandon();
  });
  // And it can be loaded again.
  const Library wd("wd");
  const Library standard("default");
  EXPECT_TRUE(all_right(wd, standard, 20, 2, 79));
}

TEST(Jobs, AreOutstandingWhenTheirThreadEnds) {
  const Library wd("wd");
  const Library standard("default");
  const Operation operation = large_encryption();
  Bytes left_behind(16384 + 32);
  EVP_CIPHER* cipher = EVP_CIPHER_fetch(wd.get(), "AES-128-CBC", nullptr);
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  ASSERT_EQ(
      EVP_EncryptInit_ex2(context, cipher, operation.key.data(), operation.iv.data(), nullptr), 1);
  in_fresh_thread([&] {
    auto* outstanding = new Job([&] {
      int produced = 0;
      return EVP_EncryptUpdate(context, left_behind.data(), &produced, operation.pieces[0].data(),
                               static_cast<int>(operation.pieces[0].size())) == 1;
    });
    ASSERT_EQ(outstanding->go_on(), ASYNC_PAUSE);
  });
  // Threads use again what that one left.
  in_fresh_thread([&] { EXPECT_TRUE(all_right(wd, standard, 20, 2, 80)); });
  EXPECT_EQ(left_behind[0], 0);
  EVP_CIPHER_free(cipher);
}

}  // namespace
