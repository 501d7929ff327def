#include "software/zlib/footprint.hpp"

#include <atomic>
#include <cstddef>
#include <initializer_list>

#include "software/zlib/private_zlib.hpp"

WD_NAMESPACE_BEGIN

namespace {

// Parameters for which the window, the hash table and the literal buffer differ in their number of
// items.
constexpr int kWindowBits = 14;
constexpr int kMemoryLevel = 9;

// zlib asks for its state first and touches nothing else before it has looked whether it got all
// that it asked for: so it is given a state, and no more, and says what it wants without any memory
// taken.
struct Recording {
  alignas(16) std::byte state[Footprint::kMaxStateBytes];
  Footprint footprint{};
  bool understood = true;
};

bool items_named(unsigned items, Footprint::Items& named) noexcept {
  using Items = Footprint::Items;
  for (const Items candidate : {Items::one, Items::window, Items::hash, Items::literals})
    if (Footprint::items_of(candidate, kWindowBits, kMemoryLevel) == items) {
      named = candidate;
      return true;
    }
  return false;
}

void* record(void* opaque, unsigned items, unsigned item_bytes) {
  auto* recording = static_cast<Recording*>(opaque);
  Footprint& footprint = recording->footprint;
  Footprint::Items named = Footprint::Items::one;
  const bool is_state = footprint.count == 0;
  if (footprint.count == Footprint::kMaxBlocks || !items_named(items, named) ||
      (is_state && item_bytes > sizeof(recording->state)))
    recording->understood = false;
  else
    footprint.rows[footprint.count++] = {named, item_bytes};
  return is_state && recording->understood ? recording->state : nullptr;
}

void drop(void*, void*) {}

Footprint learn() noexcept {
  Recording recording;
  z_stream stream{};
  stream.zalloc = record;
  stream.zfree = drop;
  stream.opaque = &recording;
  const int code =
      wdz_deflateInit2_(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -kWindowBits, kMemoryLevel,
                        Z_DEFAULT_STRATEGY, ZLIB_VERSION, sizeof(stream));
  if (code != Z_MEM_ERROR || !recording.understood) recording.footprint.count = 0;
  return recording.footprint;
}

}  // namespace

unsigned Footprint::items_of(Items items, int window_bits, int memory_level) noexcept {
  switch (items) {
    case Items::one:
      return 1;
    case Items::window:
      return 1u << window_bits;
    case Items::hash:
      return 1u << (memory_level + 7);
    case Items::literals:
      break;
  }
  return 1u << (memory_level + 6);
}

Footprint deflate_footprint() noexcept {
  // Several threads may learn at once; they learn the same, and one publishes. Nothing is locked: a
  // child forked in the midst of it finds either a whole footprint or learns each time.
  static constinit Footprint known{};
  static constinit std::atomic<int> state{0};  // 0: unknown, 1: being written, 2: known
  // acquire: pairs with the release below, which publishes `known`.
  if (state.load(std::memory_order_acquire) == 2) return known;
  const Footprint learned = learn();
  int expected = 0;
  if (learned.count != 0 && state.compare_exchange_strong(expected, 1, std::memory_order_relaxed)) {
    known = learned;
    state.store(2, std::memory_order_release);
  }
  return learned;
}

WD_NAMESPACE_END
