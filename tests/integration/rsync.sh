#!/bin/bash
# rsync -z: sync flushes whose last four bytes are cut off and put back, data that goes into the window without
# being sent. The shim at the sender, at the receiver, at both; whole files and deltas.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=shim_run.sh
. "$here/shim_run.sh"
need rsync

# rsync's receiver ends by _exit, after which WD_STATS has no line of it.
guest_library exit_normally exit_normally.so
far_stats=$work/far.jsonl
export FAR_STATS=$far_stats FAR_SHIM=''

# transfer NEAR FAR CHOICE FROM TO: NEAR is plain or shimmed, the sender; FAR is the receiver's shim or nothing.
transfer() {
  local near=$1 choice=$3 from=$4 to=$5
  FAR_SHIM=$2 "$near" rsync -a -z --compress-choice="$choice" --no-whole-file --stats \
    -e "$here/local_rsh.sh" "$from/" "nowhere:$to/" >"$work/rsync.out" ||
    fail "rsync --compress-choice=$choice, sender $near, receiver ${2:-plain}"
  diff -r "$from" "$to" || fail "rsync --compress-choice=$choice, sender $near, receiver ${2:-plain}: trees differ"
}
bytes_sent() { sed -n 's/^Total bytes sent: //p' "$work/rsync.out" | tr -d ,; }

/usr/bin/python3 "$here/rsync_tree.py" make "$work/old"
cp -a "$work/old" "$work/new"
/usr/bin/python3 "$here/rsync_tree.py" edit "$work/new"

for choice in zlibx zlib; do
  declare -A sent=()
  for ends in plain- plain-shim shimmed- shimmed-shim; do
    near=${ends%-*} far=''
    [[ $ends == *-shim ]] && far=$WD_SHIM:$work/exit_normally.so
    rm -rf "$work/to" "$stats" "$far_stats"
    transfer "$near" "$far" "$choice" "$work/old" "$work/to"
    transfer "$near" "$far" "$choice" "$work/new" "$work/to"
    sent[$ends]=$(bytes_sent)
    if [[ $near == shimmed ]]; then
      served rsync deflate 'processes == 2' 'requests >= 20' 'bytes_in >= 2000000'
      on_device rsync deflate
    fi
    if [[ -n $far ]]; then
      stats=$far_stats served rsync inflate 'processes == 2' 'requests >= 20' 'bytes_out >= 2000000'
      # It is not the device's for long: rsync cuts off what ends a block, and wants the output all the same, which an
      # engine gives out only when it has seen the end.
    fi
  done
  # Deltas stay deltas: nothing that the window should have known is sent again.
  for ends in shimmed- shimmed-shim; do
    size_is_fair "${sent[$ends]}" "$((${sent["plain-"]} + 1000))" "$choice $ends"
  done
done
