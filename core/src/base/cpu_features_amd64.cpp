// Leaves, bits and the order of questions: Intel 64 and IA-32 Architectures Software Developer's
// Manual, volume 2A, CPUID, and volume 1, chapters 14 and 15.
#include <cpuid.h>

#include <array>
#include <cstddef>

#include "base/cpu_features.hpp"

WD_NAMESPACE_BEGIN

namespace {

// The registers of CPUID's answers that matter.
enum class Answer : std::uint8_t { leaf1_ecx, leaf7_ebx, leaf7_ecx, count_ };

// Registers wider than 128 bits are usable only where the system saves them when it switches
// threads, which it says in XCR0.
enum class State : std::uint8_t { any, ymm, zmm };

struct Row {
  CpuFeature feature;
  Answer answer;
  unsigned bit;
  State state;
};

constexpr Row kRows[] = {
    {CpuFeature::pclmulqdq, Answer::leaf1_ecx, 1, State::any},
    {CpuFeature::ssse3, Answer::leaf1_ecx, 9, State::any},
    {CpuFeature::sse4_1, Answer::leaf1_ecx, 19, State::any},
    {CpuFeature::aes, Answer::leaf1_ecx, 25, State::any},
    {CpuFeature::avx, Answer::leaf1_ecx, 28, State::ymm},
    {CpuFeature::bmi1, Answer::leaf7_ebx, 3, State::any},
    {CpuFeature::avx2, Answer::leaf7_ebx, 5, State::ymm},
    {CpuFeature::bmi2, Answer::leaf7_ebx, 8, State::any},
    {CpuFeature::avx512f, Answer::leaf7_ebx, 16, State::zmm},
    {CpuFeature::avx512bw, Answer::leaf7_ebx, 30, State::zmm},
    {CpuFeature::avx512vl, Answer::leaf7_ebx, 31, State::zmm},
    {CpuFeature::vaes, Answer::leaf7_ecx, 9, State::ymm},
    {CpuFeature::vpclmulqdq, Answer::leaf7_ecx, 10, State::ymm},
};

constexpr unsigned kOsxsaveBit = 27;  // of leaf1_ecx: XGETBV may be executed
constexpr std::uint32_t kXcr0Ymm = 0x06;
constexpr std::uint32_t kXcr0Zmm = 0xe6;

using Answers = std::array<std::uint32_t, static_cast<std::size_t>(Answer::count_)>;

// Each CPUID leaves a virtual machine for its host, so none is asked twice.
Answers ask() noexcept {
  Answers answers{};
  unsigned eax, ebx, ecx, edx;
  __cpuid(0, eax, ebx, ecx, edx);
  const unsigned last_leaf = eax;
  if (last_leaf >= 1) {
    __cpuid(1, eax, ebx, ecx, edx);
    answers[static_cast<std::size_t>(Answer::leaf1_ecx)] = ecx;
  }
  if (last_leaf >= 7) {
    __cpuid_count(7, 0, eax, ebx, ecx, edx);
    answers[static_cast<std::size_t>(Answer::leaf7_ebx)] = ebx;
    answers[static_cast<std::size_t>(Answer::leaf7_ecx)] = ecx;
  }
  return answers;
}

// In assembly: the intrinsic is for functions compiled for XSAVE only.
std::uint32_t xcr0() noexcept {
  std::uint32_t low, high;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return low;
}

bool is_saved(State state, std::uint32_t saved) noexcept {
  switch (state) {
    case State::ymm:
      return (saved & kXcr0Ymm) == kXcr0Ymm;
    case State::zmm:
      return (saved & kXcr0Zmm) == kXcr0Zmm;
    case State::any:
      break;
  }
  return true;
}

}  // namespace

CpuFeatures detect_cpu_features() noexcept {
  const Answers answers = ask();
  const auto has = [&](Answer answer, unsigned bit) {
    return (answers[static_cast<std::size_t>(answer)] >> bit & 1) != 0;
  };
  const std::uint32_t saved = has(Answer::leaf1_ecx, kOsxsaveBit) ? xcr0() : 0;
  CpuFeatures found;
  for (const Row& row : kRows)
    if (has(row.answer, row.bit) && is_saved(row.state, saved)) found.add(row.feature);
  return found;
}

WD_NAMESPACE_END
