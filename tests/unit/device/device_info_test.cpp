#include "device/device_info.hpp"

#include <gtest/gtest.h>

#include <string>

#include "device/text.hpp"
#include "fixtures/fake_uacce.hpp"
#include "fixtures/scratch_folder.hpp"

namespace {

using wd::DeviceInfo;
using wd::DeviceList;
using wd::Errc;
using wd::test::FakeUacce;

TEST(ParseApi, KnowsEveryNameThatKernelsUse) {
  EXPECT_EQ(wd::parse_api("hisi_qm_v1\n").version, 1u);
  EXPECT_EQ(wd::parse_api("hisi_qm_v2").version, 2u);
  EXPECT_EQ(wd::parse_api("hisi_qm_v3\n").version, 3u);
  EXPECT_EQ(wd::parse_api("hisi_qm_v5").version, 5u);
  EXPECT_FALSE(wd::parse_api("hisi_qm_v3").no_iommu);
  EXPECT_EQ(wd::parse_api("hisi_qm_v3_noiommu\n").version, 3u);
  EXPECT_TRUE(wd::parse_api("hisi_qm_v3_noiommu\n").no_iommu);
}

TEST(ParseApi, GuessesNothing) {
  for (const char* text : {"", "hisi_qm_v", "hisi_qm_v0", "hisi_qm_v-2", "hisi_qm_v2x",
                           "hisi_qm_v2_dma", "wd_dummy_v1", "xhisi_qm_v2", "hisi_qm_v9999"})
    EXPECT_EQ(wd::parse_api(text).version, 0u) << text;
}

TEST(HasLine, MatchesWholeLinesOnly) {
  constexpr std::string_view kLines = "zlib\ngzip\nlz77_zstd";
  EXPECT_TRUE(wd::has_line(kLines, "zlib"));
  EXPECT_TRUE(wd::has_line(kLines, "gzip"));
  EXPECT_TRUE(wd::has_line(kLines, "lz77_zstd"));
  EXPECT_TRUE(wd::has_line("zlib\n", "zlib"));
  EXPECT_FALSE(wd::has_line(kLines, "zstd"));
  EXPECT_FALSE(wd::has_line(kLines, "lz77"));
  EXPECT_FALSE(wd::has_line(kLines, "zli"));
  EXPECT_FALSE(wd::has_line(kLines, ""));
  EXPECT_FALSE(wd::has_line("", "zlib"));
}

TEST(ParseNumber, RefusesWhatIsNone) {
  EXPECT_EQ(wd::parse_number("-1\n").value, -1);
  EXPECT_TRUE(wd::parse_number("0").valid);
  for (const char* text : {"", "\n", "-", "1a", "0x10", " 1", "99999999999999999999"})
    EXPECT_FALSE(wd::parse_number(text).valid) << text;
}

TEST(ReadDevice, ReadsEveryAttribute) {
  FakeUacce fake;
  fake.attribute("hisi_zip-0", "device/numa_node") = "1\n";
  fake.attribute("hisi_zip-0", "isolate") = "1\n";
  const wd::SystemCalls calls = fake.calls();
  const auto info = wd::read_device(calls, fake.roots(), "hisi_zip-0");
  ASSERT_TRUE(info);
  EXPECT_STREQ(info->name, "hisi_zip-0");
  EXPECT_EQ(info->api.version, 3u);
  EXPECT_TRUE(info->shares_addresses());
  EXPECT_EQ(info->numa_node, 1);
  EXPECT_TRUE(info->isolated);
  EXPECT_TRUE(info->does("deflate"));
  EXPECT_FALSE(info->does("lz77"));
  EXPECT_EQ(info->mmio_bytes, std::stoull(fake.attribute("hisi_zip-0", "region_mmio_size")));
}

TEST(ReadDevice, TakesHiddenAttributesForNone) {
  FakeUacce fake;
  for (const char* name : {"region_mmio_size", "region_dus_size", "device/numa_node", "flags"})
    fake.attributes.erase(std::string("/sys/hisi_zip-0/") + name);
  const wd::SystemCalls calls = fake.calls();
  const auto info = wd::read_device(calls, fake.roots(), "hisi_zip-0");
  ASSERT_TRUE(info);
  EXPECT_EQ(info->mmio_bytes, 0u);
  EXPECT_EQ(info->dus_bytes, 0u);
  EXPECT_EQ(info->numa_node, -1);
  EXPECT_FALSE(info->isolated);
  EXPECT_FALSE(info->shares_addresses());
}

TEST(ReadDevice, BelievesAParentThatSharesAddressesBySoftware) {
  FakeUacce fake;
  fake.attribute("hisi_zip-0", "flags") = "0\n";
  const wd::SystemCalls calls = fake.calls();
  EXPECT_FALSE(wd::read_device(calls, fake.roots(), "hisi_zip-0")->shares_addresses());
  fake.attribute("hisi_zip-0", "device/shared_addresses") = "1\n";
  EXPECT_TRUE(wd::read_device(calls, fake.roots(), "hisi_zip-0")->shares_addresses());
  fake.attribute("hisi_zip-0", "device/shared_addresses") = "0\n";
  EXPECT_FALSE(wd::read_device(calls, fake.roots(), "hisi_zip-0")->shares_addresses());
}

TEST(ReadDevice, DoesNotShareAddressesWithoutAnIommu) {
  FakeUacce fake;
  fake.attribute("hisi_zip-0", "api") = "hisi_qm_v3_noiommu";
  const wd::SystemCalls calls = fake.calls();
  EXPECT_FALSE(wd::read_device(calls, fake.roots(), "hisi_zip-0")->shares_addresses());
}

TEST(ReadDevice, LeavesOutAlgorithmsThatWereCutOff) {
  FakeUacce fake;
  std::string long_list;
  while (long_list.size() < DeviceInfo::kMaxAlgorithmsBytes) long_list += "an_algorithm\n";
  long_list.resize(DeviceInfo::kMaxAlgorithmsBytes);  // ends within a line
  long_list.replace(long_list.size() - 4, 4, "zlib");
  long_list[long_list.size() - 5] = '\n';
  fake.attribute("hisi_zip-0", "algorithms") = long_list + "_and_more";
  const wd::SystemCalls calls = fake.calls();
  const auto info = wd::read_device(calls, fake.roots(), "hisi_zip-0");
  EXPECT_TRUE(info->does("an_algorithm"));
  EXPECT_FALSE(info->does("zlib"));
}

TEST(ReadDevice, RefusesNamesThatArePaths) {
  FakeUacce fake;
  const wd::SystemCalls calls = fake.calls();
  for (const char* name : {"", "../hisi_zip-0", "hisi_zip-0/"})
    EXPECT_EQ(wd::read_device(calls, fake.roots(), name).error().code, Errc::invalid_argument);
  EXPECT_EQ(wd::read_device(calls, fake.roots(), "hisi_zip-1").error().code, Errc::not_found);
}

TEST(AvailableInstances, MayFail) {
  FakeUacce fake;
  const wd::SystemCalls calls = fake.calls();
  EXPECT_EQ(*wd::available_instances(calls, fake.roots(), "hisi_zip-0"), 64);
  fake.attribute("hisi_zip-0", "available_instances") = "";
  EXPECT_FALSE(wd::available_instances(calls, fake.roots(), "hisi_zip-0"));
  fake.attributes.erase("/sys/hisi_zip-0/available_instances");
  EXPECT_EQ(wd::available_instances(calls, fake.roots(), "hisi_zip-0").error().sys_errno, ENOENT);
}

TEST(FindDevices, FindsAFamilyInTheOrderOfItsNumbers) {
  FakeUacce fake;
  fake.add_device("hisi_zip-12", "hisi_qm_v2", "zlib\ngzip");
  fake.add_device("hisi_sec2-1", "hisi_qm_v3", "cipher");
  fake.add_device("hisi_zip-3", "hisi_qm_v2", "zlib\ngzip");
  fake.add_device("hisi_zip-", "hisi_qm_v2", "zlib");
  fake.add_device("hisi_zip-x", "hisi_qm_v2", "zlib");
  fake.add_device("hisi_zip2-4", "hisi_qm_v2", "zlib");
  const wd::SystemCalls calls = fake.calls();
  DeviceList list;
  wd::find_devices(calls, fake.roots(), "hisi_zip", list);
  ASSERT_EQ(list.count, 3u);
  EXPECT_STREQ(list.devices[0].name, "hisi_zip-0");
  EXPECT_STREQ(list.devices[1].name, "hisi_zip-3");
  EXPECT_STREQ(list.devices[2].name, "hisi_zip-12");
}

TEST(FindDevices, KeepsTheFirstOfVeryMany) {
  FakeUacce fake;
  for (int i = 99; i > 0; --i)
    fake.add_device("hisi_zip-" + std::to_string(i), "hisi_qm_v2", "zlib");
  const wd::SystemCalls calls = fake.calls();
  DeviceList list;
  wd::find_devices(calls, fake.roots(), "hisi_zip", list);
  ASSERT_EQ(list.count, DeviceList::kMost);
  for (std::size_t i = 0; i < list.count; ++i)
    EXPECT_EQ(list.devices[i].name, "hisi_zip-" + std::to_string(i));
}

TEST(FindDevices, FindsNoneWhereThereIsNoClass) {
  DeviceList list;
  wd::find_devices(wd::kernel_calls(), {.sysfs = "/nonexistent/uacce", .dev = "/dev"}, "hisi_zip",
                   list);
  EXPECT_EQ(list.count, 0u);
}

TEST(KernelCalls, ReadWhatIsInFolders) {
  const wd::test::ScratchFolder folder;
  std::filesystem::create_directories(folder.path("hisi_zip-7/device"));
  constexpr const char* kAttributes[][2] = {{"api", "hisi_qm_v2\n"},
                                            {"algorithms", "zlib\ngzip"},
                                            {"flags", "1\n"},
                                            {"device/numa_node", "0\n"}};
  for (const auto& [name, text] : kAttributes)
    ASSERT_NE(folder.file(std::string("hisi_zip-7/") + name, text), "");
  DeviceList list;
  const std::string root = folder.path("");
  wd::find_devices(wd::kernel_calls(), {.sysfs = root.c_str(), .dev = "/dev"}, "hisi_zip", list);
  ASSERT_EQ(list.count, 1u);
  EXPECT_EQ(list.devices[0].api.version, 2u);
  EXPECT_TRUE(list.devices[0].does("gzip"));
  EXPECT_EQ(list.devices[0].numa_node, 0);
}

}  // namespace
