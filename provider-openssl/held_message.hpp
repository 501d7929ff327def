// A message that is held until it is whole, because a batch takes whole messages only.
#ifndef WD_PROVIDER_HELD_MESSAGE_HPP_
#define WD_PROVIDER_HELD_MESSAGE_HPP_

#include <openssl/crypto.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace wd::provider {

// A plain struct, zero at first: it lives in contexts that OpenSSL's allocator makes.
struct HeldMessage {
  std::uint8_t* memory;
  std::size_t capacity;
  std::size_t bytes;

  // False: no memory.
  [[nodiscard]] bool append(const std::uint8_t* data, std::size_t more) noexcept {
    if (more > capacity - bytes && !grow(bytes + more)) return false;
    std::memcpy(memory + bytes, data, more);
    bytes += more;
    return true;
  }

  // It was somebody's message: nothing of it stays.
  void release() noexcept {
    OPENSSL_clear_free(memory, bytes);
    memory = nullptr;
    capacity = bytes = 0;
  }

 private:
  [[nodiscard]] bool grow(std::size_t wanted) noexcept {
    // Most messages come in one piece.
    const std::size_t larger = bytes == 0 ? wanted : 2 * wanted;
    auto* fresh = static_cast<std::uint8_t*>(OPENSSL_malloc(larger));
    if (fresh == nullptr) return false;
    if (bytes != 0) std::memcpy(fresh, memory, bytes);
    OPENSSL_clear_free(memory, bytes);
    memory = fresh;
    capacity = larger;
    return true;
  }
};

}  // namespace wd::provider

#endif  // WD_PROVIDER_HELD_MESSAGE_HPP_
