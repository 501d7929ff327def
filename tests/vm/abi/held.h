/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel holds: objects of each kind that /proc/slabinfo names, and memory. Of many rounds
 * of something, less than half an object of a kind per round must be left, as caches hold some at
 * any time: two or three hundred, so there should be 600 rounds at least. And of memory, less than
 * 3 KiB per round: a page would be 4.
 */
#ifndef HELD_H
#define HELD_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

#define HELD_KINDS 512

struct held_kind {
	char name[64];
	long objects;
};

struct held {
	struct held_kind kinds[HELD_KINDS];
	int number;
	long free_kib;
};

/* Waits until what is about to be freed is. False if it cannot be told. */
bool held_now(struct held *all);
/* Says what there is more of than there was, if it is too much, and how much memory in any case. */
bool held_no_more(const struct held *before, const struct held *after, int rounds);

#ifdef __cplusplus
}
#endif

#endif
