/* Memory of streams without the caller's zalloc: prints what one more stream costs, "LABEL: BYTES",
 * as the difference between the peaks with a few streams alive and with twice as many, so that what
 * belongs to the thread and to no stream does not count. Runs under malloc_ledger. */
#define _GNU_SOURCE
#include <dlfcn.h>

#include "memory_uses.h"

enum { FEW = 3 };

static size_t (*live)(void), (*peak)(void);
static void (*forget_peak)(void);

static void* ledger(const char* name) {
  void* function = dlsym(RTLD_DEFAULT, name);
  CHECK(function);
  return function;
}

static size_t peak_of_deflates(int streams, int window, int memory, int level, enum use use) {
  z_stream all[2 * FEW] = {0};
  size_t before = live();
  forget_peak();
  for (int i = 0; i < streams; i++) {
    CHECK(deflateInit2(&all[i], level, Z_DEFLATED, window, memory, Z_DEFAULT_STRATEGY) == Z_OK);
    feed(&all[i], deflate, input, INPUT_BYTES, output, OUTPUT_BYTES, use);
  }
  size_t highest = peak() - before;
  for (int i = 0; i < streams; i++) CHECK(deflateEnd(&all[i]) == Z_OK);
  /* The first time makes what belongs to the thread; after that nothing stays behind. */
  CHECK(streams == 1 || live() <= before + 4096);
  return highest;
}

static size_t peak_of_inflates(int streams, unsigned char* coded, size_t length, int window,
                               enum use use) {
  z_stream all[2 * FEW] = {0};
  size_t before = live();
  forget_peak();
  for (int i = 0; i < streams; i++) {
    CHECK(inflateInit2(&all[i], window) == Z_OK);
    feed(&all[i], inflate, coded, length, restored, INPUT_BYTES, use);
  }
  size_t highest = peak() - before;
  for (int i = 0; i < streams; i++) CHECK(inflateEnd(&all[i]) == Z_OK);
  /* The first time makes what belongs to the thread; after that nothing stays behind. */
  CHECK(streams == 1 || live() <= before + 4096);
  return highest;
}

int main(void) {
  static const int windows[] = {15, 9, -15, 31}, memory_levels[] = {1, 8}, levels[] = {0, 6, 9};
  static const int inflate_windows[] = {15, 31, 9, -15};
  static unsigned char coded[OUTPUT_BYTES];
  live = (size_t(*)(void))ledger("ledger_live");
  peak = (size_t(*)(void))ledger("ledger_peak");
  forget_peak = (void (*)(void))ledger("ledger_forget_peak");
  fill_text(input, INPUT_BYTES, 17);
  printf("memory of one stream\n");
  for (size_t w = 0; w < sizeof windows / sizeof *windows; w++) {
    for (size_t m = 0; m < sizeof memory_levels / sizeof *memory_levels; m++) {
      for (size_t l = 0; l < sizeof levels / sizeof *levels; l++) {
        for (int use = 0; use < USES; use++) {
          /* Once before it counts: the scratch of the thread, made on first use. */
          peak_of_deflates(1, windows[w], memory_levels[m], levels[l], use);
          size_t few = peak_of_deflates(FEW, windows[w], memory_levels[m], levels[l], use);
          size_t more = peak_of_deflates(2 * FEW, windows[w], memory_levels[m], levels[l], use);
          printf("deflate window %d memory %d level %d %s: %zu\n", windows[w], memory_levels[m],
                 levels[l], use_names[use], (more - few) / FEW);
        }
      }
    }
  }
  for (size_t w = 0; w < sizeof inflate_windows / sizeof *inflate_windows; w++) {
    size_t length = compressed_input(coded, sizeof coded, inflate_windows[w]);
    for (int use = 0; use < USES; use++) {
      peak_of_inflates(1, coded, length, inflate_windows[w], use);
      size_t few = peak_of_inflates(FEW, coded, length, inflate_windows[w], use);
      size_t more = peak_of_inflates(2 * FEW, coded, length, inflate_windows[w], use);
      printf("inflate window %d %s: %zu\n", inflate_windows[w], use_names[use], (more - few) / FEW);
    }
  }
  return 0;
}
