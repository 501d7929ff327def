// A request by way of memory that the device knows by addresses of its own: what it reads is copied
// in, what it wrote is copied out once it has answered.
#ifndef WD_HISI_ZIP_BOUNCE_HPP_
#define WD_HISI_ZIP_BOUNCE_HPP_

#include "hisi/zip/descriptor.hpp"
#include "memory/static_share.hpp"
#include "wd/result.hpp"

WD_NAMESPACE_BEGIN

namespace hisi::zip {

// For the time of one request, of plain addresses of this process: no scatter lists, no lz77.
class Bounce {
 public:
  // unsupported, or queue_full while the share has no room for it.
  static Result<Bounce> make(StaticShare& share, const Request& request) noexcept;
  Bounce(Bounce&& other) noexcept;
  Bounce(const Bounce&) = delete;
  Bounce& operator=(const Bounce&) = delete;
  Bounce& operator=(Bounce&&) = delete;
  ~Bounce();

  // In the device's addresses.
  [[nodiscard]] const Request& request() const noexcept { return translated_; }
  // After an answer that is plausible.
  void copy_out(const Outcome& outcome) const noexcept;

 private:
  Bounce(StaticShare& share, const Request& request) noexcept
      : share_(&share), original_(request), translated_(request) {}

  StaticShare* share_;
  Request original_;
  Request translated_;
  StaticShare::Block source_;
  StaticShare::Block destination_;
  StaticShare::Block context_;
};

}  // namespace hisi::zip

WD_NAMESPACE_END

#endif  // WD_HISI_ZIP_BOUNCE_HPP_
