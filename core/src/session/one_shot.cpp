// Whole messages: the fast path, and behind it a session of one request.
#include "wd/one_shot.hpp"

#include "wd/session.hpp"

WD_NAMESPACE_BEGIN

namespace {

template <class AnySession>
Result<Completion> run_once(const Context& context, const typename AnySession::Options& options,
                            std::span<const std::byte> in, std::span<std::byte> out) noexcept {
  auto session = AnySession::open(context, options);
  if (!session) return session.error();
  const ConstBuffer from{in.data(), in.size()};
  const MutableBuffer to{out.data(), out.size()};
  return session->run({.in = {&from, 1}, .out = {&to, 1}});
}

Error error_of(Status status) noexcept {
  switch (status) {
    case Status::output_full:
      return {Errc::output_full, 0, "the output is too small"};
    case Status::need_dictionary:
      return {Errc::need_dictionary, 0, "the stream needs a preset dictionary"};
    case Status::no_memory:
      return {Errc::no_memory, 0, "no memory"};
    case Status::corrupt_data:
      return {Errc::corrupt_data, 0, "the input is no valid stream"};
    default:
      return {Errc::truncated, 0, "the input ends before its stream"};
  }
}

}  // namespace

Result<std::size_t> compress(const Context& context, Format format, int level,
                             std::span<const std::byte> in, std::span<std::byte> out) noexcept {
  if (format <= Format::gzip && level >= kMinLevel && level <= kMaxLevel)
    if (const std::size_t bytes =
            compress_whole(context, format, level, in.data(), in.size(), out.data(), out.size());
        bytes != 0)
      return bytes;
  const auto done = run_once<Compressor>(context, {.format = format, .level = level}, in, out);
  if (!done) return done.error();
  if (done->status != Status::end) return error_of(done->status);
  return done->produced;
}

Result<Decompressed> decompress(const Context& context, Format format,
                                std::span<const std::byte> in, std::span<std::byte> out) noexcept {
  Decompressed whole{};
  if (format == Format::zlib && decompress_zlib_whole(context, in.data(), in.size(), out.data(),
                                                      out.size(), &whole.consumed, &whole.produced))
    return whole;
  const auto done = run_once<Decompressor>(context, {.format = format}, in, out);
  if (!done) return done.error();
  if (done->status != Status::end) return error_of(done->status);
  return Decompressed{done->consumed, done->produced};
}

WD_NAMESPACE_END
