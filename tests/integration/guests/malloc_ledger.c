/* Preloaded in front of the shim: counts what is taken from malloc and its kin, by usable size. */
#define _GNU_SOURCE
#include <errno.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

void* __libc_malloc(size_t size);
void* __libc_calloc(size_t items, size_t size);
void* __libc_realloc(void* memory, size_t size);
void* __libc_memalign(size_t alignment, size_t size);
void __libc_free(void* memory);

static atomic_size_t live, peak;

size_t ledger_live(void);
size_t ledger_peak(void);
void ledger_forget_peak(void);
size_t ledger_live(void) {
  return live;
}
size_t ledger_peak(void) {
  return peak;
}
void ledger_forget_peak(void) {
  peak = live;
}

static void* given(void* memory) {
  if (!memory) return NULL;
  size_t now = atomic_fetch_add(&live, malloc_usable_size(memory)) + malloc_usable_size(memory);
  size_t highest = peak;
  while (now > highest && !atomic_compare_exchange_weak(&peak, &highest, now)) {
  }
  return memory;
}

void* malloc(size_t size) {
  return given(__libc_malloc(size));
}
void* calloc(size_t items, size_t size) {
  return given(__libc_calloc(items, size));
}
void* memalign(size_t alignment, size_t size) {
  return given(__libc_memalign(alignment, size));
}
void* aligned_alloc(size_t alignment, size_t size) {
  return given(__libc_memalign(alignment, size));
}

int posix_memalign(void** memory, size_t alignment, size_t size) {
  void* found = given(__libc_memalign(alignment, size));
  if (!found) return ENOMEM;
  *memory = found;
  return 0;
}

void* realloc(void* memory, size_t size) {
  size_t before = memory ? malloc_usable_size(memory) : 0;
  void* moved = __libc_realloc(memory, size);
  if (moved || size == 0) live -= before;
  return given(moved);
}

void free(void* memory) {
  if (memory) live -= malloc_usable_size(memory);
  __libc_free(memory);
}
