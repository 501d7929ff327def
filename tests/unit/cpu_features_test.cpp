#include "base/cpu_features.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "base/variant.hpp"

namespace {

using wd::CpuFeature;
using wd::CpuFeatures;

// What the kernel calls them in /proc/cpuinfo.
struct Named {
  CpuFeature feature;
  const char* flag;
};
#if defined(__x86_64__)
constexpr const char* kFlagsOfCpu = "flags\t\t:";
constexpr Named kNamed[] = {{CpuFeature::ssse3, "ssse3"},
                            {CpuFeature::sse4_1, "sse4_1"},
                            {CpuFeature::pclmulqdq, "pclmulqdq"},
                            {CpuFeature::bmi1, "bmi1"},
                            {CpuFeature::bmi2, "bmi2"},
                            {CpuFeature::avx, "avx"},
                            {CpuFeature::avx2, "avx2"},
                            {CpuFeature::vpclmulqdq, "vpclmulqdq"},
                            {CpuFeature::avx512f, "avx512f"},
                            {CpuFeature::avx512bw, "avx512bw"},
                            {CpuFeature::avx512vl, "avx512vl"},
                            {CpuFeature::aes, "aes"},
                            {CpuFeature::vaes, "vaes"}};
#else
constexpr const char* kFlagsOfCpu = "Features\t:";
constexpr Named kNamed[] = {
    {CpuFeature::asimd, "asimd"}, {CpuFeature::crc32, "crc32"}, {CpuFeature::pmull, "pmull"}};
#endif

// Empty where there is none, or an emulator shows that of its host.
std::string flags_line() {
  std::ifstream cpuinfo("/proc/cpuinfo");
  for (std::string line; std::getline(cpuinfo, line);)
    if (line.starts_with(kFlagsOfCpu)) return line + ' ';
  return {};
}

TEST(CpuFeatures, AreThoseThatTheKernelFinds) {
  const std::string flags = flags_line();
  if (flags.empty()) GTEST_SKIP() << "/proc/cpuinfo does not say";
  for (const Named& named : kNamed)
    EXPECT_EQ(wd::cpu_features().include({named.feature}),
              flags.find(' ' + std::string(named.flag) + ' ') != std::string::npos)
        << named.flag;
}

TEST(CpuFeatures, AreNoMoreThanAllowed) {
  const CpuFeatures before = wd::cpu_features();
  wd::limit_cpu_features({CpuFeature::ssse3, CpuFeature::asimd});
  EXPECT_EQ(wd::cpu_features().bits(),
            (before & CpuFeatures{CpuFeature::ssse3, CpuFeature::asimd}).bits());
  wd::limit_cpu_features({});
  EXPECT_EQ(wd::cpu_features().bits(), 0u);
  wd::limit_cpu_features(CpuFeatures::all());
  EXPECT_EQ(wd::cpu_features().bits(), before.bits());
}

TEST(Variant, IsTheFirstWhoseNeedsAreMet) {
  using Answer = int() noexcept;
  constexpr wd::Variant<Answer> kVariants[] = {
      {"both", {CpuFeature::avx2, CpuFeature::bmi2}, []() noexcept { return 2; }},
      {"one", {CpuFeature::avx2}, []() noexcept { return 1; }},
      {"none", {}, []() noexcept { return 0; }}};
  const auto answer = [&](CpuFeatures usable) {
    return wd::best_variant<Answer>(kVariants, usable).function();
  };
  EXPECT_EQ(answer(CpuFeatures::all()), 2);
  EXPECT_EQ(answer({CpuFeature::avx2, CpuFeature::avx}), 1);
  EXPECT_EQ(answer({CpuFeature::bmi2}), 0);
  EXPECT_EQ(answer({}), 0);
}

}  // namespace
