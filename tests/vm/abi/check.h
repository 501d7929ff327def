/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of uacce.ko share: checks that say where they failed and go on, and ways to the
 * test devices (tests/vm/test_device). A test ends with `return failed_checks();`.
 */
#ifndef CHECK_H
#define CHECK_H

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define BIT(n) (1U << (n))
#include <misc/uacce/uacce.h>

#include "uacce_test_device.h"

#define PAGE 4096UL
/* Both regions of the test devices. */
#define REGION	    (2 * PAGE)
#define MMIO_OFFSET 0
#define DUS_OFFSET  ((off_t)PAGE)

void check(bool holds, const char *file, int line, const char *what);
#define CHECK(condition) check(condition, __FILE__, __LINE__, #condition)

/* That a call failed with the given errno; a null pointer and MAP_FAILED are told by the caller's
 * comparison. */
void check_errno(bool failed, int error, const char *file, int line, const char *what);
#define CHECK_FAILS(failed, error) \
	check_errno(failed, error, __FILE__, __LINE__, #failed " " #error)

/* 0 or 1, for main() and for _exit(). */
int failed_checks(void);
/* Waits for a child whose checks count as ours. */
void check_child(pid_t child);

/* /dev/NAME-N of the device that is there now; in a static buffer. Ends the program if there is
 * none. */
const char *node_of(const char *name);
/* -1 with errno, as open(). */
int try_open(const char *name);
/* Ends the program on failure. */
int open_queue(const char *name);
void *map_region(int fd, off_t offset);

struct uacce_test_view view(int fd);
short poll_now(int fd);

/* The driver's parameters. */
int parameter(const char *name);
void set_parameter(const char *name, int value);
/* Takes a device from its driver, and gives it back. */
void unbind_device(const char *name);
void bind_device(const char *name);

/* Whether reading there is SIGBUS or SIGSEGV: that signal's number, or 0. In this process. */
int signal_of_read(volatile const void *address);

#endif
