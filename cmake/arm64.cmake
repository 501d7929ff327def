# Toolchain file: builds for arm64 Linux with Debian's cross compiler, and runs what was built under
# qemu. libc and the C++ library to link come with the compiler, all else from the packages that
# arm64_sysroot.sh has unpacked.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)

get_filename_component(WD_ARM64_SYSROOT ${CMAKE_CURRENT_LIST_DIR}/../build/arm64-sysroot ABSOLUTE)
if(NOT EXISTS ${WD_ARM64_SYSROOT}/packages.txt)
  message(FATAL_ERROR "${WD_ARM64_SYSROOT} is missing: run cmake/arm64_sysroot.sh")
endif()

# Not CMAKE_SYSROOT: the folder is none for the compiler, which brings its own headers of libc.
set(CMAKE_FIND_ROOT_PATH ${WD_ARM64_SYSROOT})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
# Headers that differ between architectures lie in a folder that no package's search names.
set(CMAKE_C_STANDARD_INCLUDE_DIRECTORIES ${WD_ARM64_SYSROOT}/usr/include/aarch64-linux-gnu)
set(CMAKE_CXX_STANDARD_INCLUDE_DIRECTORIES ${WD_ARM64_SYSROOT}/usr/include/aarch64-linux-gnu)

set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64 -L ${WD_ARM64_SYSROOT})
