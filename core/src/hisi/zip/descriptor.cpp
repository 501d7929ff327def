#include "hisi/zip/descriptor.hpp"

WD_NAMESPACE_BEGIN

namespace hisi::zip {

namespace {

// Where things are in a descriptor, by words of 32 bits. What is not named is zero in requests.
enum Word : std::uint8_t {
  kConsumed = 0,
  kProduced = 1,
  kLiteralsProduced = 2,
  kStatus = 3,
  kSourceBytes = 4,
  kSourceSkipAndModes = 7,
  kDestinationSkip = 8,
  kTypes = 9,
  kLiteralsRoom = 13,  // type 3; of type 0 it is the tag
  kDestinationBytes = 14,
  kContext0 = 15,
  kSource = 18,
  kDestination = 20,
  kStreamContext = 22,
  kLiterals = 24,
  kContext1 = 28,
  kContext2 = 29,
  kBodyBytes = 30,
  kChecksum = 31,
};

constexpr std::uint32_t kSkipMask = 0xffffff;
constexpr unsigned kFinishBit = 25;
constexpr unsigned kStatefulBit = 26;
constexpr unsigned kFirstBit = 27;
constexpr unsigned kTypeShift = 28;
constexpr unsigned kScatteredBit = 8;
constexpr unsigned kWindowShift = 12;

constexpr std::uint32_t kStatusMask = 0xff;
constexpr unsigned kLastBlockBit = 8;
constexpr std::uint8_t kOk = 0x00;
constexpr std::uint8_t kGrew = 0x0d;  // the output is larger than the input
constexpr std::uint8_t kNoRoom = 0x0e;
constexpr std::uint8_t kBadCheck = 0x10;
constexpr std::uint8_t kEnd = 0x13;

constexpr std::uint32_t bit(bool value, unsigned position) noexcept {
  return static_cast<std::uint32_t>(value) << position;
}

void put_address(Descriptor& descriptor, Word at, std::uint64_t address) noexcept {
  descriptor.word[at] = static_cast<std::uint32_t>(address);
  descriptor.word[at + 1] = static_cast<std::uint32_t>(address >> 32);
}

constexpr Dialect kSecondGeneration{0, 13};
constexpr Dialect kThirdGeneration{3, 26};

Verdict verdict_of(std::uint8_t status, bool last_block) noexcept {
  switch (status) {
    case kOk:
    case kGrew:
      return Verdict::done;
    case kEnd:
      return last_block ? Verdict::end : Verdict::done;
    case kNoRoom:
      return Verdict::no_room;
    case kBadCheck:
      return Verdict::bad_check;
    default:
      return Verdict::fault;
  }
}

}  // namespace

const Dialect& dialect_of(unsigned qm_version) noexcept {
  return qm_version < 3 ? kSecondGeneration : kThirdGeneration;
}

Descriptor encode(const Dialect& dialect, const Request& request, ring::Tag tag) noexcept {
  Descriptor descriptor{};
  auto& word = descriptor.word;
  word[kSourceBytes] = request.source_bytes;
  word[kSourceSkipAndModes] = (request.source_skip & kSkipMask) | bit(request.finish, kFinishBit) |
                              bit(request.stateful, kStatefulBit) | bit(request.first, kFirstBit) |
                              static_cast<std::uint32_t>(dialect.descriptor_type) << kTypeShift;
  word[kDestinationSkip] = request.destination_skip & kSkipMask;
  word[kTypes] = static_cast<std::uint32_t>(request.coding) |
                 bit(request.scattered, kScatteredBit) |
                 static_cast<std::uint32_t>(request.window) << kWindowShift;
  word[kLiteralsRoom] = request.literals_bytes;
  word[kDestinationBytes] = request.destination_bytes;
  put_address(descriptor, kSource, request.source);
  put_address(descriptor, kDestination, request.destination);
  put_address(descriptor, kLiterals, request.literals);
  if (request.stateful) {
    put_address(descriptor, kStreamContext, request.context);
    word[kContext0] = request.words.context[0];
    word[kContext1] = request.words.context[1];
    word[kContext2] = request.words.context[2];
    word[kBodyBytes] = request.words.body_bytes;
    word[kChecksum] = request.words.checksum;
  }
  word[dialect.tag_word] = tag;
  return descriptor;
}

Outcome decode(const Descriptor& answer) noexcept {
  const auto& word = answer.word;
  Outcome outcome{};
  outcome.status = static_cast<std::uint8_t>(word[kStatus] & kStatusMask);
  outcome.last_block = (word[kStatus] >> kLastBlockBit & 1) != 0;
  outcome.verdict = verdict_of(outcome.status, outcome.last_block);
  outcome.consumed = word[kConsumed];
  outcome.produced = word[kProduced];
  outcome.literals_bytes = word[kLiteralsProduced];
  outcome.words = {
      {word[kContext0], word[kContext1], word[kContext2]}, word[kBodyBytes], word[kChecksum]};
  return outcome;
}

}  // namespace hisi::zip

WD_NAMESPACE_END
