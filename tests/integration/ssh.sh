#!/bin/bash
# ssh -C to an sshd of our own: one stream each way for the whole connection, Z_PARTIAL_FLUSH behind each packet, and its
# state handed from a process that a seccomp filter holds to the next. There sshd makes its stream, and a new kind of
# system call in it ends the connection. The shim in the client, in the server, in both.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=shim_run.sh
. "$here/shim_run.sh"
need ssh ssh-keygen
sshd=$(PATH=$PATH:/usr/sbin:/sbin command -v sshd) || fail "sshd is not installed" # by its path, for its own sake
server=''
trap '[[ -z $server ]] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT

corpus "$work/data" 3000000
for key in host user; do ssh-keygen -q -t ed25519 -N '' -f "$work/$key"; done
[[ $EUID != 0 ]] || mkdir -p /run/sshd # where it puts the process that is held

start_server() { # RUN: plain or shimmed; sets $port
  local attempt preloaded=(env) # no function of the shell's: the process started is to be sshd itself
  [[ $1 == plain ]] || preloaded+=(LD_PRELOAD="$WD_SHIM" WD_STATS="$stats")
  for attempt in {1..5}; do
    port=$((20000 + (RANDOM * 32768 + RANDOM) % 40000))
    cat >"$work/sshd_config" <<END
ListenAddress 127.0.0.1:$port
PidFile none
HostKey $work/host
AuthorizedKeysFile $work/user.pub
StrictModes no
UsePAM no
PermitRootLogin yes
PasswordAuthentication no
KbdInteractiveAuthentication no
Compression yes
END
    : >"$work/log.$1"
    "${preloaded[@]}" "$sshd" -D -e -f "$work/sshd_config" 2>>"$work/log.$1" &
    server=$!
    for _ in {1..200}; do
      grep -q 'Server listening' "$work/log.$1" && return
      kill -0 "$server" 2>/dev/null || break
      sleep 0.05
    done
    [[ $attempt == 5 ]] || continue # that port may have been somebody's
    cat "$work/log.$1" >&2
    fail "sshd does not start"
  done
}
stop_server() {
  kill "$server"
  wait "$server" || true
  server=''
}
over_ssh() { # RUN COMMAND, with standard input and output
  "$1" ssh -C -F none -p "$port" -i "$work/user" -o IdentitiesOnly=yes -o BatchMode=yes -o ConnectTimeout=30 \
    -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR 127.0.0.1 "$2"
}

for server_run in plain shimmed; do
  start_server "$server_run"
  in_server=0
  [[ $server_run == plain ]] || in_server=1
  for client_run in plain shimmed; do
    forget_stats
    over_ssh "$client_run" cat <"$work/data" >"$work/back" || fail "$server_run sshd, $client_run ssh"
    same "$work/data" "$work/back" "$server_run sshd, $client_run ssh"
    [[ $client_run == plain ]] || served ssh deflate 'bytes_in >= 3000000'
    [[ $client_run == plain ]] || served ssh inflate 'bytes_out >= 3000000'
    [[ $client_run == plain ]] || on_device ssh deflate
  done
  # sshd ends by _exit and writes no line of WD_STATS.
  # shellcheck disable=SC2016 # for the shell over there
  found=$(over_ssh plain 'grep -c libwd_z /proc/$PPID/maps' </dev/null || true)
  [[ $((found > 0)) == "$in_server" ]] || fail "the shim is not where it should be: $server_run sshd, $found"
  stop_server
done
