#!/bin/bash
# A remote shell to nowhere: runs the other side of rsync here, with or without the shim as FAR_SHIM says.
shift # the host's name
if [[ -n ${FAR_SHIM-} ]]; then
  exec env LD_PRELOAD="$FAR_SHIM" WD_STATS="$FAR_STATS" "$@"
fi
exec env -u LD_PRELOAD -u WD_STATS "$@"
