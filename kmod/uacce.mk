# SPDX-License-Identifier: GPL-2.0-only
# For the Kbuild file of a driver that uses uacce (uacce_alloc() and so on): include it at its top.
#
#   include /lib/modules/$(KERNELRELEASE)/uacce-build/uacce.mk
#
# Where uacce.ko is not the kernel's own, linux/uacce.h holds empty functions until it is told otherwise, and the
# versions of the symbols are in uacce.ko's Module.symvers, beside this file. A driver built without it would compile
# and never find a device; so whatever is missing is an error here.

uacce-build := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))

ifeq ($(CONFIG_UACCE),)
ifeq ($(wildcard $(uacce-build)/Module.symvers),)
$(error $(uacce-build)/Module.symvers is missing: build or install uacce.ko for this kernel first)
endif
KBUILD_EXTRA_SYMBOLS += $(uacce-build)/Module.symvers
subdir-ccflags-y += -DCONFIG_UACCE_MODULE=1 -DUACCE_SOFT_SVA=1
endif
subdir-ccflags-y += -I$(uacce-build)
