// What a Compressor does with a request: one DeflateStream after the other.
#ifndef WD_SESSION_COMPRESSION_HPP_
#define WD_SESSION_COMPRESSION_HPP_

#include <optional>

#include "wd/deflate_stream.hpp"
#include "wd/session.hpp"

WD_NAMESPACE_BEGIN

class Compression::Engine {
 public:
  Engine(const Context& context, const CompressOptions& options) noexcept
      : context_(context), options_(options) {}
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  Result<void> open() noexcept;
  void reset() noexcept;
  Completion run(const StreamRequest& request) noexcept;

 private:
  // Starts the next stream, with its dictionary.
  bool begin() noexcept;

  const Context& context_;
  CompressOptions options_;
  std::optional<DeflateStream> stream_;
  bool begun_ = false;
};

WD_NAMESPACE_END

#endif  // WD_SESSION_COMPRESSION_HPP_
