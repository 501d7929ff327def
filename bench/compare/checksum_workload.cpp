#include <algorithm>
#include <cstring>
#include <new>

#include "fail.hpp"
#include "workload.hpp"

namespace wd::bench {
namespace {

// Places that a run walks over: they stay in the first-level cache unless one alone is larger.
constexpr std::size_t kWindowBytes = 16 * 1024;
// Enough for any vector unit; the offset asked for is counted from such an address.
constexpr std::size_t kAlignment = 64;
constexpr std::size_t kCallsPerRun = 256;

struct AlignedDelete {
  void operator()(std::uint8_t* memory) const {
    ::operator delete (memory, std::align_val_t{kAlignment});
  }
};

class Checksums final : public Workload {
 public:
  Checksums(Checksum kind, ByteView content, std::size_t length, std::size_t offset)
      : kind_(kind), length_(length), places_(std::max<std::size_t>(kWindowBytes / stride(), 1)) {
    const std::size_t wanted = offset + length + places_ * stride();
    memory_.reset(
        static_cast<std::uint8_t*>(::operator new (wanted, std::align_val_t{kAlignment})));
    for (std::size_t at = 0; at < wanted; at += content.size()) {
      std::memcpy(memory_.get() + at, content.data(), std::min(content.size(), wanted - at));
    }
    first_ = memory_.get() + offset;
  }

  // Every sum goes on from the one before, as a stream's does: what counts is how soon a call is
  // done, not how many can be in flight.
  std::uint64_t run(const ZlibAbi& zlib) override {
    const auto function = kind_ == Checksum::kCrc32 ? zlib.crc32 : zlib.adler32;
    uLong sum = kind_ == Checksum::kCrc32 ? 0 : 1;
    std::size_t place = 0;
    for (std::size_t call = 0; call < calls(); ++call) {
      sum = function(sum, first_ + place * stride(), static_cast<uInt>(length_));
      if (++place == places_) place = 0;
    }
    return sum;
  }

  void verify(const ZlibAbi& zlib, const ZlibAbi& judge) override {
    require(run(zlib) == run(judge), "a checksum is wrong", zlib.path);
  }

  std::uint64_t plain_bytes() const override { return calls() * length_; }

 private:
  // Short inputs lie at whole multiples of the alignment too, so that the offset holds for all.
  [[nodiscard]] std::size_t stride() const {
    return (length_ + kAlignment - 1) / kAlignment * kAlignment;
  }

  [[nodiscard]] std::size_t calls() const {
    return std::clamp<std::size_t>((4 << 20) / length_, 4, kCallsPerRun);
  }

  Checksum kind_;
  std::size_t length_;
  std::size_t places_;
  std::unique_ptr<std::uint8_t, AlignedDelete> memory_;
  const std::uint8_t* first_ = nullptr;
};

}  // namespace

WorkloadPtr checksums(Checksum kind, ByteView content, std::size_t length_bytes,
                      std::size_t offset_bytes) {
  return std::make_unique<Checksums>(kind, content, length_bytes, offset_bytes);
}

}  // namespace wd::bench
