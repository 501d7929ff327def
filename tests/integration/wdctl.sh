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
WD_EMULATE=hisi_zap ends 2 "$WDCTL" selftest
says 'WD_EMULATE: '
ends 2 "$WDCTL" devices all
says '^usage: '
for wrong in --seconds '--seconds x' '--seconds -1' '--seconds 1s' '--minutes 1' '--seconds 1 2'; do
  # shellcheck disable=SC2086 # several arguments
  ends 2 "$WDCTL" selftest $wrong
  says '^usage: '
done

# selftest_on DEVICES STATUS: the short form.
selftest_on() { WD_EMULATE=$1 ends "$2" "$WDCTL" selftest --seconds "${3:-0}"; }

# Both generations are found well, in every format that they list: 57 trials a format, 3 and 2 formats.
selftest_on hisi_zip,hisi_zip:api=v2 0 1
says '^2 of 2 devices good$'
[[ $(grep -c '^  known answers  2 ran, 0 failed$' <<<"$output") == 2 ]] || fail "known answers"
says '^  round trips +171 ran, 0 failed$'
says '^  round trips +114 ran, 0 failed$'
says '^  streams +270 ran, 0 failed$'
says '^  soak, 1 s +[1-9][0-9]+ ran, 0 failed$'
says '^  throughput +compression [1-9][0-9]* MB/s, decompression [1-9][0-9]* MB/s'
# The report can be sent away.
silent_on "0x[0-9a-f]{6,}|$(uname -n)"

# Nor is one that does not share our addresses any worse.
selftest_on hisi_zip:sva=off 0
says '^  round trips +171 ran, 0 failed$'

# Not so those that are not, and it is said which and why. What is wrong with data is found by what software says.
selftest_on hisi_zip:fault=corrupt%10,hisi_zip:api=v2 1
says '^1 of 2 devices good$'
says '[1-9] x (software cannot read what the device wrote|what came out is wrong)$'
[[ $(grep -E '^hisi_zip-|^  result' <<<"$output" | paste -sd ' ' | tr -s ' ') == \
  "hisi_zip-0 result NOT GOOD: "*" hisi_zip-1 result good" ]] || fail "the wrong device"
# One wrong byte is enough.
selftest_on hisi_zip:api=v2:fault=corrupt@300 1
says '^    1 x '
selftest_on hisi_zip:fault=unknown_status%20 1 1
says '[1-9] x the device refuses good input, or answers with an unknown status, 0xee$'
selftest_on hisi_zip:fault=wrong_counts%10 1
says '[1-9] x an answer that cannot be, status 0x[01][0-9a-f]$'
# A reset is over soon: the queue is opened again, and the rest goes on.
selftest_on hisi_zip:api=v2:fault=reset@20 1
says '^  streams +180 ran, 0 failed$'
says '[1-9] x the queue stopped: a reset'
# What is gone is not waited for, whatever became of its memory.
selftest_on hisi_zip:fault=remove@5 1
says '[1-9] x no queue: .*No such file'
says '^  streams +not run$'
selftest_on hisi_zip:removal=bus-error:fault=remove@5 1
says '^  result +NOT GOOD: its memory has gone'
# Neither is what never answers, longer than two known answers may take.
selftest_on hisi_zip:fault=lost@1+ 1
says '^  result +NOT GOOD: known answers$'

# Nothing to test is not well.
if [[ -z $(ls -A /sys/class/uacce 2>/dev/null || true) ]]; then
  ends 3 "$WDCTL" selftest
  says '^no device to test'
fi
