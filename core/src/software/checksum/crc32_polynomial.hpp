// Arithmetic with polynomials over GF(2) modulo P, the polynomial of CRC-32 (RFC 1952, 8).
//
// A polynomial below degree 32 is kept as CRCs are: the coefficient of x^i in bit 31 - i. In this
// order the bits of a message, from the first byte's lowest on, stand for falling powers of x.
#ifndef WD_SOFTWARE_CHECKSUM_CRC32_POLYNOMIAL_HPP_
#define WD_SOFTWARE_CHECKSUM_CRC32_POLYNOMIAL_HPP_

#include <cstdint>

#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

// P = x^32 + x^26 + ... + 1, without x^32.
inline constexpr std::uint32_t kCrc32Polynomial = 0xedb88320;
inline constexpr std::uint32_t kPolynomialOne = 0x80000000;

constexpr std::uint32_t polynomial_times_x(std::uint32_t a) noexcept {
  return (a >> 1) ^ ((a & 1) != 0 ? kCrc32Polynomial : 0);
}

constexpr std::uint32_t polynomial_product(std::uint32_t a, std::uint32_t b) noexcept {
  std::uint32_t product = 0;
  for (; a != 0; a <<= 1) {
    if ((a & kPolynomialOne) != 0) product ^= b;
    b = polynomial_times_x(b);
  }
  return product;
}

// x^exponent mod P
consteval std::uint32_t power_of_x(unsigned exponent) {
  std::uint32_t power = kPolynomialOne;
  std::uint32_t square = kPolynomialOne >> 1;
  for (; exponent != 0; exponent >>= 1) {
    if ((exponent & 1) != 0) power = polynomial_product(power, square);
    square = polynomial_product(square, square);
  }
  return power;
}

// The quotient of x^96 and P, degree 64, with the coefficient of x^i in bit 64 - i: all but that of
// x^0, for which there is no bit.
consteval std::uint64_t quotient_of_x96() {
  std::uint64_t quotient = 0;
  std::uint32_t remainder = kPolynomialOne >> 31;  // x^31, before the step that makes x^32 of it
  for (unsigned bit = 0; bit < 64; ++bit) {
    if ((remainder & 1) != 0) quotient |= std::uint64_t{1} << bit;
    remainder = polynomial_times_x(remainder);
  }
  return quotient;
}

WD_NAMESPACE_END

#endif  // WD_SOFTWARE_CHECKSUM_CRC32_POLYNOMIAL_HPP_
