#include "pair.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sstream>

namespace wd::test {

namespace {

constexpr std::size_t kGuardBytes = 64;
constexpr std::uint8_t kFill = 0xa5;

struct BlockHead {
  std::size_t bytes;
  std::size_t pad;
};

std::string words(const char* message) {
  return message == nullptr ? "(none)" : message;
}

template <class Value>
void note(std::ostringstream& to, const char* what, const Value& reference, const Value& shim) {
  if (reference != shim) to << "  " << what << ": zlib " << reference << ", shim " << shim << "\n";
}

}  // namespace

void* CountingMemory::allocate(void* opaque, unsigned items, unsigned item_bytes) {
  auto* memory = static_cast<CountingMemory*>(opaque);
  if (memory->fail_after == 0) return nullptr;
  if (memory->fail_after > 0) --memory->fail_after;
  const std::size_t bytes = std::size_t{items} * item_bytes;
  auto* head = static_cast<BlockHead*>(std::malloc(sizeof(BlockHead) + bytes));
  head->bytes = bytes;
  std::memset(head + 1, kFill, bytes);  // zlib promises nothing about fresh memory
  memory->blocks += 1;
  memory->bytes += bytes;
  memory->peak_bytes = std::max(memory->peak_bytes, memory->bytes);
  return head + 1;
}

void CountingMemory::release(void* opaque, void* address) {
  auto* memory = static_cast<CountingMemory*>(opaque);
  auto* head = static_cast<BlockHead*>(address) - 1;
  memory->blocks -= 1;
  memory->bytes -= head->bytes;
  std::free(head);
}

void Pair::give_input(const std::uint8_t* data, std::uint32_t bytes) {
  for (Side* side : {&reference, &shim}) {
    side->stream.next_in = const_cast<Bytef*>(data);
    side->stream.avail_in = bytes;
  }
}

void Pair::give_output(std::uint32_t bytes) {
  for (Side* side : {&reference, &shim}) {
    side->out.assign(bytes + kGuardBytes, kFill);
    side->stream.next_out = side->out.data();
    side->stream.avail_out = bytes;
  }
}

void Pair::use_own_allocator() {
  for (Side* side : {&reference, &shim}) {
    side->stream.zalloc = CountingMemory::allocate;
    side->stream.zfree = CountingMemory::release;
    side->stream.opaque = &side->memory;
  }
}

Difference Pair::compare(const char* call, int reference_code, int shim_code) const {
  std::ostringstream found;
  const z_stream& a = reference.stream;
  const z_stream& b = shim.stream;
  // To follow one sequence: every call with zlib's answers.
  static const bool trace = std::getenv("WD_TEST_TRACE") != nullptr;
  if (trace)
    std::fprintf(stderr, "%s: %d, in %u, out %u, total %lu %lu, data_type %d, %s\n", call,
                 reference_code, a.avail_in, a.avail_out, a.total_in, a.total_out, a.data_type,
                 words(a.msg).c_str());
  note(found, "return", reference_code, shim_code);
  note(found, "avail_in", a.avail_in, b.avail_in);
  note(found, "avail_out", a.avail_out, b.avail_out);
  note(found, "total_in", a.total_in, b.total_in);
  note(found, "total_out", a.total_out, b.total_out);
  note(found, "adler", a.adler, b.adler);
  note(found, "data_type", a.data_type, b.data_type);
  note(found, "msg", words(a.msg), words(b.msg));
  if (reference.out != shim.out) {
    const auto [at, other] =
        std::mismatch(reference.out.begin(), reference.out.end(), shim.out.begin());
    found << "  output differs at byte " << at - reference.out.begin() << " of the buffer\n";
  }
  const std::string text = found.str();
  return text.empty() ? text : std::string("after ") + call + ":\n" + text;
}

}  // namespace wd::test
