// Combining checksums of neighbouring pieces.
//
// A CRC is a polynomial over GF(2) modulo P. Appending n bytes multiplies it by x^(8n); so the CRC
// of A and B together is crc(A) * x^(8 len(B)) + crc(B), the complements cancelling out. x^(8n)
// comes from squarings of x, one for each bit of n.
#include <array>
#include <bit>

#include "software/checksum/crc32_polynomial.hpp"
#include "software/checksum/crc32_table.hpp"
#include "software/checksum/single_byte.hpp"
#include "wd/checksum.hpp"

WD_NAMESPACE_BEGIN

namespace {

// powers[k] = x^(8 * 2^k)
consteval std::array<std::uint32_t, 64> make_powers() {
  std::array<std::uint32_t, 64> powers{};
  powers[0] = kPolynomialOne >> 8;
  for (std::size_t k = 1; k < powers.size(); ++k)
    powers[k] = polynomial_product(powers[k - 1], powers[k - 1]);
  return powers;
}

constexpr auto kPowers = make_powers();

// The product of polynomials, by multiplication of integers: where only every fourth bit may be
// set, at most eight ones meet in a place, and what they carry stays below the next.
std::uint64_t carryless_product(std::uint32_t a, std::uint32_t b) noexcept {
  constexpr std::uint64_t kEveryFourth = 0x1111111111111111;
  const auto part = [](std::uint64_t bits, unsigned place) { return bits & kEveryFourth << place; };
  const std::uint64_t a0 = part(a, 0), a1 = part(a, 1), a2 = part(a, 2), a3 = part(a, 3);
  const std::uint64_t b0 = part(b, 0), b1 = part(b, 1), b2 = part(b, 2), b3 = part(b, 3);
  return part(a0 * b0 ^ a1 * b3 ^ a2 * b2 ^ a3 * b1, 0) |
         part(a0 * b1 ^ a1 * b0 ^ a2 * b3 ^ a3 * b2, 1) |
         part(a0 * b2 ^ a1 * b1 ^ a2 * b0 ^ a3 * b3, 2) |
         part(a0 * b3 ^ a1 * b2 ^ a2 * b1 ^ a3 * b0, 3);
}

// As polynomial_product, which takes a step for each coefficient.
std::uint32_t product(std::uint32_t a, std::uint32_t b) noexcept {
  // x^0 is in bit 62 of the product. Moved to bit 63, its first half is a word of four bytes before
  // the second.
  const std::uint64_t whole = carryless_product(a, b) << 1;
  const auto moved = [&](unsigned k) {
    return kCrc32Tables[3 - k][static_cast<std::uint8_t>(whole >> (8 * k))];
  };
  return static_cast<std::uint32_t>(whole >> 32) ^ moved(0) ^ moved(1) ^ moved(2) ^ moved(3);
}

}  // namespace

std::uint32_t crc32_combine_operator(std::uint64_t second_bytes) noexcept {
  if (second_bytes == 0) return kPolynomialOne;
  std::uint32_t power = kPowers[static_cast<unsigned>(std::countr_zero(second_bytes))];
  for (;;) {
    second_bytes &= second_bytes - 1;
    if (second_bytes == 0) return power;
    power = product(power, kPowers[static_cast<unsigned>(std::countr_zero(second_bytes))]);
  }
}

std::uint32_t crc32_combine_apply(std::uint32_t first, std::uint32_t second,
                                  std::uint32_t combine_operator) noexcept {
  return product(combine_operator, first) ^ second;
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
  const std::uint32_t sums = length * offset + (first >> 16) + (second >> 16);
  static_assert(std::uint64_t{kAdlerModulus - 1} * (kAdlerModulus - 1) + 2 * 0xffff <= 0xffffffff);
  return (sums % kAdlerModulus) << 16 | sum;
}

WD_NAMESPACE_END
