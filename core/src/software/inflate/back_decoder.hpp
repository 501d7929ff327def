// Decoding driven by call-backs into a window of the caller's: zlib's inflateBack().
//
// The window is the output. While it is filled for the first time the decoder writes ahead in it as
// anywhere; from then on what lies ahead is the oldest history, and not a byte of it is touched
// early.
#ifndef WD_SOFTWARE_INFLATE_BACK_DECODER_HPP_
#define WD_SOFTWARE_INFLATE_BACK_DECODER_HPP_

#include <cstddef>
#include <cstdint>

#include "software/inflate/decoder.hpp"
#include "wd/deflate.hpp"

WD_NAMESPACE_BEGIN

namespace inflate {

class BackDecoder {
 public:
  // `window` of 2^window_bits bytes, 8 to 15, which must live as long.
  BackDecoder(std::uint8_t* window, int window_bits) noexcept
      : window_(window), window_bits_(window_bits) {
    decoder_.open(window_bits);
  }

  struct Input {
    const std::uint8_t* next;
    std::size_t bytes;
  };

  // Decodes one stream. `pull` is asked for Input when a bit of it is needed, none is the end;
  // `push(data, bytes)` is given full windows and what is left at the end, true stops. `input` is
  // what to begin with, and then what was not used. end, data_error, or buffer_error: no more
  // input, or stopped.
  template <class Pull, class Push>
  StreamCode run(Input& input, Pull&& pull, Push&& push) noexcept {
    decoder_.reset_keep_history();
    decoder_.borrow_window(window_, window_bits_, 0);
    const std::size_t size = std::size_t{1} << window_bits_;
    Cursor cursor = decoder_.begin(input.next, input.bytes, window_, size);
    StreamCode code = StreamCode::ok;
    while (code == StreamCode::ok) {
      decoder_.run(cursor, Flush::none);
      if (decoder_.state() == Decoder::State::ended) {
        code = StreamCode::end;
      } else if (decoder_.state() == Decoder::State::bad) {
        code = StreamCode::data_error;
      } else if (decoder_.waits_for_room(cursor)) {
        decoder_.borrow_window(window_, window_bits_, static_cast<std::uint32_t>(size));
        cursor = decoder_.begin(cursor.in, cursor.have(), window_, size);
        if (push(window_, size)) code = StreamCode::buffer_error;
      } else {
        const Input more = pull();
        if (more.bytes == 0) code = StreamCode::buffer_error;
        const std::size_t produced = cursor.produced();
        cursor = decoder_.begin(more.bytes != 0 ? more.next : nullptr, more.bytes, window_, size);
        cursor.out += produced;
      }
    }
    input = {cursor.in, cursor.have()};
    if (cursor.produced() != 0 && push(window_, cursor.produced()) && code == StreamCode::end)
      code = StreamCode::buffer_error;
    return code;
  }

  // Why the last stream was a data_error, in zlib's words.
  [[nodiscard]] const char* message() const noexcept { return decoder_.message(); }

 private:
  std::uint8_t* window_;
  int window_bits_;
  Decoder decoder_;
};

}  // namespace inflate

WD_NAMESPACE_END

#endif  // WD_SOFTWARE_INFLATE_BACK_DECODER_HPP_
