#include "zip/inflater.hpp"

#include <algorithm>
#include <cstring>

namespace wd::emulator::zip {
namespace {

constexpr std::uint64_t low(std::uint64_t bits, unsigned count) {
  return count >= 64 ? bits : bits & ((std::uint64_t{1} << count) - 1);
}

// RFC 1951, 3.2.5 and 3.2.7.
constexpr std::array<std::uint16_t, 29> kLengthBase{3,  4,  5,  6,   7,   8,   9,   10,  11, 13,
                                                    15, 17, 19, 23,  27,  31,  35,  43,  51, 59,
                                                    67, 83, 99, 115, 131, 163, 195, 227, 258};
constexpr std::array<std::uint8_t, 29> kLengthExtra{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                                    2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
constexpr std::array<std::uint16_t, 30> kDistanceBase{
    1,   2,   3,   4,   5,   7,    9,    13,   17,   25,   33,   49,   65,    97,    129,
    193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
constexpr std::array<std::uint8_t, 30> kDistanceExtra{0, 0, 0,  0,  1,  1,  2,  2,  3,  3,
                                                      4, 4, 5,  5,  6,  6,  7,  7,  8,  8,
                                                      9, 9, 10, 10, 11, 11, 12, 12, 13, 13};
constexpr std::array<std::uint8_t, 19> kOrder{16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                              11, 4,  12, 3, 13, 2, 14, 1, 15};
constexpr unsigned kEndOfBlock = 256;
constexpr std::uint32_t kMostLiteralCodes = 286;
constexpr std::uint32_t kMostDistanceCodes = 30;

}  // namespace

Inflater::Inflater(InflateState& state, std::span<const std::uint8_t> in,
                   std::span<std::uint8_t> out, std::size_t at)
    : state_(state), in_(in), out_(out), out_at_(at) {
  const std::uint32_t phase = state.phase;
  sound_ = phase < InflateState::kPhases && state.bit_count < 64 && state.stored_left <= 0xffff &&
           state.match_left <= 258 && state.match_distance <= kLargestWindow &&
           state.literal_codes <= 288 && state.distance_codes <= 32 && state.order_codes <= 19 &&
           state.filled <= state.literal_codes + state.distance_codes + 19;
  if (!sound_) return;
  state.bits = low(state.bits, state.bit_count);
  if (phase == InflateState::kLengths) {
    sound_ = literals_.build(std::span(state.order).first(kOrder.size()), false);
  } else if (phase == InflateState::kSymbols || phase == InflateState::kMatch) {
    sound_ = make_codes() && (phase != InflateState::kMatch ||
                              (state.match_distance >= 1 && state.match_distance <= at));
  }
}

Inflater::Stop Inflater::run(bool holds_short_blocks) {
  for (;;) {
    if (holds_short_blocks && state_.phase == InflateState::kHeader &&
        state_.bit_count + 8 * (in_.size() - in_at_) <= kMostHeldBits)
      return try_short_block();
    switch (step()) {
      case Step::go_on:
        continue;
      case Step::need_input:
        return Stop::need_input;
      case Step::need_room:
        if (!absorbs_stored()) give_back();
        return Stop::need_room;
      case Step::end:
        give_back();
        return Stop::end;
      case Step::corrupt:
        return Stop::corrupt;
    }
  }
}

// Holds what is there unless that would take bytes from behind the stream's end, which may stand
// behind more output than there is room for.
Inflater::Stop Inflater::try_short_block() {
  const InflateState before = state_;
  const std::size_t in_before = in_at_;
  const std::size_t out_before = out_at_;
  const Stop stop = run(false);
  if (stop == Stop::corrupt || stop == Stop::need_room ||
      (stop == Stop::end && in_at_ < in_.size()))
    return stop;
  state_ = before;
  in_at_ = in_before;
  out_at_ = out_before;
  refill();
  return Stop::held;
}

Inflater::Step Inflater::step() {
  refill();
  switch (state_.phase) {
    case InflateState::kHeader:
      return header();
    case InflateState::kStoredLength:
      return stored_length();
    case InflateState::kStored:
      return stored();
    case InflateState::kCounts:
      return counts();
    case InflateState::kOrder:
      return order();
    case InflateState::kLengths:
      return lengths();
    case InflateState::kSymbols:
      return symbol();
    case InflateState::kMatch:
      return match();
    default:
      return Step::end;
  }
}

Inflater::Step Inflater::header() {
  if (state_.bit_count < 3) return Step::need_input;
  state_.is_last = static_cast<std::uint32_t>(state_.bits & 1);
  const auto type = static_cast<unsigned>((state_.bits >> 1) & 3);
  drop(3);
  switch (type) {
    case 0:
      drop(state_.bit_count % 8);
      state_.phase = InflateState::kStoredLength;
      return Step::go_on;
    case 1:
      state_.phase = InflateState::kSymbols;
      return make_fixed_codes() ? Step::go_on : Step::corrupt;
    case 2:
      state_.phase = InflateState::kCounts;
      return Step::go_on;
    default:
      return Step::corrupt;
  }
}

Inflater::Step Inflater::stored_length() {
  if (state_.bit_count < 32) return Step::need_input;
  const auto length = static_cast<std::uint32_t>(state_.bits & 0xffff);
  const auto inverse = static_cast<std::uint32_t>((state_.bits >> 16) & 0xffff);
  if (length != (inverse ^ 0xffff)) return Step::corrupt;
  drop(32);
  state_.stored_left = length;
  state_.phase = InflateState::kStored;
  return Step::go_on;
}

Inflater::Step Inflater::stored() {
  while (state_.stored_left > 0 && state_.bit_count >= 8) {
    if (out_at_ == out_.size()) return Step::need_room;
    out_[out_at_++] = static_cast<std::uint8_t>(state_.bits);
    drop(8);
    --state_.stored_left;
  }
  const std::size_t part =
      std::min({std::size_t{state_.stored_left}, in_.size() - in_at_, out_.size() - out_at_});
  if (part > 0) {
    std::memcpy(&out_[out_at_], &in_[in_at_], part);
    out_at_ += part;
    in_at_ += part;
    state_.stored_left -= static_cast<std::uint32_t>(part);
  }
  if (state_.stored_left == 0) return end_of_block();
  return in_at_ == in_.size() ? Step::need_input : Step::need_room;
}

Inflater::Step Inflater::counts() {
  if (state_.bit_count < 14) return Step::need_input;
  state_.literal_codes = static_cast<std::uint32_t>(257 + low(state_.bits, 5));
  state_.distance_codes = static_cast<std::uint32_t>(1 + low(state_.bits >> 5, 5));
  state_.order_codes = static_cast<std::uint32_t>(4 + low(state_.bits >> 10, 4));
  drop(14);
  if (state_.literal_codes > kMostLiteralCodes || state_.distance_codes > kMostDistanceCodes)
    return Step::corrupt;
  state_.order.fill(0);
  state_.filled = 0;
  state_.phase = InflateState::kOrder;
  return Step::go_on;
}

Inflater::Step Inflater::order() {
  while (state_.filled < state_.order_codes) {
    refill();
    if (state_.bit_count < 3) return Step::need_input;
    state_.order[kOrder[state_.filled++]] = static_cast<std::uint8_t>(state_.bits & 7);
    drop(3);
  }
  if (!literals_.build(std::span(state_.order).first(kOrder.size()), false)) return Step::corrupt;
  state_.filled = 0;
  state_.phase = InflateState::kLengths;
  return Step::go_on;
}

Inflater::Step Inflater::lengths() {
  const std::uint32_t wanted = state_.literal_codes + state_.distance_codes;
  while (state_.filled < wanted) {
    refill();
    unsigned used = 0;
    const int symbol = literals_.decode(state_.bits, state_.bit_count, used);
    if (symbol == Huffman::kNeedBits) return Step::need_input;
    if (symbol < 0) return Step::corrupt;
    if (symbol < 16) {
      drop(used);
      state_.lengths[state_.filled++] = static_cast<std::uint8_t>(symbol);
      continue;
    }
    const unsigned extra = symbol == 16 ? 2 : symbol == 17 ? 3 : 7;
    if (state_.bit_count < used + extra) return Step::need_input;
    const auto repeats =
        static_cast<std::uint32_t>((symbol == 18 ? 11 : 3) + low(state_.bits >> used, extra));
    if (state_.filled + repeats > wanted || (symbol == 16 && state_.filled == 0))
      return Step::corrupt;
    const std::uint8_t value = symbol == 16 ? state_.lengths[state_.filled - 1] : std::uint8_t{0};
    drop(used + extra);
    std::fill_n(state_.lengths.begin() + state_.filled, repeats, value);
    state_.filled += repeats;
  }
  if (state_.lengths[kEndOfBlock] == 0 || !make_codes()) return Step::corrupt;
  state_.phase = InflateState::kSymbols;
  return Step::go_on;
}

bool Inflater::make_codes() {
  const std::span all(state_.lengths);
  return literals_.build(all.first(state_.literal_codes), true) &&
         distances_.build(all.subspan(state_.literal_codes, state_.distance_codes), true);
}

bool Inflater::make_fixed_codes() {
  state_.literal_codes = 288;
  state_.distance_codes = 32;
  const auto first = state_.lengths.begin();
  std::fill(first, first + 144, std::uint8_t{8});
  std::fill(first + 144, first + 256, std::uint8_t{9});
  std::fill(first + 256, first + 280, std::uint8_t{7});
  std::fill(first + 280, first + 288, std::uint8_t{8});
  std::fill(first + 288, first + 320, std::uint8_t{5});
  return make_codes();
}

// A literal, an end of block, or a whole match: all of its bits, or none.
Inflater::Step Inflater::symbol() {
  for (;;) {
    refill();
    unsigned used = 0;
    const int symbol = literals_.decode(state_.bits, state_.bit_count, used);
    if (symbol == Huffman::kNeedBits) return Step::need_input;
    if (symbol < 0) return Step::corrupt;
    if (symbol < static_cast<int>(kEndOfBlock)) {
      if (out_at_ == out_.size()) return Step::need_room;
      drop(used);
      out_[out_at_++] = static_cast<std::uint8_t>(symbol);
      continue;
    }
    if (symbol == static_cast<int>(kEndOfBlock)) {
      drop(used);
      return end_of_block();
    }
    std::uint64_t bits = state_.bits >> used;
    unsigned count = state_.bit_count - used;
    Step failed = Step::go_on;
    if (!take_length(bits, count, static_cast<unsigned>(symbol) - 257, failed)) return failed;
    if (state_.match_distance > std::min(out_at_, kLargestWindow)) return Step::corrupt;
    if (out_at_ == out_.size()) return Step::need_room;
    state_.bits = bits;
    state_.bit_count = count;
    const Step copied = match();
    if (copied != Step::go_on) return copied;
  }
}

bool Inflater::take_length(std::uint64_t& bits, unsigned& count, unsigned symbol, Step& failed) {
  failed = Step::corrupt;
  if (symbol >= kLengthBase.size()) return false;
  const unsigned extra = kLengthExtra[symbol];
  failed = Step::need_input;
  if (count < extra) return false;
  const std::uint32_t length = kLengthBase[symbol] + static_cast<std::uint32_t>(low(bits, extra));
  bits >>= extra;
  count -= extra;
  unsigned used = 0;
  const int code = distances_.decode(bits, count, used);
  if (code == Huffman::kNeedBits) return false;
  failed = Step::corrupt;
  if (code < 0 || code >= static_cast<int>(kDistanceBase.size())) return false;
  bits >>= used;
  count -= used;
  const unsigned more = kDistanceExtra[static_cast<std::size_t>(code)];
  failed = Step::need_input;
  if (count < more) return false;
  state_.match_distance =
      kDistanceBase[static_cast<std::size_t>(code)] + static_cast<std::uint32_t>(low(bits, more));
  state_.match_left = length;
  bits >>= more;
  count -= more;
  return true;
}

Inflater::Step Inflater::match() {
  while (state_.match_left > 0 && out_at_ < out_.size()) {
    out_[out_at_] = out_[out_at_ - state_.match_distance];
    ++out_at_;
    --state_.match_left;
  }
  state_.phase = state_.match_left > 0 ? InflateState::kMatch : InflateState::kSymbols;
  return state_.match_left > 0 ? Step::need_room : Step::go_on;
}

Inflater::Step Inflater::end_of_block() {
  state_.phase = state_.is_last != 0 ? InflateState::kFinished : InflateState::kHeader;
  if (state_.is_last == 0) return Step::go_on;
  drop(state_.bit_count % 8);
  return Step::end;
}

bool Inflater::trailer(unsigned bytes, std::uint64_t& value) {
  refill();
  if (state_.bit_count < bytes * 8) return false;
  value = low(state_.bits, bytes * 8);
  drop(bytes * 8);
  give_back();
  return true;
}

void Inflater::refill() {
  while (state_.bit_count <= 56 && in_at_ < in_.size()) {
    state_.bits |= std::uint64_t{in_[in_at_++]} << state_.bit_count;
    state_.bit_count += 8;
  }
}

void Inflater::drop(unsigned count) {
  state_.bits = count >= 64 ? 0 : state_.bits >> count;
  state_.bit_count -= count;
}

// Without room, the rest of a stored block is cached if that takes all of the input.
bool Inflater::absorbs_stored() {
  if (state_.phase != InflateState::kStored) return false;
  const std::size_t left = in_.size() - in_at_ + state_.bit_count / 8;
  if (left * 8 > kMostHeldBits || left > state_.stored_left) return false;
  refill();
  return true;
}

// Whole bytes that are cached go back to this call's input.
void Inflater::give_back() {
  const auto bytes = std::min<std::size_t>(state_.bit_count / 8, in_at_);
  in_at_ -= bytes;
  state_.bit_count -= static_cast<std::uint32_t>(bytes * 8);
  state_.bits = low(state_.bits, state_.bit_count);
}

}  // namespace wd::emulator::zip
