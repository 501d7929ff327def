// Programs that compress a file to standard output, or into an archive.
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "encoders.hpp"
#include "fixtures/scratch_folder.hpp"

namespace wd::test {

namespace {

std::string_view characters(const Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Bytes bytes_in(const std::string& path) {
  const std::string contents = ScratchFolder::contents_of(path);
  return {contents.begin(), contents.end()};
}

// In a shell, in a folder where `plain` is the file that it works on. A program that is missing or
// fails is the end of the test: cmake/packages.sh installs it.
void run(const ScratchFolder& folder, const std::string& command) {
  const std::string line = "cd '" + folder.path("") + "' && " + command;
  if (std::system(line.c_str()) == 0) return;
  std::fprintf(stderr, "failed, or is not installed: %s\n", command.c_str());
  std::abort();
}

std::vector<EncodedMessage> encode(const Bytes& plain, const std::string& program, Format format,
                                   std::initializer_list<const char*> options) {
  const ScratchFolder folder;
  const std::string to = folder.path("packed");
  static_cast<void>(folder.file("plain", characters(plain)));
  std::vector<EncodedMessage> messages;
  for (const char* option : options) {
    run(folder, program + " " + option + " plain >packed");
    messages.push_back({option, format, bytes_in(to)});
  }
  return messages;
}

void append(std::vector<EncodedMessage>& to, std::vector<EncodedMessage> more) {
  to.insert(to.end(), more.begin(), more.end());
}

// The one member of a zip archive, by its local header (APPNOTE.TXT, 4.3.7 and 4.4).
Bytes member_of(const Bytes& archive) {
  const auto number = [&](std::size_t at, unsigned bytes) {
    std::size_t value = 0;
    while (bytes-- != 0) value = value << 8 | archive.at(at + bytes);
    return value;
  };
  constexpr std::size_t kHeaderBytes = 30;
  constexpr std::size_t kDeflated = 8;
  if (number(8, 2) != kDeflated) return {};
  const auto begin = static_cast<long>(kHeaderBytes + number(26, 2) + number(28, 2));
  return {archive.begin() + begin, archive.begin() + begin + static_cast<long>(number(18, 4))};
}

}  // namespace

// -11 is zopfli's algorithm; -i makes blocks that do not know of each other, -b their size in KiB.
std::vector<EncodedMessage> encode_with_pigz(const Bytes& plain) {
  auto messages = encode(
      plain, "pigz -c", Format::gzip,
      {"-0", "-1", "-6", "-9", "-11 -I 3", "-6 -i -b 32", "-p 4 -b 32", "-H", "-U", "-R", "-n -T"});
  append(messages, encode(plain, "pigz -cz", Format::zlib,
                          {"-0", "-1", "-9", "-11 -I 3", "-i -b 32", "-p 4 -b 32 -U"}));
  return messages;
}

std::vector<EncodedMessage> encode_with_zopfli(const Bytes& plain) {
  auto messages = encode(plain, "zopfli -c", Format::gzip, {"--gzip --i2"});
  append(messages, encode(plain, "zopfli -c", Format::zlib, {"--zlib --i2"}));
  append(messages, encode(plain, "zopfli -c", Format::raw, {"--deflate --i5", "--deflate --i1"}));
  return messages;
}

std::vector<EncodedMessage> encode_with_7zip(const Bytes& plain) {
  auto messages = encode(plain, "7z a -bd -tgzip -so packed.gz", Format::gzip,
                         {"-mx1", "-mx5", "-mx9", "-mx9 -mfb=258 -mpass=15"});
  const ScratchFolder folder;
  static_cast<void>(folder.file("plain", characters(plain)));
  for (const char* options : {"-mx1", "-mx9", "-mx9 -mfb=258 -mpass=15"}) {
    run(folder, std::string("rm -f packed.zip && 7z a -bd -tzip -mm=Deflate ") + options +
                    " packed.zip plain >log");
    // What does not get smaller is stored.
    if (Bytes member = member_of(bytes_in(folder.path("packed.zip"))); !member.empty())
      messages.push_back({std::string("zip ") + options, Format::raw, std::move(member)});
  }
  return messages;
}

}  // namespace wd::test
