// Memory that belongs to a thread and to no stream: made when first needed, freed when the thread
// ends.
//
// A borrowed scratch is marked busy, so that a signal handler that compresses while its thread does
// gets none and must do without.
#ifndef WD_BASE_THREAD_SCRATCH_HPP_
#define WD_BASE_THREAD_SCRATCH_HPP_

#include <cstddef>
#include <cstdint>

#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

class ThreadScratch {
 public:
  // How many kinds of tool a thread keeps.
  enum class Slot : std::uint8_t { compressor, decompressor, buffer, count_ };

  // Null when this thread's scratch is in use already, or there is no memory for one.
  static ThreadScratch* borrow() noexcept;
  void give_back() noexcept { busy_ = false; }

  // What the slot holds, with a number that says which kind (a compressor's level, a buffer's
  // size).
  [[nodiscard]] void* get(Slot slot) const noexcept { return at(slot).tool; }
  [[nodiscard]] std::size_t kind(Slot slot) const noexcept { return at(slot).kind; }
  // Replaces what the slot holds; `release` will be called for it.
  void put(Slot slot, void* tool, std::size_t kind, void (*release)(void*)) noexcept;

 private:
  struct Entry {
    void* tool = nullptr;
    std::size_t kind = 0;
    void (*release)(void*) = nullptr;
  };

  static void destroy(void* scratch) noexcept;
  friend struct ThreadScratchKey;
  [[nodiscard]] const Entry& at(Slot slot) const noexcept {
    return entries_[static_cast<std::size_t>(slot)];
  }

  Entry entries_[static_cast<std::size_t>(Slot::count_)];
  // volatile: only this thread and its signal handlers look at it.
  volatile bool busy_ = false;
};

// Borrows for a scope.
class BorrowedScratch {
 public:
  BorrowedScratch() noexcept : scratch_(ThreadScratch::borrow()) {}
  ~BorrowedScratch() {
    if (scratch_ != nullptr) scratch_->give_back();
  }
  BorrowedScratch(const BorrowedScratch&) = delete;
  BorrowedScratch& operator=(const BorrowedScratch&) = delete;

  explicit operator bool() const noexcept { return scratch_ != nullptr; }
  ThreadScratch* operator->() const noexcept { return scratch_; }

  // A buffer of at least `bytes`, valid until this scope ends; null without memory.
  [[nodiscard]] std::uint8_t* buffer(std::size_t bytes) noexcept;

 private:
  ThreadScratch* scratch_;
};

WD_NAMESPACE_END

#endif  // WD_BASE_THREAD_SCRATCH_HPP_
