#!/bin/bash
# git: import, loose objects, gc, repack, fsck, clone over the pack protocol, archive. A repository written with
# the shim has the same objects as one written without, and either is whole in the eyes of the other.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=shim_run.sh
. "$here/shim_run.sh"
need git gzip

# Nothing of the user's or the machine's configuration, and the same names and dates in every commit.
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=$work/gitconfig HOME=$work
export GIT_AUTHOR_DATE='1800000000 +0000' GIT_COMMITTER_DATE='1800000000 +0000'
cat >"$work/gitconfig" <<EOF
[user]
	name = Test
	email = test@example.invalid
[init]
	defaultBranch = main
[core]
	bigFileThreshold = 512k
[gc]
	auto = 0
[pack]
	threads = 2
[protocol "file"]
	allow = always
EOF

/usr/bin/python3 "$here/git_history.py" 400 >"$work/history"

# build RUN REPOSITORY: everything that writes objects, each git command started by RUN (plain or shimmed).
build() {
  local run=$1 repository=$2
  "$run" git init -q "$repository"
  "$run" git -C "$repository" fast-import --quiet --done <"$work/history"
  "$run" git -C "$repository" reset -q --hard main
  for change in 1 2 3 4 5 6 7 8; do
    corpus "$repository/loose$change.txt" $((change * change * 9000)) "$change"
    "$run" git -C "$repository" add .
    "$run" git -C "$repository" commit -q -m "loose $change"
  done
  "$run" git -C "$repository" fsck --full --strict --no-progress
  "$run" git -C "$repository" repack -q -a -d
  "$run" git -C "$repository" gc -q --aggressive --prune=now
}

object_names() { git -C "$1" rev-list --objects --all | sort; }
# Where the object is and how large it is are git's business; its name, kind, size and bytes are the result.
objects() {
  git -C "$1" cat-file --batch-all-objects --batch-check='%(objectname) %(objecttype) %(objectsize)' | sort
}

build plain "$work/plain" >"$work/plain.out" 2>&1 || { cat "$work/plain.out"; fail "git fails without the shim"; }
build shimmed "$work/shimmed" >"$work/shimmed.out" 2>&1 || { cat "$work/shimmed.out"; fail "git fails under the shim"; }

object_names "$work/plain" >"$work/plain.names"
object_names "$work/shimmed" >"$work/shimmed.names"
same "$work/plain.names" "$work/shimmed.names" "object names"
[[ $(wc -l <"$work/plain.names") -ge 2000 ]] || fail "the history is smaller than it should be"
objects "$work/plain" >"$work/plain.objects"
objects "$work/shimmed" >"$work/shimmed.objects"
same "$work/plain.objects" "$work/shimmed.objects" "objects"
served git deflate 'requests >= 2000' 'bytes_in >= 10000000'
on_device git deflate
served git inflate 'requests >= 2000' 'bytes_out >= 10000000'
on_device git inflate
forget_stats

# Each is whole in the eyes of the other.
plain git -C "$work/shimmed" fsck --full --strict --no-progress || fail "fsck of the shim's objects"
shimmed git -C "$work/plain" fsck --full --strict --no-progress || fail "fsck under the shim"
served git inflate 'requests >= 1000' 'bytes_out >= 5000000'
on_device git inflate
forget_stats

# Over the pack protocol: upload-pack and index-pack in processes of their own.
for way in plain shimmed; do
  for from in plain shimmed; do
    "$way" git clone -q "file://$work/$from" "$work/clone.$way.$from" || fail "$way clone of $from"
    object_names "$work/clone.$way.$from" >"$work/clone.names"
    same "$work/plain.names" "$work/clone.names" "objects of a $way clone of $from"
    diff -r -x .git "$work/plain" "$work/clone.$way.$from" || fail "work tree of a $way clone of $from"
  done
done
served git inflate 'requests >= 1000' 'bytes_out >= 5000000'
on_device git inflate
forget_stats

# tar.gz: git compresses it itself, with a gzip header of its own (deflateSetHeader).
plain git -C "$work/plain" archive --format=tar.gz -9 -o "$work/plain.tar.gz" main
shimmed git -C "$work/shimmed" archive --format=tar.gz -9 -o "$work/shimmed.tar.gz" main
served git deflate 'requests >= 10' 'bytes_in >= 3000000'
on_device git deflate
gzip -dc "$work/plain.tar.gz" >"$work/plain.tar"
gzip -dc "$work/shimmed.tar.gz" >"$work/shimmed.tar"
same "$work/plain.tar" "$work/shimmed.tar" "archive"
