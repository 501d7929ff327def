#include "json_object.hpp"

#include <cstdio>

namespace wd::bench {

std::string json_string(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    // Paths and names: a control character in one is replaced rather than escaped.
    quoted += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
  }
  return quoted + '"';
}

JsonObject& JsonObject::add(std::string_view key, std::string_view value) {
  if (!members_.empty()) members_ += ", ";
  members_ += json_string(key) + ": ";
  members_ += value;
  return *this;
}

JsonObject& JsonObject::text(std::string_view key, std::string_view value) {
  return add(key, json_string(value));
}

JsonObject& JsonObject::number(std::string_view key, double value) {
  char digits[32];
  std::snprintf(digits, sizeof digits, "%.6g", value);
  return add(key, digits);
}

JsonObject& JsonObject::integer(std::string_view key, std::uint64_t value) {
  return add(key, std::to_string(value));
}

JsonObject& JsonObject::boolean(std::string_view key, bool value) {
  return add(key, value ? "true" : "false");
}

JsonObject& JsonObject::list(std::string_view key, const std::vector<std::string>& values,
                             std::string_view separator) {
  std::string joined;
  for (const std::string& value : values) {
    if (!joined.empty()) joined += separator;
    joined += value;
  }
  return add(key, "[" + joined + "]");
}

}  // namespace wd::bench
