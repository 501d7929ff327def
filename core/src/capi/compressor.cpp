// wd.h: compressors.
#include "capi/session_calls.hpp"

namespace {

using Calls = wd::capi::SessionCalls<wd::Compressor, wd_compressor>;

}  // namespace

void wd_compress_options_default(wd_compress_options* options) {
  *options = {WD_FORMAT_ZLIB,
              wd::kDefaultLevel,
              wd::kMaxWindowBits,
              wd::kDefaultMemoryLevel,
              0,
              nullptr,
              0};
}

int wd_compressor_open(wd_compressor** compressor, const wd_context* context,
                       const wd_compress_options* options) {
  wd_compress_options chosen;
  wd_compress_options_default(&chosen);
  if (options != nullptr) {
    const wd_compress_options defaults = chosen;
    chosen = *options;
    if (chosen.window_bits == 0) chosen.window_bits = defaults.window_bits;
    if (chosen.memory_level == 0) chosen.memory_level = defaults.memory_level;
  }
  return Calls::open(
      compressor, context,
      {.format = wd::capi::narrowed<wd::Format>(static_cast<int>(chosen.format)),
       .level = chosen.level,
       .window_bits = chosen.window_bits,
       .memory_level = chosen.memory_level,
       .strategy = wd::capi::narrowed<wd::Strategy>(chosen.strategy),
       .dictionary = {static_cast<const std::byte*>(chosen.dictionary), chosen.dictionary_bytes}});
}

void wd_compressor_close(wd_compressor* compressor) {
  Calls::close(compressor);
}
int64_t wd_compressor_submit(wd_compressor* compressor, const wd_request* request) {
  return Calls::submit(compressor, request);
}
int wd_compressor_poll(wd_compressor* compressor, wd_completion* completions, size_t budget) {
  return Calls::poll(compressor, completions, budget);
}
int wd_compressor_wait(wd_compressor* compressor, int64_t ticket, int64_t timeout_ns,
                       wd_completion* completion) {
  return Calls::wait(compressor, ticket, timeout_ns, completion);
}
int wd_compressor_run(wd_compressor* compressor, const wd_request* request,
                      wd_completion* completion) {
  return Calls::run(compressor, request, completion);
}
int wd_compressor_event_fd(wd_compressor* compressor) {
  return Calls::event_fd(compressor);
}
void wd_compressor_reset(wd_compressor* compressor) {
  Calls::reset(compressor);
}
