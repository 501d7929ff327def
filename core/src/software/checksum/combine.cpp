// Combining checksums of neighbouring pieces.
//
// A CRC is a polynomial over GF(2) modulo P. Appending n bytes multiplies it by x^(8n); so the CRC
// of A and B together is crc(A) * x^(8 len(B)) + crc(B), the complements cancelling out. x^(8n)
// comes from squarings of x, one for each bit of n.
#include <array>

#include "software/checksum/single_byte.hpp"
#include "wd/checksum.hpp"

WD_NAMESPACE_BEGIN

namespace {

constexpr std::uint32_t kOne = 0x80000000;  // the polynomial 1: coefficients are kept reflected

constexpr std::uint32_t multiply(std::uint32_t a, std::uint32_t b) noexcept {
  std::uint32_t product = 0;
  for (; a != 0; a <<= 1) {
    if ((a & kOne) != 0) product ^= b;
    b = (b >> 1) ^ ((b & 1) != 0 ? kCrc32Polynomial : 0);  // b times x
  }
  return product;
}

// powers[k] = x^(8 * 2^k)
consteval std::array<std::uint32_t, 64> make_powers() {
  std::array<std::uint32_t, 64> powers{};
  powers[0] = kOne >> 8;
  for (std::size_t k = 1; k < powers.size(); ++k)
    powers[k] = multiply(powers[k - 1], powers[k - 1]);
  return powers;
}

constexpr auto kPowers = make_powers();

}  // namespace

std::uint32_t crc32_combine_operator(std::uint64_t second_bytes) noexcept {
  std::uint32_t power = kOne;
  for (std::size_t k = 0; second_bytes != 0; ++k, second_bytes >>= 1)
    if ((second_bytes & 1) != 0) power = multiply(kPowers[k], power);
  return power;
}

std::uint32_t crc32_combine_apply(std::uint32_t first, std::uint32_t second,
                                  std::uint32_t combine_operator) noexcept {
  return multiply(combine_operator, first) ^ second;
}

std::uint32_t crc32_combine(std::uint32_t first, std::uint32_t second,
                            std::uint64_t second_bytes) noexcept {
  return crc32_combine_apply(first, second, crc32_combine_operator(second_bytes));
}

// Behind A, the n bytes of B find the plain sum at sum(A) rather than 1: each adds sum(A) - 1 once
// to the plain sum and, over B, n times to the sum of sums.
std::uint32_t adler32_combine(std::uint32_t first, std::uint32_t second,
                              std::uint64_t second_bytes) noexcept {
  const auto length = static_cast<std::uint32_t>(second_bytes % kAdlerModulus);
  const std::uint32_t offset = ((first & 0xffff) + kAdlerModulus - 1) % kAdlerModulus;
  const std::uint32_t sum = (offset + (second & 0xffff)) % kAdlerModulus;
  const std::uint64_t sums = std::uint64_t{length} * offset + (first >> 16) + (second >> 16);
  return static_cast<std::uint32_t>(sums % kAdlerModulus) << 16 | sum;
}

WD_NAMESPACE_END
