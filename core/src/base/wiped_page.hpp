// A page of words that a forked child finds all zero: how a fork is noticed (a raw clone runs no
// handlers), and where locks live that no child may inherit locked.
#ifndef WD_BASE_WIPED_PAGE_HPP_
#define WD_BASE_WIPED_PAGE_HPP_

#include <sys/mman.h>

#include <cerrno>
#include <cstddef>
#include <utility>

#include "wd/result.hpp"

WD_NAMESPACE_BEGIN

// `Words` is what the page holds: zero bytes must be a value of it, which is what it starts with.
template <class Words>
class WipedPage {
 public:
  static Result<WipedPage> create() noexcept {
    void* page =
        mmap(nullptr, sizeof(Words), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED)
      return Error{Errc::no_memory, ENOMEM, "no page for words that a fork wipes"};
    if (madvise(page, sizeof(Words), MADV_WIPEONFORK) != 0) {
      const int failure = errno;
      munmap(page, sizeof(Words));
      return Error{Errc::unsupported, failure, "the kernel does not wipe pages at fork"};
    }
    return WipedPage(static_cast<Words*>(page));
  }

  WipedPage(WipedPage&& other) noexcept : words_(std::exchange(other.words_, nullptr)) {}
  WipedPage(const WipedPage&) = delete;
  WipedPage& operator=(const WipedPage&) = delete;
  WipedPage& operator=(WipedPage&&) = delete;
  ~WipedPage() {
    if (words_ != nullptr) munmap(words_, sizeof(Words));
  }

  Words* operator->() const noexcept { return words_; }
  Words& operator*() const noexcept { return *words_; }

 private:
  explicit WipedPage(Words* words) noexcept : words_(words) {}

  Words* words_;
};

WD_NAMESPACE_END

#endif  // WD_BASE_WIPED_PAGE_HPP_
