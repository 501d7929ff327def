/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/* The test device's own ioctls. */
#ifndef UACCE_TEST_DEVICE_H
#define UACCE_TEST_DEVICE_H

#include <linux/ioctl.h>
#include <linux/types.h>

struct uacce_test_view {
	__u32 starts;
	__u32 stops;
	__u32 faults;
	/* Of the MMIO region's pages, the bits of those that faulted. */
	__u32 pages;
	/* Whether the queue's mm is that of the caller; 2 where the device has no software SVA. */
	__u32 own_mm;
	__u32 pasid;
};

#define UACCE_TEST_VIEW _IOR('T', 1, struct uacce_test_view)
/* Completes something: poll() tells of it until UACCE_TEST_ACK. */
#define UACCE_TEST_COMPLETE _IO('T', 2)
#define UACCE_TEST_ACK	    _IO('T', 3)
/* Empties the MMIO region (software SVA only). */
#define UACCE_TEST_ZAP _IO('T', 4)
/* Sleeps in the driver for so many milliseconds. */
#define UACCE_TEST_SLEEP _IO('T', 5)

#endif
