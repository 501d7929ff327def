#include "zip/deflater.hpp"

#include <bit>
#include <new>

#include "zip/private_zlib.hpp"

namespace wd::emulator::zip {
namespace {

// The hardware has one way to compress; of zlib's, the fastest is the nearest.
constexpr int kLevel = 1;
constexpr int kMemoryLevel = 8;

// Of a window that is no power of two, as much as zlib can use.
int window_bits(std::uint32_t bytes) {
  return std::bit_width(bytes) - 1;
}

}  // namespace

Deflater::Deflater() : stream_(std::make_unique<z_stream_s>()) {}

Deflater::~Deflater() {
  if (window_bits_ != 0) emu_deflateEnd(stream_.get());
}

std::size_t Deflater::bound(std::size_t plain_bytes) {
  // Stored blocks of at least 16 KiB less their headers, the last block's, and the empty one.
  return plain_bytes + plain_bytes / 2048 + 64;
}

void Deflater::prepare(int window_bits) {
  if (window_bits == window_bits_) {
    emu_deflateReset(stream_.get());
    return;
  }
  if (window_bits_ != 0) emu_deflateEnd(stream_.get());
  *stream_ = {};
  window_bits_ = 0;
  if (emu_deflateInit2_(stream_.get(), kLevel, Z_DEFLATED, -window_bits, kMemoryLevel,
                        Z_DEFAULT_STRATEGY, ZLIB_VERSION, sizeof(z_stream)) != Z_OK)
    throw std::bad_alloc();
  window_bits_ = window_bits;
}

std::size_t Deflater::compress(std::span<const std::uint8_t> window, std::uint32_t window_bytes,
                               std::span<const std::uint8_t> plain, bool last,
                               std::span<std::uint8_t> packed) {
  prepare(window_bits(window_bytes));
  if (!window.empty())
    emu_deflateSetDictionary(stream_.get(), window.data(), static_cast<uInt>(window.size()));
  stream_->next_in = const_cast<Bytef*>(plain.data());
  stream_->avail_in = static_cast<uInt>(plain.size());
  stream_->next_out = packed.data();
  stream_->avail_out = static_cast<uInt>(packed.size());
  emu_deflate(stream_.get(), last ? Z_FINISH : Z_SYNC_FLUSH);
  return packed.size() - stream_->avail_out;
}

}  // namespace wd::emulator::zip
