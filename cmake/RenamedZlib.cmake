# wd_add_renamed_zlib(TARGET PREFIX [DROP member.o ...])
#
# An imported static library: the machine's libz.a with all of its symbols prefixed. The shim defines
# zlib's own names, so a zlib that it calls itself must have others; tests keep a second copy as the
# oracle.
find_library(WD_ZLIB_ARCHIVE NAMES libz.a REQUIRED)
find_path(WD_ZLIB_INCLUDE zlib.h REQUIRED)

function(wd_add_renamed_zlib target prefix)
  cmake_parse_arguments(PARSE_ARGV 2 ARG "" "" "DROP")
  set(archive ${CMAKE_BINARY_DIR}/renamed/lib${target}.a)
  set(script ${PROJECT_SOURCE_DIR}/cmake/rename_symbols.sh)
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/renamed)
  add_custom_command(
    OUTPUT ${archive}
    COMMAND ${script} ${CMAKE_NM} ${CMAKE_OBJCOPY} ${CMAKE_AR} ${WD_ZLIB_ARCHIVE} ${archive}
            ${prefix} ${ARG_DROP}
    DEPENDS ${WD_ZLIB_ARCHIVE} ${script}
    COMMENT "Renaming zlib's symbols to ${prefix}*"
    VERBATIM)
  add_custom_target(${target}_archive DEPENDS ${archive})
  add_library(${target} STATIC IMPORTED GLOBAL)
  set_target_properties(${target} PROPERTIES
    IMPORTED_LOCATION ${archive}
    INTERFACE_INCLUDE_DIRECTORIES ${WD_ZLIB_INCLUDE})
  add_dependencies(${target} ${target}_archive)
endfunction()
