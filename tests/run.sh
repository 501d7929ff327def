#!/usr/bin/env bash
# From a fresh Debian machine to passing tests: installs what is missing, builds, and runs all tests
# that there are. A second run reuses what the first one made.
#
#   tests/run.sh                     everything that CI runs
#   tests/run.sh --long              also what is too long for CI
#   tests/run.sh --only STAGE ...    one stage or several: style release bench asan tsan
#                                    fuzz arm64 vm
#   tests/run.sh ... -- ARGUMENTS    arguments for ctest, such as -L unit, or -R nginx
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

stages=()
long=no
while [[ $# -gt 0 ]]; do
  case $1 in
    --long) long=yes ;;
    --only)
      shift
      while [[ $# -gt 0 && $1 != --* ]]; do
        stages+=("$1")
        shift
      done
      continue
      ;;
    --)
      shift
      break
      ;;
    *)
      sed -n '2,/^set/p' "$0" | sed '/^set/d; s/^# \{0,1\}//' >&2
      exit 2
      ;;
  esac
  shift
done
if [[ ${#stages[@]} -eq 0 ]]; then
  stages=(style release bench asan tsan fuzz)
  # On an arm64 machine these are for arm64; and the kernels for virtual machines are for amd64.
  [[ $(uname -m) == aarch64 ]] || stages+=(arm64 vm)
fi
ctest_arguments=("$@")
jobs=$(nproc)

# Nothing that the caller has set for WarpDrive may decide what is tested.
unset LD_PRELOAD WD_BACKEND WD_EMULATE WD_COMPRESSION WD_STATS WD_LOG WD_CONF SOURCE_DATE_EPOCH
export CTEST_OUTPUT_ON_FAILURE=1
if [[ $long == yes ]]; then
  export WD_TEST_LONG=1 WD_FUZZ_SECONDS=${WD_FUZZ_SECONDS:-600}
fi

# build PRESET [cmake arguments]: configures with tests, warnings being errors, and builds all, or
# $targets.
build() {
  local preset=$1
  shift
  cmake --preset "$preset" -DWD_BUILD_TESTS=ON -DWD_WERROR=ON "$@" >"build/$preset.configure.log" 2>&1 || {
    cat "build/$preset.configure.log"
    return 1
  }
  cmake --build --preset "$preset" -j "$jobs" ${targets:+--target $targets}
}

# test PRESET [ctest arguments]
test_preset() {
  local preset=$1
  shift
  ctest --test-dir "build/$preset" --no-tests=error -j "$jobs" "$@" "${ctest_arguments[@]}"
}

stage_style() {
  git ls-files '*.cpp' '*.hpp' '*.c' '*.h' | xargs clang-format --dry-run -Werror
  git ls-files '*.sh' bench/check .ci/run | xargs shellcheck -x
}
stage_release() {
  # Brings OpenSSL to a version whose source is to be had, for its own tests: before anything is built with it.
  tests/provider/evp_test/source.sh build/openssl --upgrade
  build release -DWD_BUILD_BENCH=ON
  local without='vm|long'
  [[ $long == no ]] || without=vm
  test_preset release -LE "$without"
  [[ $long == no ]] || more_sequences
  [[ $long == no ]] || on_debian_13
}
on_debian_13() {
  cmake/packages.sh debian13
  tests/provider/debian13.sh build/debian13
}
# A million sequences of each kind, other ones than ctest runs.
more_sequences() {
  local kind
  for kind in inflate inflate-back deflate whole; do
    build/release/bin/wd-differential --kind "$kind" --seed 1000000 --count 1000000
  done
  local api
  for api in v2 v3; do
    for kind in promised-inflate deflate whole; do
      WD_BACKEND=hisi WD_EMULATE=hisi_zip:api=$api \
        build/release/bin/wd-differential --kind "$kind" --seed 1000000 --count 100000
    done
  done
  WD_COMPRESSION=exact build/release/bin/wd-differential --kind exact-deflate --seed 1000000 --count 1000000
}
stage_bench() {
  bench/check --smoke
  [[ $long == no ]] || bench/check
}
stage_asan() {
  build asan
  test_preset asan -L 'unit|conformance|provider'
}
stage_tsan() {
  build tsan
  test_preset tsan -L threads
}
stage_fuzz() {
  # Only what is fuzzed: the other tests have run in other stages.
  local targets='fuzz_damage fuzz_inflate fuzz_sequence fuzz_uncompress wd_fuzz_seeds'
  build fuzz
  test_preset fuzz -L fuzz
}
# Cross-compiled, run under qemu.
stage_arm64() {
  cmake/packages.sh arm64
  cmake/arm64_sysroot.sh
  build arm64
  # Emulated, what goes beyond 4 GiB takes three minutes, and most encoders, which write for arm64 what
  # they write elsewhere, take one.
  local slow='BeyondFourGibibytes|AreUnderstood/(zlib|zopfli|pigz|7zip)'
  [[ $long == no ]] || slow='^$'
  # What qemu-user has not: pages wiped in a child, copies from addresses that may be wrong
  # (process_vm_readv), errors of ioctl() on any file.
  local absent='EmulatorInAChild|AWrongAddressTakesTheDeviceDown|EmulatedQueue.RefusesWrongCalls'
  absent+='|WhoseMemoryIs/Orphans'
  absent+='|AContextThatIsNotThereTakesTheDeviceDown|TellFailureAsItsNumberAndLeaveErrnoAlone'
  test_preset arm64 -E "$slow|$absent"
}

# The kernel modules: on Debian's kernel in a virtual machine, and with --long on one that watches itself.
stage_vm() {
  cmake/packages.sh vm
  tests/vm/kernel.sh build/vm/kernel --arm64 --source
  tests/vm/kernel.sh build/vm/backports --suite bookworm-backports
  local without=(-LE vm_long)
  if [[ $long == yes ]]; then
    tests/vm/kernel.sh build/vm/newest --suite trixie-backports --tools
    tests/vm/instrumented_kernel.sh build/vm/kernel build/vm/instrumented
    without=()
  fi
  build release -DWD_BUILD_VM_TESTS=ON
  test_preset release -L vm "${without[@]}"
}

started=$SECONDS
cmake/packages.sh build test bench
mkdir -p build
for stage in "${stages[@]}"; do
  declare -F "stage_$stage" >/dev/null || { echo "no stage is named $stage" >&2; exit 2; }
  stage_started=$SECONDS
  echo "== $stage"
  "stage_$stage"
  echo "== $stage: passed after $((SECONDS - stage_started)) s"
done
echo "== all stages passed after $((SECONDS - started)) s: ${stages[*]}"
