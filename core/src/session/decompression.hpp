// What a Decompressor does with a request: one InflateStream after the other.
#ifndef WD_SESSION_DECOMPRESSION_HPP_
#define WD_SESSION_DECOMPRESSION_HPP_

#include "wd/inflate_stream.hpp"
#include "wd/session.hpp"

WD_NAMESPACE_BEGIN

class Decompression::Engine {
 public:
  Engine(const Context& context, const DecompressOptions& options) noexcept
      : options_(options), stream_(context) {}
  ~Engine() { stream_.close(); }
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  Result<void> open() noexcept;
  void reset() noexcept;
  Completion run(const StreamRequest& request) noexcept;

 private:
  bool give_dictionary() noexcept;

  DecompressOptions options_;
  InflateStream stream_;
  bool begun_ = false;
};

WD_NAMESPACE_END

#endif  // WD_SESSION_DECOMPRESSION_HPP_
