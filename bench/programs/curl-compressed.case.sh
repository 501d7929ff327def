# shellcheck shell=bash disable=SC2034,SC2154
title="curl --compressed, from this machine"

# The server answers on the loopback only, sends one ready-made file, and is ended with this script.
prepare() {
  pigz -c "$scratch/everything" >"$work/in.gz"
  mkfifo "$work/port"
  /usr/bin/python3 "$here/gzip_server.py" "$work/in.gz" >"$work/port" &
  server=$!
  read -r port <"$work/port"
}

run() { curl -sS --noproxy '*' --compressed -o "$out" "http://127.0.0.1:$port/"; }
result() { cat "$out"; }
expected() { cat "$scratch/everything"; }
