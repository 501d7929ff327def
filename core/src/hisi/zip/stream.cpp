#include "hisi/zip/stream.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "hisi/zip/trailer.hpp"

WD_NAMESPACE_BEGIN

namespace hisi::zip {

static_assert(kStagingBytes <= 255 && kStagingAt + kStagingBytes <= kContextBytes);

Result<Stream> Stream::create(const StreamParameters& parameters) noexcept {
  const bool known = parameters.coding == Coding::deflate || parameters.coding == Coding::zlib ||
                     parameters.coding == Coding::gzip;
  if (!known) return Error{Errc::unsupported, 0, "the engine has no streams of this coding"};
  auto memory =
      DeviceBuffer::create(2 * kContextBytes + kHistoryBytes, parameters.numa_node, InChild::copy);
  if (!memory) return memory.error();
  return Stream(parameters, std::move(*memory));
}

Result<Stream> Stream::copy() const noexcept {
  auto memory = DeviceBuffer::create(memory_.bytes(), parameters_.numa_node, InChild::copy);
  if (!memory) return memory.error();
  std::memcpy(memory->data(), memory_.data(), memory_.bytes());
  Stream copied(parameters_, std::move(*memory));
  copied.words_ = words_;
  copied.first_ = first_;
  copied.under_way_ = under_way_;
  copied.again_ = again_;
  copied.room_ended_ = room_ended_;
  copied.ended_ = ended_;
  copied.staged_at_ = staged_at_;
  copied.staged_end_ = staged_end_;
  copied.history_bytes_ = history_bytes_;
  return copied;
}

void Stream::reset() noexcept {
  std::memset(context(), 0, kContextBytes);
  words_ = {};
  first_ = true;
  under_way_ = again_ = room_ended_ = ended_ = false;
  staged_at_ = staged_end_ = 0;
  history_bytes_ = 0;
}

Stream::Step Stream::run(Lane& lane, const void* in, std::size_t in_bytes, void* out,
                         std::size_t out_bytes, bool finish) noexcept {
  Cursor cursor{static_cast<const std::uint8_t*>(in), in_bytes, static_cast<std::uint8_t*>(out),
                out_bytes};
  // Cut off in a piece: in a forked child whose thread was not the one that waited for it.
  if (under_way_) restore();
  End end = End::more;
  drain(cursor);
  while (end == End::more && pending() == 0 && has_work(cursor, finish)) {
    end = run_piece(lane, cursor, finish);
    drain(cursor);
  }
  if (end == End::more) end = look_behind_room(lane, cursor);
  if (end == End::more && ended_ && pending() == 0) end = End::complete;
  return {in_bytes - cursor.in_left, out_bytes - cursor.out_left, end};
}

// zlib's users count on being told of the end together with the last byte, however little room they
// gave. An engine stops when its room is full; what it finds behind goes to staging memory.
Stream::End Stream::look_behind_room(Lane& lane, Cursor& cursor) noexcept {
  // The end of the last block, empty blocks that flushes left before it, and a trailer.
  constexpr std::size_t kFarEnough = 32;
  if (compresses() || ended_ || pending() != 0 || cursor.out_left != 0) return End::more;
  if (cursor.in_left == 0 && !again_ && !room_ended_) return End::more;
  Cursor ahead = cursor;
  ahead.in_left = std::min(cursor.in_left, kFarEnough);
  const std::size_t in_before = ahead.in_left;
  End end = run_piece(lane, ahead, false);
  // An engine may have read the end, and keep it back until it is asked once more.
  while (end == End::more && again_ && pending() == 0) end = run_piece(lane, ahead, false);
  cursor.in = ahead.in;
  cursor.in_left -= in_before - ahead.in_left;
  return end;
}

bool Stream::withholds_output() const noexcept {
  return !compresses() && !ended_ && !first_ &&
         zip::withholds_output(parameters_.coding, words_, cached_tail());
}

Stream::Step Stream::drain(void* out, std::size_t out_bytes) noexcept {
  Cursor cursor{nullptr, 0, static_cast<std::uint8_t*>(out), out_bytes};
  drain(cursor);
  return {0, out_bytes - cursor.out_left, ended_ && pending() == 0 ? End::complete : End::more};
}

bool Stream::has_work(const Cursor& cursor, bool finish) const noexcept {
  if (ended_ || cursor.out_left == 0) return false;
  if (cursor.in_left != 0 || again_) return true;
  // Whatever the engine could not get out last time; it says so only in part.
  return compresses() ? finish : room_ended_;
}

Stream::End Stream::run_piece(Lane& lane, Cursor& cursor, bool finish) noexcept {
  if (compresses() && finish && cursor.in_left == 0 && !again_) {
    end_empty();
    return End::more;
  }
  const auto piece_of = compresses() ? compression_piece : decompression_piece;
  const Piece piece = piece_of(cursor.in_left, cursor.out_left, finish, lane.most_piece_bytes());
  const Request request = request_of(piece, cursor);
  save();
  const Result<Outcome> outcome = lane.run(request);
  if (!outcome) {
    restore();
    switch (outcome.error().code) {
      case Errc::queue_full:
        return End::busy;
      case Errc::forked:
        return End::forked;
      case Errc::corrupt_data:
        return compresses() ? End::fault : End::refused;
      default:
        return End::fault;
    }
  }
  const End end = take(request, piece, *outcome, cursor);
  if (end == End::fault)
    restore();
  else
    under_way_ = false;
  return end;
}

Request Stream::request_of(const Piece& piece, const Cursor& cursor) const noexcept {
  const std::uint8_t* destination = piece.staged ? staging() : cursor.out;
  Request request;
  request.coding = parameters_.coding;
  request.window = parameters_.window;
  // The address is looked at even where nothing is read from it.
  request.source = reinterpret_cast<std::uintptr_t>(cursor.in != nullptr ? cursor.in : destination);
  request.source_bytes = piece.source_bytes;
  request.destination = reinterpret_cast<std::uintptr_t>(destination);
  request.destination_bytes = piece.destination_bytes;
  request.stateful = true;
  request.first = first_;
  request.finish = piece.finish;
  request.context = reinterpret_cast<std::uintptr_t>(context() + kEngineContextAt);
  request.words = words_;
  return request;
}

Stream::End Stream::take(const Request& request, const Piece& piece, const Outcome& outcome,
                         Cursor& cursor) noexcept {
  if (outcome.verdict == Verdict::bad_check) return End::bad_check;
  const bool all_consumed = outcome.consumed == request.source_bytes;
  const bool progress = outcome.consumed != 0 || outcome.produced != 0;
  const bool end = outcome.verdict == Verdict::end && !compresses();
  // An engine that neither reads, writes nor ends would be asked for ever. Asked for what may be
  // left in it, it may have nothing.
  if (!progress && !end && request.source_bytes != 0) return End::fault;
  // No body is as short as that.
  if (end && first_ && outcome.consumed == 0) return End::fault;
  if (outcome.verdict == Verdict::no_room && !progress) return End::fault;

  first_ = false;
  words_ = outcome.words;
  if (compresses()) remember(cursor.in, outcome.consumed);
  cursor.in += outcome.consumed;
  cursor.in_left -= outcome.consumed;
  if (piece.staged) {
    staged_at_ = 0;
    staged_end_ = static_cast<std::uint8_t>(outcome.produced);
  } else {
    cursor.out += outcome.produced;
    cursor.out_left -= outcome.produced;
  }
  again_ = !end && progress && calls_again(parameters_.coding, words_, all_consumed, cached_tail());
  room_ended_ = progress && outcome.produced == request.destination_bytes;
  ended_ = end || (compresses() && request.finish && all_consumed && !again_);
  return End::more;
}

void Stream::drain(Cursor& cursor) noexcept {
  const std::size_t bytes = std::min(pending(), cursor.out_left);
  if (bytes == 0) return;
  std::memcpy(cursor.out, staging() + staged_at_, bytes);
  staged_at_ = static_cast<std::uint8_t>(staged_at_ + bytes);
  cursor.out += bytes;
  cursor.out_left -= bytes;
}

void Stream::end_empty() noexcept {
  std::memcpy(staging(), kEmptyLastBlock, sizeof(kEmptyLastBlock));
  const std::size_t trailer =
      write_engine_trailer(parameters_.coding, words_, first_, staging() + sizeof(kEmptyLastBlock));
  staged_at_ = 0;
  staged_end_ = static_cast<std::uint8_t>(sizeof(kEmptyLastBlock) + trailer);
  first_ = false;
  ended_ = true;
}

void Stream::remember(const std::uint8_t* in, std::size_t bytes) noexcept {
  std::uint8_t* history = history_memory();
  if (bytes >= kHistoryBytes) {
    std::memcpy(history, in + bytes - kHistoryBytes, kHistoryBytes);
    history_bytes_ = kHistoryBytes;
    return;
  }
  if (bytes == 0) return;
  const std::size_t kept = std::min<std::size_t>(history_bytes_, kHistoryBytes - bytes);
  std::memmove(history, history + history_bytes_ - kept, kept);
  std::memcpy(history + kept, in, bytes);
  history_bytes_ = static_cast<std::uint32_t>(kept + bytes);
}

void Stream::save() noexcept {
  // Of a stream's first piece there is nothing to keep: it starts from zeros.
  if (!first_) std::memcpy(saved_memory(), context(), kSavedBytes);
  under_way_ = true;
}

void Stream::restore() noexcept {
  if (first_)
    std::memset(context(), 0, kSavedBytes);
  else
    std::memcpy(context(), saved_memory(), kSavedBytes);
  under_way_ = false;
}

}  // namespace hisi::zip

WD_NAMESPACE_END
