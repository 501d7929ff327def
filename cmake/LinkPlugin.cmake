# wd_link_plugin(TARGET MAP): links a shared library that is a guest in other people's processes:
# nothing exported but what the map names, nothing needed but libc, every symbol found at link time.
function(wd_link_plugin target map)
  set_target_properties(${target} PROPERTIES LINK_DEPENDS ${map})
  target_link_options(${target} PRIVATE
    -Wl,--version-script=${map} -Wl,--no-undefined -Wl,--gc-sections -Wl,--hash-style=gnu
    -Wl,-z,relro -Wl,-z,now -Wl,-O1 ${WD_LINK_TIME_OPTIMIZATION})
  if(NOT WD_SANITIZE)
    # Linked as C, and without the C++ library unless something needs it, which a test would notice.
    set_target_properties(${target} PROPERTIES LINKER_LANGUAGE C)
    target_link_options(${target} PRIVATE -static-libgcc -Wl,--as-needed)
  else()
    # A sanitizer's own symbols are undefined in a library until a program brings them.
    target_link_options(${target} PRIVATE -Wl,--undefined-version -Wl,-z,undefs)
  endif()
endfunction()
