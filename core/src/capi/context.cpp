// wd.h: version and contexts.
#include <cstdlib>
#include <new>

#include "capi/session_calls.hpp"
#include "wd/context.hpp"

const char* wd_version(void) {
  return WD_VERSION_STRING;
}

int wd_context_open(wd_context** context, const char** text) {
  if (context == nullptr) return -EINVAL;
  wd::Config config;
  const wd::Result<void> loaded = config.load();
  if (!loaded) {
    if (text != nullptr) *text = loaded.error().text;
    return wd::capi::negative_errno(loaded.error());
  }
  void* memory = std::malloc(sizeof(wd::Context));
  if (memory == nullptr) return -ENOMEM;
  *context = reinterpret_cast<wd_context*>(::new (memory) wd::Context(config));
  return 0;
}

void wd_context_close(wd_context* context) {
  if (context == nullptr) return;
  reinterpret_cast<wd::Context*>(context)->~Context();
  std::free(context);
}
