#ifndef WD_BENCH_COMMON_JSON_OBJECT_HPP_
#define WD_BENCH_COMMON_JSON_OBJECT_HPP_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wd::bench {

// A JSON object being written: as much of JSON as a report needs.
class JsonObject {
 public:
  JsonObject& text(std::string_view key, std::string_view value);
  JsonObject& number(std::string_view key, double value);
  JsonObject& integer(std::string_view key, std::uint64_t value);
  JsonObject& boolean(std::string_view key, bool value);
  // `values` are JSON already.
  JsonObject& list(std::string_view key, const std::vector<std::string>& values,
                   std::string_view separator = ", ");

  [[nodiscard]] std::string str() const { return "{" + members_ + "}"; }

 private:
  JsonObject& add(std::string_view key, std::string_view value);

  std::string members_;
};

std::string json_string(std::string_view text);

}  // namespace wd::bench

#endif  // WD_BENCH_COMMON_JSON_OBJECT_HPP_
