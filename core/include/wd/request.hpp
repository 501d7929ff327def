// A request to a session, and its completion: the shape that a hardware queue needs.
#ifndef WD_REQUEST_HPP_
#define WD_REQUEST_HPP_

#include <cstddef>
#include <cstdint>
#include <span>

#include "wd/deflate.hpp"
#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

// A piece of input or of room for output. Borrowed until the request has completed.
struct ConstBuffer {
  const void* data = nullptr;
  std::size_t bytes = 0;
};
struct MutableBuffer {
  void* data = nullptr;
  std::size_t bytes = 0;
};

// Names a request in flight, within its session; never 0.
enum class Ticket : std::uint64_t {};

enum class Status : std::uint8_t {
  ok,           // all input is consumed, and what the flush asks for is done
  end,          // the stream is complete; the next request starts another
  output_full,  // there may be more to come: go on with the rest of the input and the same flush
  need_dictionary,  // the stream names a dictionary that the session was not given
  truncated,        // Flush::finish, but the input ended before its stream
  corrupt_data,     // the input is no valid stream of its format
  no_memory,
};

struct StreamRequest {
  std::span<const ConstBuffer> in{};
  std::span<const MutableBuffer> out{};
  Flush flush = Flush::finish;  // none, sync, full or finish
  std::uint64_t user = 0;       // comes back in the completion
};

struct Completion {
  Ticket ticket{};
  std::uint64_t user = 0;
  Status status = Status::ok;
  std::size_t consumed = 0;  // bytes, over all pieces
  std::size_t produced = 0;
};

WD_NAMESPACE_END

#endif  // WD_REQUEST_HPP_
