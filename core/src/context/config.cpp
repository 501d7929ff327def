#include "wd/config.hpp"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <memory>

#include "base/unique_fd.hpp"
#include "context/choices.hpp"

WD_NAMESPACE_BEGIN

namespace {

constexpr const char* kDefaultFile = "/etc/wd.conf";
constexpr std::size_t kMaxFileBytes = 16384;

constexpr std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view kBlank = " \t\r";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  const std::size_t last = text.find_last_not_of(kBlank);
  text.remove_suffix(text.size() - 1 - last);
  text.remove_prefix(first);
  return text;
}

// What stands before `mark`, or all of it. (substr() may throw, for which a plugin has no library.)
constexpr std::string_view before(std::string_view text, char mark) noexcept {
  const std::size_t at = text.find(mark);
  if (at != std::string_view::npos) text.remove_suffix(text.size() - at);
  return text;
}

// Keeps the first error; the rest of the configuration still counts.
void keep_first(Result<void>& first, const Result<void>& next) noexcept {
  if (first && !next) first = next;
}

// Whoever can write this file decides what runs inside the process.
bool trustworthy(const struct stat& status) noexcept {
  const bool owned = status.st_uid == 0 || status.st_uid == geteuid();
  return S_ISREG(status.st_mode) && owned && (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

Result<void> apply_line(Config& config, std::string_view line) noexcept {
  line = trimmed(before(line, '#'));
  if (line.empty()) return {};
  const std::string_view key = before(line, '=');
  if (key.size() == line.size())
    return Error{Errc::invalid_argument, 0, "wd.conf: a line is not of the form 'key = value'"};
  line.remove_prefix(key.size() + 1);
  return config.set(trimmed(key), trimmed(line));
}

Result<void> apply_text(Config& config, std::string_view text) noexcept {
  Result<void> first;
  while (!text.empty()) {
    const std::string_view line = before(text, '\n');
    keep_first(first, apply_line(config, line));
    text.remove_prefix(line.size() == text.size() ? line.size() : line.size() + 1);
  }
  return first;
}

Result<void> apply_file(Config& config, const char* path, bool must_exist) noexcept {
  const UniqueFd fd(open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (!fd) {
    if (!must_exist) return {};
    return Error{Errc::io, errno, "wd.conf: the file that WD_CONF names cannot be opened"};
  }
  struct stat status;
  if (fstat(fd.get(), &status) != 0 || !trustworthy(status))
    return Error{Errc::invalid_argument, 0,
                 "wd.conf: ignored: it must be a regular file of root or the caller that nobody "
                 "else can write"};
  // Not on the stack: threads that first use the library may have a small one. One byte more than
  // is allowed, to see that there is more.
  constexpr std::size_t kCapacity = kMaxFileBytes + 1;
  const std::unique_ptr<char, void (*)(void*)> text(static_cast<char*>(std::malloc(kCapacity)),
                                                    std::free);
  if (text == nullptr) return Error{Errc::no_memory, 0, "wd.conf: no memory to read it"};
  std::size_t used = 0;
  while (used < kCapacity) {
    const ssize_t got = read(fd.get(), text.get() + used, kCapacity - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Error{Errc::io, errno, "wd.conf: cannot be read"};
    if (got == 0) return apply_text(config, {text.get(), used});
    used += static_cast<std::size_t>(got);
  }
  return Error{Errc::invalid_argument, 0, "wd.conf: ignored: it is larger than 16 KiB"};
}

template <std::size_t kCapacity>
Result<void> copy_text(std::string_view text, const char* complaint,
                       char (&to)[kCapacity]) noexcept {
  if (text.size() >= kCapacity) return Error{Errc::invalid_argument, 0, complaint};
  std::memcpy(to, text.data(), text.size());
  to[text.size()] = '\0';
  return {};
}

}  // namespace

Result<void> Config::set(std::string_view key, std::string_view value) noexcept {
  if (key == "backend") return choose(kBackendChoices, value, backend);
  if (key == "compression") return choose(kCompressionChoices, value, compression);
  if (key == "log") return choose(kLogLevels, value, log);
  if (key == "verify") return choose(kVerifyChoices, value, verify);
  if (key == "max_queues")
    return choose_number(value, 1, 16, "max_queues: must be a number from 1 to 16", max_queues);
  if (key == "request_timeout")
    return choose_number(value, 1, 600000,
                         "request_timeout: must be a number of milliseconds, at most 600000",
                         request_timeout_ms);
  if (key == "fault_window")
    return choose_number(value, 1, 600000,
                         "fault_window: must be a number of milliseconds, at most 600000",
                         fault_window_ms);
  if (key == "stats") return copy_text(value, "stats: the path is too long", stats);
  if (CryptoConfig::knows(key)) return crypto.set(key, value);
  return Error{Errc::invalid_argument, 0,
               "an unknown key; there are backend, compression, fault_window, log, max_queues, "
               "request_timeout, stats, verify, and those of cryptography"};
}

Result<void> Config::load() noexcept {
  Result<void> first;
  // secure_getenv: null for every name when the program runs with privileges that its caller lacks.
  const char* file = secure_getenv("WD_CONF");
  const bool named = file != nullptr && file[0] != '\0';
  keep_first(first, apply_file(*this, named ? file : kDefaultFile, named));

  struct Variable {
    const char* name;
    std::string_view key;
  };
  constexpr Variable kVariables[] = {{"WD_BACKEND", "backend"},
                                     {"WD_COMPRESSION", "compression"},
                                     {"WD_STATS", "stats"},
                                     {"WD_LOG", "log"}};
  // Whoever asks for reproducible builds gets the bytes that everybody else gets; only a WD_*
  // variable says otherwise.
  if (secure_getenv("SOURCE_DATE_EPOCH") != nullptr) compression = CompressionChoice::exact;
  for (const Variable& variable : kVariables)
    if (const char* value = secure_getenv(variable.name))
      keep_first(first, set(variable.key, value));
  if (const char* devices = secure_getenv("WD_EMULATE")) {
    const auto copied = copy_text(devices, "WD_EMULATE: too long", emulate);
    keep_first(first, copied);
    // Whoever asked for emulated devices shall not get others.
    if (!copied) backend = BackendChoice::software;
  }
  return first;
}

WD_NAMESPACE_END
