#include "zip/stream_context.hpp"

#include <algorithm>
#include <cstring>

namespace wd::emulator::zip {
namespace {

constexpr std::uint32_t kMagic = 0x5a49504d;
constexpr std::uint64_t kWindowAt = 0xc00;

std::uint64_t cached_bits_at(std::size_t window_bytes) {
  return kWindowAt + (window_bytes + 15) / 16 * 16;
}

}  // namespace

StreamContext::Found StreamContext::load(ClientMemory& memory, const Request& request,
                                         unsigned queue_type) {
  address_ = request.context;
  window_bytes_ = 0;
  if (!memory.read(address_, &header_, sizeof(header_))) return Found::unreadable;
  const auto format = static_cast<std::uint8_t>(request.format);
  if (request.is_new || header_.magic != kMagic) {
    header_ = {.magic = kMagic,
               .queue_type = static_cast<std::uint8_t>(queue_type),
               .format = format,
               .is_finished = 0,
               .reserved = 0,
               .words = {},
               .padding = 0,
               .inflate = {}};
    return Found::fresh;
  }
  const StreamWords& words = request.stream;
  const std::array<std::uint32_t, 3> given{words.word0, words.word1, words.word2};
  window_bytes_ = words.word2 & 0xffff;
  if (header_.queue_type != queue_type || header_.format != format || header_.words != given ||
      window_bytes_ > kLargestWindow)
    return Found::broken;
  header_.inflate.bit_count = (words.word0 >> 10) & 0x3f;
  if (!memory.read(address_ + kWindowAt, window_.data(), window_bytes_) ||
      !memory.read(address_ + cached_bits_at(window_bytes_), &header_.inflate.bits, 8))
    return Found::unreadable;
  return Found::underway;
}

bool StreamContext::save(ClientMemory& memory, const StreamWords& words) {
  header_.words = {words.word0, words.word1, words.word2};
  const std::uint64_t bits = header_.inflate.bits;
  return memory.write(address_, &header_, sizeof(header_)) &&
         memory.write(address_ + kWindowAt, window_.data(), window_bytes_) &&
         memory.write(address_ + cached_bits_at(window_bytes_), &bits, sizeof(bits));
}

void StreamContext::append(std::span<const std::uint8_t> plain, std::size_t most) {
  const std::size_t added = std::min(plain.size(), most);
  const std::size_t kept = std::min(window_bytes_, most - added);
  std::memmove(window_.data(), window_.data() + window_bytes_ - kept, kept);
  if (added > 0) std::memcpy(window_.data() + kept, plain.data() + plain.size() - added, added);
  window_bytes_ = kept + added;
}

}  // namespace wd::emulator::zip
