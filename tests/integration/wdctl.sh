#!/bin/bash
# wdctl devices and wdctl selftest: what they say of emulated devices that are well, of some that are not, and of none.
set -Eeuo pipefail
trap 'echo "FAILED at line $LINENO: $BASH_COMMAND" >&2' ERR

: "${WDCTL:?set WDCTL to the path of wdctl}"
unset WD_EMULATE WD_BACKEND
work=$(mktemp -d "${TMPDIR:-/tmp}/wd-integration.XXXXXX")
trap 'rm -rf "$work"' EXIT
# What this machine's wd.conf says is none of a test's business.
export LC_ALL=C WD_CONF=$work/wd.conf
: >"$WD_CONF"

fail() {
  echo "FAILED: $*" >&2
  printf '%s\n' "${output-}" >&2
  exit 1
}

# ends STATUS COMMAND...: runs it, keeps what it says in `output`, wants that exit status, soon.
ends() {
  local want=$1 status=0
  shift
  output=$(timeout 60 "$@" 2>&1) || status=$?
  [[ $status == "$want" ]] || fail "$*: exit status $status, not $want"
}
says() { grep -Eq -- "$1" <<<"$output" || fail "nothing like '$1' is said"; }
silent_on() { ! grep -Eq -- "$1" <<<"$output" || fail "something like '$1' is said"; }

# What is there: a row for each, with what its driver lists.
WD_EMULATE=hisi_zip:queues=16:numa=1,hisi_zip:api=v2 ends 0 "$WDCTL" devices
says '^hisi_zip-0 +hisi_qm_v3 +1 +16 +good +.*\bdeflate\b'
says '^hisi_zip-1 +hisi_qm_v2 +- +64 +good +'
silent_on '^hisi_zip-1 .*\bdeflate\b'
[[ $(wc -l <<<"$output") == 3 ]] || fail "not a row for each device"
WD_EMULATE=hisi_zip:devices=12 ends 0 "$WDCTL" devices
[[ $(tail -n 1 <<<"$output") == hisi_zip-11* ]] || fail "not by number"

# Nothing is there: no error. Machines that have a device are not asked.
if [[ -z $(ls -A /sys/class/uacce 2>/dev/null || true) ]]; then
  ends 0 "$WDCTL" devices
  says '^no device'
fi

# What is asked for does not exist.
WD_EMULATE=hisi_zap ends 2 "$WDCTL" devices
says 'WD_EMULATE: an emulated device of no kind that exists'
WD_EMULATE=hisi_zip:queues=none ends 2 "$WDCTL" devices
says 'WD_EMULATE: .*parameters'
ends 2 "$WDCTL" devices all
says '^usage: '
