#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# fragment.sh put|drop MODULES_FOLDER: run by DKMS in the folder of the sources, after a build and
# after a removal.
set -eu

to=$2/uacce-build
case $1 in
put)
	mkdir -p "$to"
	cp uacce.mk uacce_soft.h uacce/Module.symvers "$to"
	;;
drop)
	rm -rf "$to"
	;;
esac
