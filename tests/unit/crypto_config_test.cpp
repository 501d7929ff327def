#include "wd/crypto_config.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "wd/config.hpp"

namespace {

using wd::CryptoConfig;
using wd::CryptoFamily;
using Use = CryptoConfig::Use;

TEST(CryptoConfig, StartsWithWhatIsKnownToBeFaster) {
  const CryptoConfig config;
  EXPECT_TRUE(config.passthrough);
  EXPECT_EQ(config.use(CryptoFamily::aes_gcm), Use::automatic);
  EXPECT_EQ(config.batch_min_bytes, 0u);
  EXPECT_EQ(config.batch_min_depth, 0u);
}

TEST(CryptoConfig, SwitchesEachFamilyByItself) {
  constexpr std::pair<const char*, CryptoFamily> kFamilies[] = {
      {"aes_gcm", CryptoFamily::aes_gcm}, {"aes_ctr", CryptoFamily::aes_ctr},
      {"aes_cbc", CryptoFamily::aes_cbc}, {"sha1", CryptoFamily::sha1},
      {"sha2", CryptoFamily::sha2},       {"hmac", CryptoFamily::hmac}};
  for (const auto& [key, family] : kFamilies) {
    CryptoConfig config;
    ASSERT_TRUE(config.set(key, "off")) << key;
    for (const auto& [other, other_family] : kFamilies)
      EXPECT_EQ(config.use(other_family), other_family == family ? Use::off : Use::automatic);
    ASSERT_TRUE(config.set(key, "on"));
    EXPECT_EQ(config.use(family), Use::on);
    ASSERT_TRUE(config.set(key, "auto"));
    EXPECT_EQ(config.use(family), Use::automatic);
  }
}

TEST(CryptoConfig, TakesNumbersWithinTheirLimits) {
  CryptoConfig config;
  EXPECT_TRUE(config.set("batch_min_bytes", "1073741824"));
  EXPECT_EQ(config.batch_min_bytes, 1073741824u);
  EXPECT_TRUE(config.set("batch_min_depth", "64"));
  EXPECT_EQ(config.batch_min_depth, 64u);
  EXPECT_TRUE(config.set("passthrough", "0"));
  EXPECT_FALSE(config.passthrough);
}

TEST(CryptoConfig, NamesTheKeyWhoseValueItDoesNotKnow) {
  for (const char* key : CryptoConfig::keys())
    for (const char* value :
         {"", "-1", "1x", " 1", "0x10", "99999999999999999999", "1073741825", "yes", "On"}) {
      CryptoConfig config;
      const wd::Result<void> done = config.set(key, value);
      ASSERT_FALSE(done) << key << "=" << value;
      EXPECT_EQ(std::string_view(done.error().text).find(key), 0u) << done.error().text;
    }
  CryptoConfig config;
  EXPECT_FALSE(config.set("aes", "on"));
}

TEST(CryptoConfig, IsPartOfConfig) {
  wd::Config config;
  EXPECT_TRUE(config.set("sha2", "off"));
  EXPECT_EQ(config.crypto.use(CryptoFamily::sha2), Use::off);
  EXPECT_FALSE(config.set("sha2", "nonsense"));
}

}  // namespace
