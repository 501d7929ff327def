// What discovery finds: sysfs, and names that WD_EMULATE may list.
#include <gtest/gtest.h>

#include <cerrno>

#include "tiny_driver.hpp"

namespace wd::test {
namespace {

using Names = std::vector<std::string>;

TEST(EmulatorDiscovery, ListsEachDeviceOnceUnderOneCounter) {
  const Emulated emulated("hisi_zip:devices=2,hisi_zip:api=v2");
  EXPECT_EQ(emulated.folder("/sys/class/uacce"), (Names{"hisi_zip-0", "hisi_zip-1", "hisi_zip-2"}));
  EXPECT_EQ(emulated.attribute("hisi_zip-1", "api"), "hisi_qm_v3\n");
  EXPECT_EQ(emulated.attribute("hisi_zip-2", "api"), "hisi_qm_v2\n");
}

TEST(EmulatorDiscovery, ShowsTheAttributesOfVersionThree) {
  const Emulated emulated("hisi_zip:queues=3:numa=1");
  const auto show = [&](const char* name) { return emulated.attribute("hisi_zip-0", name); };
  EXPECT_EQ(show("flags"), "1\n");
  EXPECT_EQ(show("algorithms").substr(0, 17), "zlib\ngzip\ndeflate");
  EXPECT_EQ(show("available_instances"), "3\n");
  EXPECT_EQ(show("region_mmio_size"), "65536\n");
  EXPECT_EQ(show("region_dus_size"), std::to_string(QueueSize{}.shared_bytes()) + "\n");
  EXPECT_EQ(show("device/numa_node"), "1\n");
  EXPECT_EQ(show("isolate"), "0\n");
  EXPECT_EQ(show("isolate_strategy"), "0\n");
  EXPECT_EQ(show("dev_usage"), std::to_string(-ENOENT));
}

TEST(EmulatorDiscovery, ShowsTheAttributesOfVersionTwo) {
  const Emulated emulated("hisi_zip:api=v2:depth=64");
  EXPECT_EQ(emulated.attribute("hisi_zip-0", "algorithms"), "zlib\ngzip");
  EXPECT_EQ(emulated.attribute("hisi_zip-0", "region_mmio_size"), "8192\n");
  EXPECT_EQ(emulated.attribute("hisi_zip-0", "region_dus_size"),
            std::to_string(QueueSize{.depth = 64}.shared_bytes()) + "\n");
  EXPECT_EQ(emulated.attribute("hisi_zip-0", "device/numa_node"), "-1\n");
}

TEST(EmulatorDiscovery, HidesWhatAnOldKernelDoesNotHave) {
  const Emulated emulated("hisi_zip:kernel=6.1");
  EXPECT_EQ(emulated.attribute("hisi_zip-0", "isolate"), std::to_string(-ENOENT));
}

TEST(EmulatorDiscovery, AnswersForNothingElse) {
  const Emulated emulated("hisi_zip");
  EXPECT_EQ(emulated.folder("/etc"), Names{std::to_string(-ENOENT)});
  EXPECT_EQ(emulated.attribute("hisi_zip-1", "api"), std::to_string(-ENOENT));
  const SystemCalls& calls = emulated.calls();
  EXPECT_EQ(calls.open(calls.world, "/dev/null", 0), -ENOENT);
  EXPECT_EQ(calls.open(calls.world, "/dev/hisi_zip-1", 0), -ENOENT);
}

TEST(EmulatorNames, RefusesDevicesWithoutAModel) {
  EXPECT_EQ(Emulated::try_open("hisi_sec2"), -ENODEV);
  EXPECT_EQ(Emulated::try_open("hisi_zip,hisi_hpre"), -ENODEV);
  EXPECT_EQ(Emulated::try_open(""), -ENODEV);
}

TEST(EmulatorNames, RefusesParametersThatDoNotExist) {
  for (const char* names :
       {"hisi_zip:api=v4", "hisi_zip:api", "hisi_zip:queues=0", "hisi_zip:queues=x",
        "hisi_zip:depth=1", "hisi_zip:colour=red", "hisi_zip:fault=late", "hisi_zip:fault=late@0",
        "hisi_zip:fault=never@1", "hisi_zip:fault=late%101", "hisi_zip:fault=random@1",
        "hisi_zip:kernel=2.6", "hisi_zip:sva=off:kernel=6.1",
        "hisi_zip:engine=null-inline:fault=lost@1"})
    EXPECT_EQ(Emulated::try_open(names), -EINVAL) << names;
}

TEST(EmulatorNames, TakesEveryParameter) {
  EXPECT_EQ(
      Emulated::try_open("hisi_zip:api=v3:engine=null:kernel=kae:removal=bus-error:"
                         "fault=late@3:fault=lost@5+:fault=random%0.25:devices=2:queues=2:"
                         "depth=2:threads=2:memory=direct:numa=-1:sva=on:isolate_strategy=3:seed=9:"
                         "delay=1:reset_time=0"),
      0);
}

}  // namespace
}  // namespace wd::test
