#include <algorithm>
#include <string_view>

#include "sequences.hpp"

namespace wd::test {

namespace {

// What one library's inflateBack was fed and gave.
struct Transfer {
  const Bytes* input;
  std::size_t given = 0;
  std::uint32_t input_step;
  std::uint32_t outputs_left;  // calls of the output function until it refuses
  Bytes output;

  static unsigned feed(void* opaque, z_const unsigned char** data) {
    auto* transfer = static_cast<Transfer*>(opaque);
    const auto bytes = static_cast<unsigned>(
        std::min<std::size_t>(transfer->input_step, transfer->input->size() - transfer->given));
    *data = const_cast<unsigned char*>(transfer->input->data() + transfer->given);
    transfer->given += bytes;
    return bytes;
  }
  static int take(void* opaque, unsigned char* data, unsigned bytes) {
    auto* transfer = static_cast<Transfer*>(opaque);
    transfer->output.insert(transfer->output.end(), data, data + bytes);
    return transfer->outputs_left-- == 0 ? 1 : 0;
  }
};

// zlib's fast loop lets a distance reach further back than there is output, or than the window, to
// what lies there by chance. Such a stream is bad, and we say so at once.
bool refused_garbage(const z_stream& stream, int code, const Transfer& reference,
                     const Transfer& shim) {
  return code == Z_DATA_ERROR && stream.msg != Z_NULL &&
         std::string_view(stream.msg) == "invalid distance too far back" &&
         shim.given <= reference.given && shim.output.size() < reference.output.size() &&
         std::equal(shim.output.begin(), shim.output.end(), reference.output.begin());
}

}  // namespace

Difference run_inflate_back_sequence(Choices& choices) {
  CompressedStream material = make_stream(choices);
  const bool damaged = choices.one_in(3);
  if (damaged) damage(choices, material.bytes);
  // inflateBack reads raw streams; of others, what comes behind the header.
  if (material.window_bits > 0 && material.bytes.size() > 2)
    material.bytes.erase(material.bytes.begin(), material.bytes.begin() + 2);
  const int bits = choices.one_in(5) ? static_cast<int>(choices.below(18)) : 15;
  const std::uint32_t step = 1 + choices.skewed(5000);
  const std::uint32_t outputs = choices.one_in(4) ? choices.below(3) : 1000000;

  Pair pair;
  Bytes windows[2] = {Bytes(32768), Bytes(32768)};
  const int reference_init = ref_inflateBackInit_(&pair.reference.stream, bits, windows[0].data(),
                                                  ZLIB_VERSION, sizeof(z_stream));
  const int shim_init =
      inflateBackInit_(&pair.shim.stream, bits, windows[1].data(), ZLIB_VERSION, sizeof(z_stream));
  if (reference_init != shim_init) return "inflateBackInit's code differs";
  if (reference_init != Z_OK) return {};
  Transfer reference{&material.bytes, 0, step, outputs, {}};
  Transfer shim{&material.bytes, 0, step, outputs, {}};
  const int codes[] = {
      ref_inflateBack(&pair.reference.stream, Transfer::feed, &reference, Transfer::take,
                      &reference),
      inflateBack(&pair.shim.stream, Transfer::feed, &shim, Transfer::take, &shim)};
  // What any decoder with the largest window can read is never garbage.
  const bool sound =
      !damaged && bits == 15 && material.dictionary.empty() && material.window_bits <= 15;
  if (!sound && refused_garbage(pair.shim.stream, codes[1], reference, shim)) {
    ref_inflateBackEnd(&pair.reference.stream);
    inflateBackEnd(&pair.shim.stream);
    return {};
  }
  // zlib leaves there where its fast loop happened to stop last.
  pair.shim.stream.avail_out = pair.reference.stream.avail_out;
  Difference difference = pair.compare("inflateBack", codes[0], codes[1]);
  if (difference.empty() && reference.output != shim.output)
    difference = "inflateBack's output differs";
  if (difference.empty() && inflate(&pair.shim.stream, Z_NO_FLUSH) != Z_STREAM_ERROR)
    difference = "inflate() takes an inflateBack stream for its own";
  if (difference.empty() &&
      ref_inflateBackEnd(&pair.reference.stream) != inflateBackEnd(&pair.shim.stream))
    difference = "inflateBackEnd's code differs";
  return difference;
}

}  // namespace wd::test
