// SPDX-License-Identifier: GPL-2.0-only
#include "held.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void settle(void)
{
	FILE *file;
	int i;

	for (i = 0; i < 3; i++) {
		sync();
		file = fopen("/proc/sys/vm/drop_caches", "w");
		if (file) {
			fputs("3", file);
			fclose(file);
		}
		/* Callbacks after a grace period of RCU, and work queues. */
		usleep(200000);
	}
}

/* Those on the lists of the processors, too: newer kernels keep tens of megabytes there. */
static long free_kib(void)
{
	const long page_kib = sysconf(_SC_PAGESIZE) / 1024;
	long all = 0, some;
	char line[512];
	FILE *file;

	file = fopen("/proc/meminfo", "r");
	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "MemFree: %ld", &all) == 1)
			break;
	if (file)
		fclose(file);
	file = fopen("/proc/zoneinfo", "r");
	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, " count: %ld", &some) == 1)
			all += some * page_kib;
	if (file)
		fclose(file);
	return all;
}

bool held_now(struct held *all)
{
	char line[512];
	FILE *file;

	settle();
	all->number = 0;
	file = fopen("/proc/slabinfo", "r");
	while (file && fgets(line, sizeof(line), file) && all->number < HELD_KINDS) {
		struct held_kind *one = &all->kinds[all->number];

		if (sscanf(line, "%63s %ld", one->name, &one->objects) == 2)
			all->number++;
	}
	if (file)
		fclose(file);
	all->free_kib = free_kib();
	return all->number > 20 && all->free_kib > 0;
}

bool held_no_more(const struct held *before, const struct held *after, int rounds)
{
	const long less = before->free_kib - after->free_kib;
	bool good = less < 3L * rounds;
	int i, j;

	for (i = 0; i < after->number; i++) {
		long left = after->kinds[i].objects;

		/* Of the stacks of processes; given back in large batches, whenever. */
		if (!strcmp(after->kinds[i].name, "vmap_area"))
			continue;
		for (j = 0; j < before->number; j++)
			if (!strcmp(before->kinds[j].name, after->kinds[i].name))
				left -= before->kinds[j].objects;
		if (left > rounds / 2) {
			printf("%s: %ld more than before %d rounds\n", after->kinds[i].name, left,
			       rounds);
			good = false;
		}
	}
	printf("%d rounds: %ld KiB less free\n", rounds, less);
	return good;
}
