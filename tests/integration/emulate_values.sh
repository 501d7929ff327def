#!/bin/bash
# WD_EMULATE that cannot be understood: a line on standard error says so, once, the work is done by software, and
# nothing else is seen of it.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=shim_run.sh
. "$here/shim_run.sh"
need python3

script='import sys, zlib
data = sys.stdin.buffer.read()
for _ in range(3):
    packed = zlib.compress(data)
    assert zlib.decompress(packed) == data
sys.stdout.write("%d bytes\n" % len(data))'
corpus "$work/input" 300000

# with_devices VALUE: what python3 says and does with it.
with_devices() {
  forget_stats
  shimmed env WD_BACKEND=hisi WD_EMULATE="$1" /usr/bin/python3 -c "$script" <"$work/input" \
    >"$work/output" 2>"$work/errors" || fail "WD_EMULATE=$1: $(<"$work/errors")"
  [[ $(<"$work/output") == "300000 bytes" ]] || fail "WD_EMULATE=$1: standard output: $(<"$work/output")"
}

# The way it is meant, so that what follows can fail.
with_devices hisi_zip
[[ ! -s $work/errors ]] || fail "good devices: $(<"$work/errors")"
grep -q '"hisi"' "$stats" || fail "no device has done anything: $(<"$stats")"

long=$(printf 'hisi_zip,%.0s' {1..120})
while IFS='|' read -r value words; do
  with_devices "$value"
  [[ $(wc -l <"$work/errors") == 1 ]] || fail "WD_EMULATE=$value: not one line: $(<"$work/errors")"
  grep -q "^wd: .*WD_EMULATE: .*$words" "$work/errors" || fail "WD_EMULATE=$value: $(<"$work/errors")"
  ! grep -q '"hisi".*"requests": *[1-9]' "$stats" || fail "WD_EMULATE=$value: a device has done something"
done <<VALUES
hisi_zap|of no kind that exists
hisi_sec2|of no kind that exists
hisi_zip,hisi_zap|of no kind that exists
hisi_zip,,hisi_zip|of no kind that exists
,|of no kind that exists
HISI_ZIP|of no kind that exists
 hisi_zip|of no kind that exists
hisi_zip:api=v4|parameters are wrong
hisi_zip:api|parameters are wrong
hisi_zip:queues=0|parameters are wrong
hisi_zip:queues=-1|parameters are wrong
hisi_zip:queues=4294967297|parameters are wrong
hisi_zip:depth=1|parameters are wrong
hisi_zip:devices=17|parameters are wrong
hisi_zip:fault=late|parameters are wrong
hisi_zip:fault=late%101|parameters are wrong
hisi_zip:fault=nothing@1|parameters are wrong
hisi_zip:kernel=6.1:sva=off|parameters are wrong
hisi_zip:colour=blue|parameters are wrong
%s%n%n%s|of no kind that exists
$long|too long
VALUES
