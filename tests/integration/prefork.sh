#!/bin/bash
# A master and its workers, as servers have them: the master compresses, forks, kills workers while they compress, and
# replaces them, by fork() and by the bare system call.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=shim_run.sh
. "$here/shim_run.sh"
need cc

guest prefork -lz
agree prefork timeout 60 "$work/prefork"
# The master's own: 1 + 20 messages and a stream in 3 calls; of the workers, the last four write what they did.
served prefork deflate 'processes == 5' 'requests >= 60'
served prefork inflate 'processes == 5' 'requests >= 60'
# shellcheck disable=SC2154 # of shim_run.sh
[[ $devices == none ]] || served prefork deflate 'device_processes == 5'
