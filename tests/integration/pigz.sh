#!/bin/bash
# pigz: threads, raw deflate, dictionaries set in mid-stream, Prime, Params, Pending, inflateBack. What it writes
# under the shim any decompressor reads, and the shim reads what it writes without.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=shim_run.sh
. "$here/shim_run.sh"
need pigz gzip

corpus "$work/large" 6000000
corpus "$work/small" 700
: >"$work/empty"
head -c 2000000 </dev/urandom >"$work/noise"

decode() { # FORMAT FILE: decompresses by programs in which no shim and no pigz is.
  if [[ $1 == zlib ]]; then
    /usr/bin/python3 -c 'import sys, zlib; sys.stdout.buffer.write(zlib.decompress(sys.stdin.buffer.read()))' <"$2"
  else
    gzip -dc <"$2"
  fi
}

# round LABEL FORMAT PIGZ-OPTION...
round() {
  local label=$1 format=$2 input bytes plain_size size
  shift 2
  for input in large small empty noise; do
    bytes=$(stat -c %s "$work/$input")
    plain pigz "$@" -c "$work/$input" >"$work/plain.out" || fail "pigz $* without the shim"
    forget_stats
    shimmed pigz "$@" -c "$work/$input" >"$work/shimmed.out" || fail "pigz $* $input"
    if [[ $bytes -gt 0 ]]; then
      served pigz deflate "bytes_in == $bytes" 'requests >= 1' 'processes == 1'
      # What its strategies and level 0 ask for is zlib's alone. pigz decompresses by inflateBack, which is software's.
      [[ $input != large || " stored huffman runs " == *" $label "* ]] || on_device pigz deflate
    fi

    decode "$format" "$work/shimmed.out" >"$work/decoded" || fail "pigz $* $input: not readable"
    same "$work/$input" "$work/decoded" "pigz $*"
    plain pigz -dc <"$work/shimmed.out" >"$work/decoded" || fail "pigz -d of $label $input"
    same "$work/$input" "$work/decoded" "pigz -d of $label"
    for from in plain shimmed; do
      forget_stats
      shimmed pigz -dc <"$work/$from.out" >"$work/decoded" || fail "pigz -d of $label $input under the shim"
      same "$work/$input" "$work/decoded" "pigz -d of $label under the shim"
      if [[ $bytes -gt 0 ]]; then
        served pigz inflate "bytes_out == $bytes" 'requests >= 1'
      fi
      shimmed pigz -t <"$work/$from.out" || fail "pigz -t of $label $input under the shim"
    done

    plain_size=$(stat -c %s "$work/plain.out")
    size=$(stat -c %s "$work/shimmed.out")
    size_is_fair "$size" "$plain_size" "pigz $* $input"
  done
}

round default gzip -p2
round one_thread gzip -p1
round rsyncable gzip -p2 -R
round zlib zlib -p2 -z
round zlib_one_thread zlib -p1 -z
round independent gzip -p2 -i
round fastest gzip -p2 -1
round best gzip -p2 -9 -b 512
round stored gzip -p2 -0
round huffman gzip -p2 -H
round runs gzip -p2 -U
round small_blocks gzip -p2 -b 32 -R -i

# Damaged input: the same verdict, and not a byte more on standard output.
head -c 500000 "$work/plain.out" >"$work/cut.gz"
for run in plain shimmed; do
  status=0
  "$run" pigz -dc <"$work/cut.gz" >"$work/$run.cut" 2>"$work/$run.err" || status=$?
  echo "exit $status" >>"$work/$run.err"
done
same "$work/plain.cut" "$work/shimmed.cut" "output of a truncated file"
same "$work/plain.err" "$work/shimmed.err" "verdict on a truncated file"
