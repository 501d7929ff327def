// What is held for owners that may go without a word: objects in memory of the caller's, which an
// arena's user drops as a whole. Whatever such an owner holds elsewhere is watched here. It carries
// a mark, and where its mark can no longer be read, what it held is an orphan, and released.
//
// How many are watched at a time is limited, and so is what orphans can hold on to: each new owner
// that comes to the place of an old one shows that to be gone, and once many are watched, each
// looks for others.
//
// Threading: any; no lock, so a forked child goes on with what it inherited. Ownership: of what is
// watched, until the owner says that it has released it.
#ifndef WD_BASE_ORPHAN_WATCH_HPP_
#define WD_BASE_ORPHAN_WATCH_HPP_

#include <atomic>
#include <cstdint>

#include "wd/orphan_mark.hpp"
#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

class OrphanWatch {
 public:
  static constexpr unsigned kMost = 64;
  // From here on orphans are looked for by asking the kernel what is at their marks.
  static constexpr unsigned kMany = 16;

  // Releases `held`. `by` is whatever that takes.
  using Release = void (*)(const void* by, void* held) noexcept;

  // In memory of its own; null if there is none.
  static OrphanWatch* create() noexcept;
  // Releases what is still watched. No owner may be alive.
  static void destroy(OrphanWatch* watch) noexcept;
  OrphanWatch(const OrphanWatch&) = delete;
  OrphanWatch& operator=(const OrphanWatch&) = delete;

  // Watches over `held` for the owner that `mark` is a part of and that stays where it is. False,
  // and nothing has happened, if as many are watched as may be.
  [[nodiscard]] bool watch(OrphanMark& mark, const void* by, void* held, Release release) noexcept;
  // The owner is alive, and is about to release what it held.
  void forget(OrphanMark& mark) noexcept;

  [[nodiscard]] unsigned watched() const noexcept {
    return watched_.load(std::memory_order_relaxed);
  }

 private:
  struct Entry {
    // The owner's mark, or what it is on the way from or to one. Marks are never given twice.
    std::atomic<std::uint64_t> mark{kNobody};
    std::atomic<const OrphanMark*> at{nullptr};
    const void* by = nullptr;
    void* held = nullptr;
    Release release = nullptr;
  };
  static constexpr std::uint64_t kNobody = 0;
  static constexpr std::uint64_t kChanging = 1;

  OrphanWatch() noexcept = default;
  ~OrphanWatch() = default;

  [[nodiscard]] static bool has_gone(const OrphanMark* at, std::uint64_t mark) noexcept;
  void release_if_still(Entry& entry, std::uint64_t mark) noexcept;
  void look_for_orphans() noexcept;

  Entry entries_[kMost];
  std::atomic<unsigned> watched_{0};
  std::atomic<unsigned> next_look_{0};
};

WD_NAMESPACE_END

#endif  // WD_BASE_ORPHAN_WATCH_HPP_
