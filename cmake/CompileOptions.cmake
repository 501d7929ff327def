# wd_options: what every target of ours is compiled with. Linked PRIVATE, never exported.
add_library(wd_options INTERFACE)
target_compile_features(wd_options INTERFACE cxx_std_20)
target_compile_options(wd_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wundef -Wvla
  $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor -Woverloaded-virtual>)
if(WD_WERROR)
  target_compile_options(wd_options INTERFACE -Werror)
endif()

if(WD_SANITIZE)
  target_compile_options(wd_options INTERFACE
    -fsanitize=${WD_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(wd_options INTERFACE -fsanitize=${WD_SANITIZE})
endif()

if(WD_BUILD_FUZZERS)
  # What libFuzzer steers by.
  target_compile_options(wd_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# wd_plugin_options: code that becomes part of a plugin, a guest in somebody else's process. No
# exceptions and no type information, so that nothing of the C++ run-time library has to come along.
add_library(wd_plugin_options INTERFACE)
target_link_libraries(wd_plugin_options INTERFACE wd_options)
target_compile_options(wd_plugin_options INTERFACE
  -fvisibility=hidden
  $<$<COMPILE_LANGUAGE:CXX>:-fvisibility-inlines-hidden -fno-exceptions
    -fno-threadsafe-statics -fno-asynchronous-unwind-tables>
  $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique>
  -ftls-model=initial-exec)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$")
  # Functions of libgcc's that choose the best instruction when they run would bring its initialiser
  # along, and what we count is not what several CPUs fight for.
  target_compile_options(wd_plugin_options INTERFACE -mno-outline-atomics)
endif()
# A call passes through several small files; joined at link time they cost half (measured on streams of
# stored data in pieces of 512 bytes). The objects hold plain code, too, for tests to link as they are.
set(WD_LINK_TIME_OPTIMIZATION
  $<$<AND:$<CONFIG:Release>,$<CXX_COMPILER_ID:GNU>>:-flto=auto;-ffat-lto-objects>)
target_compile_options(wd_plugin_options INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:${WD_LINK_TIME_OPTIMIZATION}>)
if(NOT WD_SANITIZE)
  # The undefined behaviour sanitizer needs type information.
  target_compile_options(wd_plugin_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-fno-rtti>)
endif()
