/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Allocations of the kernel's that fail on demand: the nth that the calling thread makes from now
 * on, of slabs and of pages (Documentation/fault-injection, fail-nth). For kernels that were built
 * with fault injection.
 */
#ifndef FAILING_H
#define FAILING_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* More than any of the calls that are tried makes. */
#define FAILING_MOST 400

/* False on a kernel that cannot; or of the thread that is to meet them. */
bool failing_set_up(void);
void failing_arm(int nth);
/* Whether one was made to fail since; none will be from now on. */
bool failing_disarm(void);

#ifdef __cplusplus
}
#endif

#endif
