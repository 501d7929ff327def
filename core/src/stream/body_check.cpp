#include "stream/body_check.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <new>

WD_NAMESPACE_BEGIN

BodyCheck* BodyCheck::open() noexcept {
  void* at = Allocator::standard().take(1, sizeof(BodyCheck));
  if (at == nullptr) return nullptr;
  auto* check = ::new (at) BodyCheck;
  check->raw_.open(kMaxWindowBits, Allocator::standard());
  return check;
}

BodyCheck* BodyCheck::copy(const BodyCheck& source) noexcept {
  BodyCheck* check = open();
  if (check == nullptr) return nullptr;
  check->ended_ = source.ended_;
  if (check->raw_.copy_from(source.raw_, Allocator::standard()) == StreamCode::ok) return check;
  close(check);
  return nullptr;
}

void BodyCheck::close(BodyCheck* check) noexcept {
  if (check == nullptr) return;
  check->raw_.close();
  check->~BodyCheck();
  Allocator::standard().give_back(check);
}

void BodyCheck::reset() noexcept {
  raw_.reset(kMaxWindowBits);
  ended_ = false;
}

bool BodyCheck::set_dictionary(std::span<const std::uint8_t> dictionary) noexcept {
  return raw_.set_dictionary(dictionary.data(), static_cast<std::uint32_t>(dictionary.size())) ==
         StreamCode::ok;
}

bool BodyCheck::agrees(std::span<const std::uint8_t> packed,
                       std::span<const std::uint8_t> plain) noexcept {
  std::uint8_t part[4096];
  for (;;) {
    const auto in = static_cast<std::uint32_t>(
        std::min<std::size_t>(packed.size(), std::numeric_limits<std::uint32_t>::max()));
    const RawInflate::Step step = raw_.run(packed.data(), in, part, sizeof(part), Flush::none);
    if (step.produced > plain.size() ||
        (step.produced != 0 && std::memcmp(part, plain.data(), step.produced) != 0))
      return false;
    plain = plain.subspan(step.produced);
    packed = packed.subspan(static_cast<std::size_t>(step.consumed));
    ended_ = step.code == StreamCode::end;
    if (step.code != StreamCode::ok || (packed.empty() && step.produced < sizeof(part)))
      return plain.empty() &&
             (ended_ || step.code == StreamCode::ok || step.code == StreamCode::buffer_error);
  }
}

PieceCheck BodyCheck::question() noexcept {
  return {this, [](void* user, std::span<const std::uint8_t> packed,
                   std::span<const std::uint8_t> plain) noexcept {
            return static_cast<BodyCheck*>(user)->agrees(packed, plain);
          }};
}

WD_NAMESPACE_END
