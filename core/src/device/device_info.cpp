#include "device/device_info.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

#include "device/text.hpp"

WD_NAMESPACE_BEGIN

namespace {

// One device's folder in sysfs.
class Attributes {
 public:
  Attributes(const SystemCalls& calls, const Roots& roots, std::string_view name) noexcept
      : calls_(calls) {
    folder_ /= roots.sysfs;
    folder_ /= name;
  }

  // The text, or a view of nothing with `*failure` = -errno.
  std::string_view text(const char* attribute, char* to, std::size_t capacity,
                        long* failure) const noexcept {
    Path path = folder_;
    path /= attribute;
    const long bytes = calls_.read_file(calls_.world, path.c_str(), to, capacity);
    *failure = bytes < 0 ? bytes : 0;
    // Whoever answered is not trusted to have kept to the capacity.
    if (bytes < 0 || static_cast<std::size_t>(bytes) > capacity) return {};
    return {to, static_cast<std::size_t>(bytes)};
  }

  [[nodiscard]] std::int64_t number(const char* attribute, std::int64_t otherwise) const noexcept {
    char buffer[32];
    long failure = 0;
    const ParsedNumber parsed = parse_number(text(attribute, buffer, sizeof(buffer), &failure));
    return parsed.valid ? parsed.value : otherwise;
  }

 private:
  const SystemCalls& calls_;
  Path folder_;
};

std::uint64_t size_of(const Attributes& attributes, const char* attribute) noexcept {
  const std::int64_t bytes = attributes.number(attribute, 0);
  return bytes > 0 ? static_cast<std::uint64_t>(bytes) : 0;
}

// Lines that came whole; a last one that was cut off would match what it is not.
std::size_t whole_lines(std::string_view text, std::size_t capacity) noexcept {
  if (text.size() < capacity) return text.size();
  const std::size_t end = text.rfind('\n');
  return end == std::string_view::npos ? 0 : end;
}

constexpr unsigned kNoNumber = ~0u;

// The N of "hisi_zip-N".
unsigned number_of(std::string_view name, std::string_view family) noexcept {
  constexpr std::int64_t kMost = 1 << 20;
  if (name.size() <= family.size() + 1 || leading(name, family.size()) != family) return kNoNumber;
  name.remove_prefix(family.size());
  if (name[0] != '-' || name[1] == '-') return kNoNumber;
  name.remove_prefix(1);
  const ParsedNumber number = parse_number(name);
  if (!number.valid || number.value > kMost) return kNoNumber;
  return static_cast<unsigned>(number.value);
}

struct Found {
  std::string_view family;
  unsigned numbers[DeviceList::kMost];
  std::size_t count = 0;

  // Keeps the smallest numbers, in order: which devices a machine with very many uses does not
  // depend on the order of a folder.
  void add(unsigned number) noexcept {
    std::size_t at = count;
    if (count < DeviceList::kMost)
      ++count;
    else if (numbers[--at] <= number)
      return;
    while (at > 0 && numbers[at - 1] > number) {
      numbers[at] = numbers[at - 1];
      --at;
    }
    numbers[at] = number;
  }
};

// `family`-`number` into a name's buffer; both are known to fit.
void write_name(std::string_view family, unsigned number, char* to) noexcept {
  std::memcpy(to, family.data(), family.size());
  to += family.size();
  *to++ = '-';
  char digits[12];
  std::size_t count = 0;
  do {
    digits[count++] = static_cast<char>('0' + number % 10);
    number /= 10;
  } while (number != 0);
  while (count != 0) *to++ = digits[--count];
  *to = '\0';
}

}  // namespace

ApiName parse_api(std::string_view text) noexcept {
  constexpr std::string_view kPrefix = "hisi_qm_v";
  constexpr std::string_view kNoIommu = "_noiommu";
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  if (leading(text, kPrefix.size()) != kPrefix) return {};
  text.remove_prefix(kPrefix.size());
  ApiName name;
  const std::size_t suffix = text.find('_');
  if (suffix != std::string_view::npos) {
    std::string_view behind = text;
    behind.remove_prefix(suffix);
    if (behind != kNoIommu) return {};
    name.no_iommu = true;
    text = leading(text, suffix);
  }
  const ParsedNumber version = parse_number(text);
  if (!version.valid || version.value < 1 || version.value > 255) return {};
  name.version = static_cast<unsigned>(version.value);
  return name;
}

bool DeviceInfo::does(std::string_view algorithm) const noexcept {
  return has_line({algorithms, algorithms_bytes}, algorithm);
}

Result<DeviceInfo> read_device(const SystemCalls& calls, const Roots& roots,
                               const char* name) noexcept {
  DeviceInfo info;
  const std::size_t name_bytes = std::strlen(name);
  if (name_bytes == 0 || name_bytes >= DeviceInfo::kMaxNameBytes ||
      std::memchr(name, '/', name_bytes) != nullptr)
    return Error{Errc::invalid_argument, 0, "no name of a device"};
  std::memcpy(info.name, name, name_bytes + 1);

  const Attributes attributes(calls, roots, name);
  char api[64];
  long failure = 0;
  info.api = parse_api(attributes.text("api", api, sizeof(api), &failure));
  if (failure != 0)
    return Error{failure == -ENOENT ? Errc::not_found : Errc::io, static_cast<int>(-failure),
                 "a device's attributes cannot be read"};
  const std::string_view algorithms =
      attributes.text("algorithms", info.algorithms, sizeof(info.algorithms), &failure);
  info.algorithms_bytes =
      static_cast<std::uint16_t>(whole_lines(algorithms, sizeof(info.algorithms)));
  info.flags = static_cast<unsigned>(attributes.number("flags", 0));
  info.shared_by_software = attributes.number("device/shared_addresses", 0) == 1;
  info.numa_node = static_cast<int>(attributes.number("device/numa_node", -1));
  info.mmio_bytes = size_of(attributes, "region_mmio_size");
  info.dus_bytes = size_of(attributes, "region_dus_size");
  info.isolated = attributes.number("isolate", 0) != 0;
  return info;
}

Result<int> available_instances(const SystemCalls& calls, const Roots& roots,
                                const char* name) noexcept {
  const Attributes attributes(calls, roots, name);
  char buffer[32];
  long failure = 0;
  const ParsedNumber parsed =
      parse_number(attributes.text("available_instances", buffer, sizeof(buffer), &failure));
  if (failure != 0)
    return Error{Errc::io, static_cast<int>(-failure), "free queues cannot be counted"};
  if (!parsed.valid || parsed.value < 0)
    return Error{Errc::io, 0, "the number of free queues is no number"};
  return static_cast<int>(parsed.value);
}

bool isolated_now(const SystemCalls& calls, const Roots& roots, const char* name) noexcept {
  return Attributes(calls, roots, name).number("isolate", 0) != 0;
}

void find_devices(const SystemCalls& calls, const Roots& roots, std::string_view family,
                  DeviceList& list) noexcept {
  // A number behind the family's name must fit, too.
  constexpr std::size_t kMostFamilyBytes = DeviceInfo::kMaxNameBytes - 16;
  list.count = 0;
  if (family.size() > kMostFamilyBytes) return;
  Found found{.family = family, .numbers = {}};
  calls.list_folder(calls.world, roots.sysfs, &found, [](void* user, const char* name) noexcept {
    auto& so_far = *static_cast<Found*>(user);
    const unsigned number = number_of(name, so_far.family);
    if (number != kNoNumber) so_far.add(number);
  });
  for (std::size_t i = 0; i < found.count; ++i) {
    char name[DeviceInfo::kMaxNameBytes];
    write_name(family, found.numbers[i], name);
    if (const auto info = read_device(calls, roots, name)) list.devices[list.count++] = *info;
  }
}

WD_NAMESPACE_END
