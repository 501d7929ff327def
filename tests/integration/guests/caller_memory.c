/* Memory from the caller's zalloc: prints what each stream asked for in its life, as "LABEL:
 * ITEMSxSIZE ... peak N", and checks what needs no oracle: that all is given back once, that a
 * refusal is an answer and leaves nothing behind, that nginx's arena is large enough, and that
 * nothing is taken from elsewhere and lost with an arena. */
#include <malloc.h>
#include <stdbool.h>

#include "memory_uses.h"

enum { MOST_BLOCKS = 64 };

struct ledger {
  struct {
    void* memory;
    unsigned items, size;
    bool freed;
  } blocks[MOST_BLOCKS];
  int count, refuse_at;
  size_t live, peak;
};

static void* ledger_alloc(void* opaque, unsigned items, unsigned size) {
  struct ledger* ledger = opaque;
  CHECK(ledger->count < MOST_BLOCKS);
  if (ledger->count == ledger->refuse_at) return Z_NULL;
  void* memory = malloc((size_t)items * size);
  CHECK(memory);
  /* zlib takes what it gets; nobody may count on zeroes. */
  memset(memory, 0xa5, (size_t)items * size);
  ledger->blocks[ledger->count].memory = memory;
  ledger->blocks[ledger->count].items = items;
  ledger->blocks[ledger->count].size = size;
  ledger->count++;
  ledger->live += (size_t)items * size;
  if (ledger->live > ledger->peak) ledger->peak = ledger->live;
  return memory;
}

static void ledger_free(void* opaque, void* memory) {
  struct ledger* ledger = opaque;
  for (int i = 0; i < ledger->count; i++) {
    if (ledger->blocks[i].memory != memory || ledger->blocks[i].freed) continue;
    ledger->blocks[i].freed = true;
    ledger->live -= (size_t)ledger->blocks[i].items * ledger->blocks[i].size;
    memset(memory, 0x5a, (size_t)ledger->blocks[i].items * ledger->blocks[i].size);
    free(memory);
    return;
  }
  CHECK(!"freed what was never given, or twice");
}

static z_stream stream_of(struct ledger* ledger) {
  *ledger = (struct ledger){.refuse_at = -1};
  return (z_stream){.zalloc = ledger_alloc, .zfree = ledger_free, .opaque = ledger};
}

static void print(const struct ledger* ledger) {
  for (int i = 0; i < ledger->count; i++)
    printf(" %ux%u", ledger->blocks[i].items, ledger->blocks[i].size);
  printf(" peak %zu\n", ledger->peak);
  CHECK(ledger->live == 0);
}

static const int windows[] = {15, 12, 10, 9, -15, -9, 31, 25};
static const int memory_levels[] = {1, 4, 8, 9}, levels[] = {0, 1, 6, 9};
#define COUNT(array) (sizeof array / sizeof *array)

static void deflate_life(int window, int memory, int level, int strategy, enum use use,
                         struct ledger* ledger) {
  z_stream stream = stream_of(ledger), copy;
  CHECK(deflateInit2(&stream, level, Z_DEFLATED, window, memory, strategy) == Z_OK);
  feed(&stream, deflate, input, INPUT_BYTES, output, OUTPUT_BYTES, use);
  CHECK(deflateReset(&stream) == Z_OK);
  CHECK(window > 15 || deflateSetDictionary(&stream, input, 20000) == Z_OK);
  stream.next_in = input;
  stream.avail_in = 50000;
  stream.next_out = output;
  stream.avail_out = OUTPUT_BYTES;
  CHECK(deflate(&stream, Z_SYNC_FLUSH) == Z_OK);
  CHECK(deflateParams(&stream, level ? 0 : 9, Z_DEFAULT_STRATEGY) == Z_OK);
  CHECK(deflateCopy(&copy, &stream) == Z_OK);
  CHECK(deflateEnd(&stream) == Z_DATA_ERROR);
  copy.next_in = input;
  copy.avail_in = 50000;
  CHECK(deflate(&copy, Z_FINISH) == Z_STREAM_END);
  CHECK(deflateEnd(&copy) == Z_OK);
}

static void all_deflates(void) {
  for (size_t window = 0; window < COUNT(windows); window++) {
    for (size_t memory = 0; memory < COUNT(memory_levels); memory++) {
      for (size_t level = 0; level < COUNT(levels); level++) {
        for (int use = 0; use < USES; use++) {
          struct ledger ledger;
          deflate_life(windows[window], memory_levels[memory], levels[level], Z_DEFAULT_STRATEGY,
                       use, &ledger);
          printf("deflate window %d memory %d level %d %s:", windows[window], memory_levels[memory],
                 levels[level], use_names[use]);
          print(&ledger);
        }
      }
    }
  }
  for (int strategy = Z_FILTERED; strategy <= Z_FIXED; strategy++) {
    struct ledger ledger;
    deflate_life(15, 8, 6, strategy, AT_ONCE, &ledger);
    printf("deflate strategy %d:", strategy);
    print(&ledger);
  }
}

static void all_inflates(void) {
  static const int pairs[][2] = {{15, 15}, {15, 47}, {15, 0}, {31, 31},   {31, 47},   {-15, -15},
                                 {9, 9},   {9, 15},  {9, 0},  {-10, -10}, {-10, -15}, {25, 31}};
  static unsigned char coded[OUTPUT_BYTES];
  for (size_t pair = 0; pair < COUNT(pairs); pair++) {
    size_t length = compressed_input(coded, sizeof coded, pairs[pair][0]);
    for (int use = 0; use < USES; use++) {
      struct ledger ledger;
      z_stream stream = stream_of(&ledger), copy;
      CHECK(inflateInit2(&stream, pairs[pair][1]) == Z_OK);
      feed(&stream, inflate, coded, length, restored, INPUT_BYTES, use);
      CHECK(use == AT_ONCE_SHORT || use == NOTHING || memcmp(input, restored, INPUT_BYTES) == 0);
      CHECK(inflateCopy(&copy, &stream) == Z_OK);
      CHECK(inflateReset(&stream) == Z_OK);
      feed(&stream, inflate, coded, length, restored, INPUT_BYTES, use);
      CHECK(inflateEnd(&copy) == Z_OK && inflateEnd(&stream) == Z_OK);
      printf("inflate of %d by %d %s:", pairs[pair][0], pairs[pair][1], use_names[use]);
      print(&ledger);
    }
  }
}

/* A caller that gives the first `limit` blocks and no more: Z_MEM_ERROR or a working stream, and
 * nothing left behind. */
static void refusals(void) {
  static unsigned char coded[OUTPUT_BYTES];
  size_t length = compressed_input(coded, sizeof coded, 15);
  for (int limit = 0; limit < 8; limit++) {
    struct ledger ledger;
    z_stream stream = stream_of(&ledger);
    ledger.refuse_at = limit;
    int status = deflateInit2(&stream, 6, Z_DEFLATED, 15, 8, Z_DEFAULT_STRATEGY);
    CHECK(status == Z_OK || status == Z_MEM_ERROR);
    if (status == Z_OK) {
      feed(&stream, deflate, input, INPUT_BYTES, output, OUTPUT_BYTES, AT_ONCE);
      CHECK(deflateEnd(&stream) == Z_OK);
    }
    CHECK(ledger.live == 0 && (limit || status == Z_MEM_ERROR));

    stream = stream_of(&ledger);
    ledger.refuse_at = limit;
    status = inflateInit(&stream);
    CHECK(status == Z_OK || status == Z_MEM_ERROR);
    if (status == Z_OK) {
      stream.next_in = coded;
      stream.avail_in = (uInt)length;
      stream.next_out = restored;
      do {
        stream.avail_out = 1000;
        status = inflate(&stream, Z_NO_FLUSH);
      } while (status == Z_OK);
      CHECK(status == Z_STREAM_END || status == Z_MEM_ERROR);
      CHECK(inflateEnd(&stream) == Z_OK);
    }
    CHECK(ledger.live == 0 && (limit || status == Z_MEM_ERROR));
  }
}

/* nginx's allocator: one block of the size that zlib is known to need, handed out from the front.
 */
struct arena {
  unsigned char *memory, *next;
  size_t left;
  int misses;
};

static void* arena_alloc(void* opaque, unsigned items, unsigned size) {
  struct arena* arena = opaque;
  size_t length = (size_t)items * size;
  /* The state of the compressor, about 6 KiB: nginx holds 8 KiB for it. */
  if (items == 1 && length % 512 != 0 && length < 8192) length = 8192;
  if (length > arena->left) {
    arena->misses++;
    return Z_NULL;
  }
  void* memory = arena->next;
  arena->next += length;
  arena->left -= length;
  return memory;
}

static void arena_free(void* opaque, void* memory) {
  (void)opaque;
  (void)memory;
}

static void fill_arena(struct arena* arena, size_t length) {
  arena->next = arena->memory;
  arena->left = length;
  memset(arena->memory, 0xa5, length);
}

static void nginx_arena(void) {
  struct arena arena = {.memory = malloc(1 << 20)};
  CHECK(arena.memory);
  for (int window = 9; window <= 15; window++) {
    for (int memory = 1; memory <= 9; memory++) {
      for (int level = 1; level <= 9; level++) {
        fill_arena(&arena, 8192 + (1u << (window + 2)) + (1u << (memory + 9)));
        z_stream stream = {.zalloc = arena_alloc, .zfree = arena_free, .opaque = &arena};
        CHECK(deflateInit2(&stream, level, Z_DEFLATED, window + 16, memory, Z_DEFAULT_STRATEGY) ==
              Z_OK);
        feed(&stream, deflate, input, INPUT_BYTES, output, OUTPUT_BYTES,
             (enum use)((window + memory + level) % USES));
        CHECK(arena.misses == 0);
      }
    }
  }
  free(arena.memory);
}

static size_t taken_from_malloc(void) {
  struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

/* Streams whose arena goes away without End, at any point of their lives. */
static void dropped_arenas(void) {
  enum { WARM_UP = 100, STREAMS = 1500, ALLOWED = 4096 };
  static unsigned char coded[OUTPUT_BYTES];
  struct arena arena = {.memory = malloc(1 << 20)};
  size_t length = compressed_input(coded, sizeof coded, 31), before = 0;
  CHECK(arena.memory);
  for (int number = -WARM_UP; number < STREAMS; number++) {
    if (number == 0) before = taken_from_malloc();
    fill_arena(&arena, 1 << 20);
    z_stream stream = {.zalloc = arena_alloc, .zfree = arena_free, .opaque = &arena};
    size_t offered = 1 + (size_t)(number + WARM_UP) * 379 % (INPUT_BYTES - 1);
    stream.next_out = output;
    stream.avail_out = number % 3 ? OUTPUT_BYTES : 500;
    if (number % 2) {
      CHECK(deflateInit2(&stream, 1 + (number + WARM_UP) % 9, Z_DEFLATED, 31, 8,
                         Z_DEFAULT_STRATEGY) == Z_OK);
      stream.next_in = input;
      stream.avail_in = (uInt)offered;
      deflate(&stream, number % 5 == 0 ? Z_FINISH : number % 5 == 1 ? Z_SYNC_FLUSH : Z_NO_FLUSH);
    } else {
      CHECK(inflateInit2(&stream, 47) == Z_OK);
      stream.next_in = coded;
      stream.avail_in = (uInt)(offered < length ? offered : length);
      inflate(&stream, number % 5 == 0 ? Z_FINISH : Z_NO_FLUSH);
    }
    CHECK(arena.misses == 0);
  }
  size_t after = taken_from_malloc();
  fprintf(stderr, "%d dropped streams: %zu bytes before, %zu after\n", STREAMS, before, after);
  CHECK(after <= before + ALLOWED);
  free(arena.memory);
}

int main(void) {
  fill_text(input, INPUT_BYTES, 17);
  all_deflates();
  all_inflates();
  refusals();
  nginx_arena();
  dropped_arenas();
  return 0;
}
