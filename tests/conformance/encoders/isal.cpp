// Intel's ISA-L: codes that are fixed at compile time, made of a sample, or of the message.
#include <isa-l/igzip_lib.h>

#include <cstdlib>
#include <memory>

#include "encoders.hpp"

namespace wd::test {

namespace {

enum class Codes { by_default, fixed, of_sample };

Bytes encode(const Bytes& plain, unsigned level, Codes codes, std::uint16_t frame,
             int window_bits) {
  constexpr unsigned kLevelBytes[] = {0, ISAL_DEF_LVL1_DEFAULT, ISAL_DEF_LVL2_DEFAULT,
                                      ISAL_DEF_LVL3_DEFAULT};
  // Large, and full of tables.
  const auto stream = std::make_unique<isal_zstream>();
  const auto tables = std::make_unique<isal_hufftables>();
  Bytes level_memory(kLevelBytes[level]);
  isal_deflate_init(stream.get());
  if (codes == Codes::fixed)
    isal_deflate_set_hufftables(stream.get(), nullptr, IGZIP_HUFFTABLE_STATIC);
  if (codes == Codes::of_sample) {
    isal_huff_histogram histogram{};
    isal_update_histogram(const_cast<std::uint8_t*>(plain.data()), static_cast<int>(plain.size()),
                          &histogram);
    if (isal_create_hufftables(tables.get(), &histogram) != 0) std::abort();
    isal_deflate_set_hufftables(stream.get(), tables.get(), IGZIP_HUFFTABLE_CUSTOM);
  }
  stream->level = level;
  stream->level_buf = level == 0 ? nullptr : level_memory.data();
  stream->level_buf_size = kLevelBytes[level];
  stream->gzip_flag = frame;
  stream->hist_bits = static_cast<std::uint16_t>(window_bits);
  stream->end_of_stream = 1;
  stream->flush = NO_FLUSH;
  Bytes packed(2 * plain.size() + 1000);
  stream->next_in = const_cast<std::uint8_t*>(plain.data());
  stream->avail_in = static_cast<std::uint32_t>(plain.size());
  stream->next_out = packed.data();
  stream->avail_out = static_cast<std::uint32_t>(packed.size());
  if (isal_deflate(stream.get()) != COMP_OK || stream->internal_state.state != ZSTATE_END)
    std::abort();
  packed.resize(stream->total_out);
  return packed;
}

}  // namespace

std::vector<EncodedMessage> encode_with_isal(const Bytes& plain) {
  std::vector<EncodedMessage> messages;
  const auto add = [&](const std::string& how, unsigned level, Codes codes) {
    messages.push_back({how, Format::raw, encode(plain, level, codes, IGZIP_DEFLATE, 0)});
    messages.push_back({how, Format::zlib, encode(plain, level, codes, IGZIP_ZLIB, 0)});
    messages.push_back({how, Format::gzip, encode(plain, level, codes, IGZIP_GZIP, 0)});
    for (int bits = 9; bits < 15; ++bits)
      messages.push_back(
          {how, Format::raw, encode(plain, level, codes, IGZIP_DEFLATE, bits), bits});
  };
  for (unsigned level = 0; level <= 3; ++level)
    add("level " + std::to_string(level), level, Codes::by_default);
  add("fixed codes", 0, Codes::fixed);
  if (!plain.empty()) add("codes of a sample", 0, Codes::of_sample);
  return messages;
}

}  // namespace wd::test
