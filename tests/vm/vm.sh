#!/usr/bin/env bash
# Boots a kernel in a virtual machine (QEMU without KVM, so it works anywhere) and runs tests inside.
#
#   vm.sh --kernel FOLDER --tests FOLDER [option ...]     runs FOLDER/[0-9]* in order of their names; the results, as
#                                                         TAP, on standard output. 0: all passed or were skipped
#   vm.sh --kernel FOLDER --shell [option ...]            a shell inside, by hand; `exit` ends the machine
#
#   --kernel FOLDER        has vmlinuz and release, as kernel.sh and instrumented_kernel.sh make them
#   --module FILE          a module of ours; the guest loads it by modprobe
#   --debian-module NAME   a module of Debian's kernel, with what it needs; loaded by modprobe, too
#   --file SOURCE[=PATH]   a file, at PATH in the guest (a folder, if it ends in /; /usr/local/bin/ by default)
#   --tree SOURCE[=PATH]   a folder with all that is in it, at PATH (by default the same as here)
#   --log FOLDER           where console.txt (the kernel's messages) and tap.txt go; a temporary one by default
#   --timeout SECONDS      300 by default
#   --memory MEGABYTES     1024 by default
#   --append WORDS         added to the kernel's command line
#
# Libraries that the programs need come along by themselves (found by ldd).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

kernel='' tests='' shell=no log='' timeout=300 memory=1024 append=''
modules=() debian_modules=() files=() trees=()
while [[ $# -gt 0 ]]; do
  case $1 in
    --shell) shell=yes; shift; continue ;;
    --kernel) kernel=$2 ;;
    --tests) tests=$2 ;;
    --module) modules+=("$2") ;;
    --debian-module) debian_modules+=("$2") ;;
    --file) files+=("$2") ;;
    --tree) trees+=("$2") ;;
    --log) log=$2 ;;
    --timeout) timeout=$2 ;;
    --memory) memory=$2 ;;
    --append) append+=" $2" ;;
    *) sed -n '2,/^set/p' "$0" | sed '/^set/d; s/^# \{0,1\}//' >&2; exit 2 ;;
  esac
  shift 2
done
[[ -n $kernel && ( -n $tests || $shell == yes ) ]] || { echo "vm.sh: --kernel, and --tests or --shell" >&2; exit 2; }
kernel=$(realpath "$kernel")
release=$(<"$kernel/release")

work=$(mktemp -d "${TMPDIR:-/tmp}/wd-vm.XXXXXX")
trap 'rm -rf "$work"' EXIT
root=$work/root
log=${log:-$work}
mkdir -p "$log" "$root"/{bin,sbin,dev,proc,sys,tmp,root,tests,etc,usr/{bin,sbin,local/bin,lib},lib/modules/"$release"/updates}

# put SOURCE PATH: copies, following links
put() {
  local to=$root$2
  [[ $2 != */ ]] || to+=$(basename "$1")
  mkdir -p "$(dirname "$to")"
  cp --dereference --preserve=mode,timestamps "$1" "$to"
}
# What the dynamic programs and libraries among FILES load, at the paths where they are here. Those that a file finds
# by its own folder ($ORIGIN) are put there, too.
put_libraries() {
  local file library
  for file in "$@"; do
    LC_ALL=C ldd "$file" 2>/dev/null | sed -n 's/.* => \(\/[^ ]*\) (.*/\1/p; s/^\t\(\/[^ ]*\) (.*/\1/p' || true
  done | sort -u | while read -r library; do
    [[ -e $root$library ]] || put "$library" "$library"
  done
}
is_elf() { [[ -f $1 && $(head -c 4 "$1" | tr -d '\0') == $'\x7fELF' ]]; }

put "$(command -v busybox)" /bin/
while read -r applet; do
  [[ -e $root/$applet ]] || { mkdir -p "$root/${applet%/*}" && ln -s /bin/busybox "$root/$applet"; }
done < <("$root/bin/busybox" --list-full)
put "$here/guest/init" /init
printf 'root:x:0:0::/root:/bin/sh\nuser:x:1000:1000::/tmp:/bin/sh\nother:x:1001:1001::/tmp:/bin/sh\n' >"$root/etc/passwd"
printf 'root:x:0:\nuser:x:1000:\nother:x:1001:\n' >"$root/etc/group"

elves=()
for entry in "${files[@]}"; do
  path=/usr/local/bin/
  [[ $entry != *=* ]] || path=${entry#*=}
  put "${entry%%=*}" "$path"
  ! is_elf "${entry%%=*}" || elves+=("${entry%%=*}")
done
for entry in "${trees[@]}"; do
  source=${entry%%=*} path=${entry#*=}
  mkdir -p "$root$path"
  cp --recursive --dereference --preserve=mode,timestamps "$source/." "$root$path/"
  while read -r file; do
    ! is_elf "$file" || elves+=("$file")
  done < <(find "$source" -type f \( -perm /111 -o -name '*.so*' \))
done
if [[ -n $tests ]]; then
  for file in "$tests"/*; do
    [[ -f $file ]] || continue
    put "$file" /tests/
    ! is_elf "$file" || elves+=("$file")
  done
fi
put_libraries "${elves[@]}"

for module in "${modules[@]}"; do put "$module" "/lib/modules/$release/updates/"; done
for name in "${debian_modules[@]}"; do
  while read -r word file _; do
    [[ $word != insmod ]] || put "$file" "${file#"$kernel/root"}"
  done < <(modprobe --dirname "$kernel/root" --set-version "$release" --show-depends "$name")
done
for list in modules.order modules.builtin modules.builtin.modinfo; do
  [[ ! -e $kernel/root/lib/modules/$release/$list ]] || put "$kernel/root/lib/modules/$release/$list" "/lib/modules/$release/"
done
depmod --basedir "$root" "$release" 2>"$work/depmod.txt" || { cat "$work/depmod.txt" >&2; exit 1; }

(cd "$root" && find . -print0 | cpio --null --create --format=newc --owner=+0:+0 --quiet) >"$work/initramfs"

# A kernel that panics starts the machine again, which ends it.
machine=(qemu-system-x86_64 -accel 'tcg,thread=multi' -cpu max -smp 2 -m "$memory" -nodefaults -no-user-config -no-reboot
  -display none -kernel "$kernel/vmlinuz" -initrd "$work/initramfs")
words="console=ttyS0 panic=-1 oops=panic kasan_multi_shot mitigations=off $append"
if [[ $shell == yes ]]; then
  "${machine[@]}" -serial mon:stdio -append "$words quiet wd_shell"
  exit
fi

: >"$log/tap.txt"
status=0
timeout --kill-after=10 "$timeout" "${machine[@]}" -serial "file:$log/console.txt" -serial "file:$log/tap.txt" \
  -append "$words" </dev/null || status=$?
cat "$log/tap.txt"
fail() {
  echo "vm.sh: $*" >&2
  tail -n 60 "$log/console.txt" >&2
  exit 1
}
[[ $status -ne 124 && $status -ne 137 ]] || fail "no end after $timeout s"
[[ $status -eq 0 ]] || fail "qemu ended with status $status"
plan=$(sed -n 's/^1\.\.\([0-9]*\)\r*$/\1/p' "$log/tap.txt")
[[ -n $plan && $plan -gt 0 ]] || fail "no tests were run"
done=$(grep -Ec '^(not )?ok ' "$log/tap.txt" || true)
[[ $done -eq $plan ]] || fail "the machine ended after $done of $plan tests"
grep -q '^# end' "$log/tap.txt" || fail "the machine ended before its tests did"
! grep -q '^not ok' "$log/tap.txt" || fail "$(grep -c '^not ok' "$log/tap.txt") of $plan tests failed"
