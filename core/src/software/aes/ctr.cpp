#include "software/aes/blocks.hpp"
#include "wd/aes.hpp"

WD_NAMESPACE_BEGIN

namespace {

constexpr std::size_t kBlockBytes = AesKey::kBlockBytes;

std::uint32_t low_word(const std::uint8_t* counter) noexcept {
  return std::uint32_t{counter[12]} << 24 | std::uint32_t{counter[13]} << 16 |
         std::uint32_t{counter[14]} << 8 | counter[15];
}

// The 96 bits above the low word, after that has wrapped.
void carry(std::uint8_t* counter) noexcept {
  for (int i = 11; i >= 0; --i)
    if (++counter[i] != 0) return;
}

// What is left of a block that was begun earlier.
std::size_t spend_key_stream(AesCtrState& state, const std::uint8_t* in, std::uint8_t* out,
                             std::size_t bytes) noexcept {
  std::size_t done = 0;
  for (; state.used != 0 && done < bytes; ++done) {
    out[done] = in[done] ^ state.key_stream[state.used];
    state.used = (state.used + 1) % kBlockBytes;
  }
  return done;
}

}  // namespace

void aes_ctr_update(const AesKey& key, AesCtrState& state, const std::uint8_t* in,
                    std::uint8_t* out, std::size_t bytes) noexcept {
  std::size_t done = spend_key_stream(state, in, out, bytes);
  while (done < bytes) {
    // As many bytes as there are blocks until the low word wraps.
    const std::uint64_t room =
        ((std::uint64_t{1} << 32) - low_word(state.counter)) * std::uint64_t{kBlockBytes};
    const std::size_t piece = bytes - done < room ? bytes - done : static_cast<std::size_t>(room);
    ctr_blocks(key, state.counter, in + done, out + done, piece, state.key_stream);
    state.used = static_cast<std::uint32_t>(piece % kBlockBytes);
    if (low_word(state.counter) == 0) carry(state.counter);
    done += piece;
  }
}

WD_NAMESPACE_END
