#include "hisi/zip/message.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include "framing/frame_writer.hpp"
#include "hisi/zip/piece_rules.hpp"
#include "hisi/zip/stream.hpp"
#include "memory/scatter_list.hpp"
#include "wd/checksum.hpp"
#include "wd/frame_reader.hpp"

WD_NAMESPACE_BEGIN

namespace hisi::zip {

namespace {

constexpr MessageResult failed(MessageEnd end) noexcept {
  return {end, 0, 0};
}

MessageEnd end_of(const Error& error) noexcept {
  switch (error.code) {
    case Errc::queue_full:
      return MessageEnd::busy;
    case Errc::forked:
      return MessageEnd::forked;
    case Errc::device_fault:
      return MessageEnd::fault;
    case Errc::corrupt_data:
      return MessageEnd::refused;
    default:
      return MessageEnd::for_software;
  }
}

MessageEnd end_of(Stream::End end) noexcept {
  switch (end) {
    case Stream::End::complete:
      return MessageEnd::done;
    case Stream::End::more:
      return MessageEnd::does_not_fit;
    case Stream::End::busy:
      return MessageEnd::busy;
    case Stream::End::forked:
      return MessageEnd::forked;
    case Stream::End::fault:
      return MessageEnd::fault;
    case Stream::End::bad_check:
    case Stream::End::refused:
      break;
  }
  return MessageEnd::refused;
}

std::size_t write_header(const MessageParameters& parameters, std::uint8_t* to) noexcept {
  const DeflateParameters words{.level = parameters.level, .window_bits = parameters.window_bits};
  if (parameters.format == Format::zlib) return write_zlib_header(words, nullptr, to);
  if (parameters.format == Format::gzip) return write_gzip_header(words, nullptr, to);
  return 0;
}

std::uint64_t address_of(const void* at) noexcept {
  return reinterpret_cast<std::uintptr_t>(at);
}

// One stream, pieces as large as the engine takes them.
MessageResult in_pieces(Lane& lane, const MessageParameters& parameters, Direction direction,
                        const std::uint8_t* in, std::size_t in_bytes, std::uint8_t* out,
                        std::size_t out_bytes) noexcept {
  auto stream = Stream::create({coding_of(parameters.format), direction,
                                window_of(parameters.window_bits), parameters.numa_node});
  if (!stream) return failed(MessageEnd::for_software);
  const Stream::Step step = stream->run(lane, in, in_bytes, out, out_bytes, true);
  MessageEnd end = end_of(step.end);
  // Decompression that wants more although there is room wants input that there is not.
  if (end == MessageEnd::does_not_fit && step.produced < out_bytes) end = MessageEnd::for_software;
  if (end != MessageEnd::done) return failed(end);
  return {end, step.consumed, step.produced};
}

MessageResult at_once(Lane& lane, const Request& request) noexcept {
  const Result<Outcome> outcome = lane.run(request);
  if (!outcome) {
    const MessageEnd end = end_of(outcome.error());
    // There is no data that cannot be compressed.
    return failed(end == MessageEnd::refused ? MessageEnd::fault : end);
  }
  switch (outcome->verdict) {
    case Verdict::done:
    case Verdict::end:
      return {MessageEnd::done, outcome->consumed, outcome->produced};
    case Verdict::no_room:
      return failed(MessageEnd::does_not_fit);
    default:
      return failed(MessageEnd::for_software);
  }
}

Request request_for(const MessageParameters& parameters) noexcept {
  Request request;
  request.coding = coding_of(parameters.format);
  request.window = window_of(parameters.window_bits);
  return request;
}

// An empty body never reaches the engine.
std::size_t write_empty(Format format, std::uint8_t* to) noexcept {
  std::memcpy(to, kEmptyLastBlock, sizeof(kEmptyLastBlock));
  const std::uint32_t check = format == Format::gzip ? kCrc32Start : kAdler32Start;
  return sizeof(kEmptyLastBlock) + write_trailer(format, check, 0, to + sizeof(kEmptyLastBlock));
}

// Whether what ends at `end` is the trailer of this plain text. The engine writes and compares it,
// too; but a device that counts wrongly, or spoils what it has written, is found out here, for the
// price of a checksum. Of raw streams nothing can be said.
bool trailer_fits(Format format, const std::uint8_t* plain, std::size_t plain_bytes,
                  const std::uint8_t* end, std::size_t before_end) noexcept {
  std::uint8_t trailer[kMaxTrailerBytes];
  const std::uint32_t check = format == Format::gzip ? crc32(kCrc32Start, plain, plain_bytes)
                                                     : adler32(kAdler32Start, plain, plain_bytes);
  const std::size_t bytes =
      write_trailer(format, check, static_cast<std::uint32_t>(plain_bytes), trailer);
  return before_end >= bytes && (bytes == 0 || std::memcmp(trailer, end - bytes, bytes) == 0);
}

// The header's length, and what is behind it; 0 if that is none that an engine can be told of.
std::size_t read_header(const std::uint8_t* in, std::size_t in_bytes, Format& format,
                        int window_bits) noexcept {
  if (format == Format::raw) return 0;
  FrameReader reader;
  reader.start(format, window_bits);
  const auto most = static_cast<std::uint32_t>(
      std::min<std::size_t>(in_bytes, std::numeric_limits<std::uint32_t>::max()));
  InputCursor cursor{in, most};
  reader.read_header(cursor, nullptr);
  if (reader.state() != FrameReader::State::body_ahead || reader.held_bits() != 0) return 0;
  format = reader.crc_body() ? Format::gzip : Format::zlib;
  return most - cursor.left;
}

}  // namespace

MessageResult compress_message(Lane& lane, const MessageParameters& parameters, const void* in,
                               std::size_t in_bytes, void* out_data,
                               std::size_t out_bytes) noexcept {
  auto* out = static_cast<std::uint8_t*>(out_data);
  if (out_bytes <= plain_frame_bytes(parameters.format) + sizeof(kEmptyLastBlock))
    return failed(MessageEnd::does_not_fit);
  const std::size_t header = write_header(parameters, out);
  if (in_bytes == 0)
    return {MessageEnd::done, 0, header + write_empty(parameters.format, out + header)};
  MessageResult body{};
  const std::size_t most = lane.most_piece_bytes();
  if (in_bytes <= most) {
    Request request = request_for(parameters);
    request.source = address_of(in);
    request.source_bytes = static_cast<std::uint32_t>(in_bytes);
    request.destination = address_of(out + header);
    request.destination_bytes = static_cast<std::uint32_t>(std::min(out_bytes - header, most));
    body = at_once(lane, request);
    // The room that one request may have can be less than there is.
    if (body.end == MessageEnd::does_not_fit && out_bytes - header > most)
      body = in_pieces(lane, parameters, Direction::compress, static_cast<const std::uint8_t*>(in),
                       in_bytes, out + header, out_bytes - header);
  } else {
    body = in_pieces(lane, parameters, Direction::compress, static_cast<const std::uint8_t*>(in),
                     in_bytes, out + header, out_bytes - header);
  }
  if (body.end != MessageEnd::done) return body;
  // It says that it is done, but not with all of it, or not rightly.
  if (body.consumed != in_bytes || body.produced == 0 ||
      !trailer_fits(parameters.format, static_cast<const std::uint8_t*>(in), in_bytes,
                    out + header + body.produced, body.produced))
    return failed(MessageEnd::fault);
  return {MessageEnd::done, in_bytes, header + body.produced};
}

MessageResult decompress_message(Lane& lane, const MessageParameters& asked, const void* in_data,
                                 std::size_t in_bytes, void* out, std::size_t out_bytes) noexcept {
  const auto* in = static_cast<const std::uint8_t*>(in_data);
  MessageParameters parameters = asked;
  const std::size_t header = read_header(in, in_bytes, parameters.format, parameters.window_bits);
  if (parameters.format != Format::raw && header == 0) return failed(MessageEnd::for_software);
  MessageResult result =
      decompress_body(lane, parameters, in + header, in_bytes - header, out, out_bytes);
  if (result.end == MessageEnd::done) result.consumed += header;
  return result;
}

MessageResult decompress_body(Lane& lane, const MessageParameters& parameters, const void* in,
                              std::size_t body_bytes, void* out_data,
                              std::size_t out_bytes) noexcept {
  const auto* body = static_cast<const std::uint8_t*>(in);
  auto* out = static_cast<std::uint8_t*>(out_data);
  const bool framed = parameters.format != Format::raw;
  if (body_bytes == 0 || out_bytes == 0) return failed(MessageEnd::for_software);
  MessageResult result{};
  const std::size_t most = lane.most_piece_bytes();
  if (body_bytes <= most && out_bytes <= most) {
    Request request = request_for(parameters);
    request.source = address_of(body);
    request.source_bytes = static_cast<std::uint32_t>(body_bytes);
    request.destination = address_of(out);
    request.destination_bytes = static_cast<std::uint32_t>(out_bytes);
    const Result<Outcome> outcome = lane.run(request);
    if (!outcome) return failed(end_of(outcome.error()));
    if (outcome->verdict == Verdict::no_room) return failed(MessageEnd::does_not_fit);
    // Only some engines say of a message where it ends; a trailer says it as well.
    const bool ended = outcome->verdict == Verdict::end || outcome->last_block;
    if (outcome->verdict == Verdict::bad_check) return failed(MessageEnd::refused);
    if (!ended && !framed) return failed(MessageEnd::for_software);
    if (!ended && !trailer_fits(parameters.format, out, outcome->produced, body + outcome->consumed,
                                outcome->consumed))
      return failed(MessageEnd::for_software);
    result = {MessageEnd::done, outcome->consumed, outcome->produced};
  } else {
    result = in_pieces(lane, parameters, Direction::decompress, body, body_bytes, out, out_bytes);
  }
  if (result.end != MessageEnd::done) return result;
  if (result.consumed == 0 || !trailer_fits(parameters.format, out, result.produced,
                                            body + result.consumed, result.consumed))
    return failed(MessageEnd::fault);
  return result;
}

MessageResult compress_scattered(Lane& lane, const MessageParameters& parameters,
                                 std::span<const ConstBuffer> in,
                                 std::span<const MutableBuffer> out) noexcept {
  ScatterList source;
  ScatterList destination;
  if (!source.assign(in, parameters.numa_node) || !destination.assign(out, parameters.numa_node) ||
      source.bytes() > kMostPieceBytes || destination.bytes() > kMostPieceBytes)
    return failed(MessageEnd::for_software);
  std::uint8_t header[kGzipHeaderBytes];
  const std::size_t header_bytes = write_header(parameters, header);
  if (destination.bytes() <= plain_frame_bytes(parameters.format))
    return failed(MessageEnd::does_not_fit);
  std::size_t at = 0;
  for (const MutableBuffer& piece : out) {
    const std::size_t bytes = std::min(piece.bytes, header_bytes - at);
    if (bytes != 0) std::memcpy(piece.data, header + at, bytes);
    at += bytes;
  }
  Request request = request_for(parameters);
  request.scattered = true;
  request.source = source.address();
  request.source_bytes = static_cast<std::uint32_t>(source.bytes());
  request.destination = destination.address();
  request.destination_bytes = static_cast<std::uint32_t>(destination.bytes() - header_bytes);
  request.destination_skip = static_cast<std::uint32_t>(header_bytes);
  const MessageResult body = at_once(lane, request);
  if (body.end != MessageEnd::done) return body;
  if (body.consumed != source.bytes() || body.produced == 0) return failed(MessageEnd::fault);
  return {MessageEnd::done, body.consumed, header_bytes + body.produced};
}

}  // namespace hisi::zip

WD_NAMESPACE_END
