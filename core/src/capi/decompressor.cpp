// wd.h: decompressors.
#include "capi/session_calls.hpp"

namespace {

using Calls = wd::capi::SessionCalls<wd::Decompressor, wd_decompressor>;

}  // namespace

void wd_decompress_options_default(wd_decompress_options* options) {
  *options = {WD_FORMAT_AUTO, wd::kMaxWindowBits, nullptr, 0};
}

int wd_decompressor_open(wd_decompressor** decompressor, const wd_context* context,
                         const wd_decompress_options* options) {
  wd_decompress_options chosen;
  wd_decompress_options_default(&chosen);
  if (options != nullptr) {
    chosen = *options;
    if (chosen.window_bits == 0) chosen.window_bits = wd::kMaxWindowBits;
  }
  return Calls::open(
      decompressor, context,
      {.format = wd::capi::narrowed<wd::Format>(static_cast<int>(chosen.format)),
       .window_bits = chosen.window_bits,
       .dictionary = {static_cast<const std::byte*>(chosen.dictionary), chosen.dictionary_bytes}});
}

void wd_decompressor_close(wd_decompressor* decompressor) {
  Calls::close(decompressor);
}
int64_t wd_decompressor_submit(wd_decompressor* decompressor, const wd_request* request) {
  return Calls::submit(decompressor, request);
}
int wd_decompressor_poll(wd_decompressor* decompressor, wd_completion* completions, size_t budget) {
  return Calls::poll(decompressor, completions, budget);
}
int wd_decompressor_wait(wd_decompressor* decompressor, int64_t ticket, int64_t timeout_ns,
                         wd_completion* completion) {
  return Calls::wait(decompressor, ticket, timeout_ns, completion);
}
int wd_decompressor_run(wd_decompressor* decompressor, const wd_request* request,
                        wd_completion* completion) {
  return Calls::run(decompressor, request, completion);
}
int wd_decompressor_event_fd(wd_decompressor* decompressor) {
  return Calls::event_fd(decompressor);
}
void wd_decompressor_reset(wd_decompressor* decompressor) {
  Calls::reset(decompressor);
}
