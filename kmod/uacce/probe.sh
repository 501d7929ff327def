#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# probe.sh COMPILER FLAG ...: prints a header that says which forms the functions of this kernel's
# headers have. Each question is a piece of C that compiles or does not. A first piece has to
# compile and a second must not: were the compiler or its flags unfit, every answer would be wrong,
# and the module would be built from them.
set -eu

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# compiles 'STATEMENT;'
compiles() {
	cat >"$scratch/probe.c" <<END
#include <linux/device.h>
#include <linux/iommu.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/uacce.h>
void probe(struct device *dev, struct mm_struct *mm, struct vm_area_struct *vma);
void probe(struct device *dev, struct mm_struct *mm, struct vm_area_struct *vma)
{
	$1
}
END
	shift
	"$@" -Wno-unused -Werror=implicit-function-declaration -fsyntax-only \
		-x c "$scratch/probe.c" 2>"$scratch/log"
}

if ! compiles ';' "$@"; then
	echo "probe.sh: the compiler cannot read this kernel's headers:" >&2
	cat "$scratch/log" >&2
	exit 1
fi
if compiles 'uacce_no_such_function(dev);' "$@"; then
	echo "probe.sh: the compiler takes anything" >&2
	exit 1
fi

# has NAME 'STATEMENT;'
has() {
	name=$1 statement=$2
	shift 2
	if compiles "$statement" "$@"; then answer=1; else answer=0; fi
	echo "#define $name $answer"
}

echo "/* Made by probe.sh from the headers of the kernel that this build is for. */"
has CLASS_CREATE_TAKES_A_NAME_ONLY 'class_create("uacce");' "$@"
has SVA_BIND_TAKES_DRVDATA 'iommu_sva_bind_device(dev, mm, NULL);' "$@"
has IOMMU_FEATURES_ARE_ENABLED_BY_USERS 'iommu_dev_enable_feature(dev, IOMMU_DEV_FEAT_SVA);' "$@"
has VMA_FLAGS_ARE_SET_BY_A_FUNCTION 'vm_flags_set(vma, 0);' "$@"
has UACCE_HAS_ISOLATION '(void)((struct uacce_ops *)dev)->get_isolate_state;' "$@"
