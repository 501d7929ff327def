// SPDX-License-Identifier: GPL-2.0-only
/*
 * leaks [ROUNDS]: what the kernel holds before and after many rounds of everything that makes and
 * ends a queue. Less than half an object of a kind per round must be left, as caches hold some at
 * any time.
 */
#include "check.h"

#include <signal.h>

#define KINDS 512

struct count {
	char name[64];
	long objects;
};

struct counts {
	struct count kinds[KINDS];
	int number;
	long free_kib;
};

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
			all += some * (PAGE / 1024);
	if (file)
		fclose(file);
	return all;
}

static void count(struct counts *all)
{
	char line[512];
	FILE *file;

	settle();
	all->number = 0;
	file = fopen("/proc/slabinfo", "r");
	CHECK(file);
	while (file && fgets(line, sizeof(line), file) && all->number < KINDS) {
		struct count *one = &all->kinds[all->number];

		if (sscanf(line, "%63s %ld", one->name, &one->objects) == 2)
			all->number++;
	}
	if (file)
		fclose(file);
	CHECK(all->number > 20);
	all->free_kib = free_kib();
}

static void one_round(const char *name)
{
	int fd = open_queue(name);
	char *mmio = map_region(fd, MMIO_OFFSET), *dus = map_region(fd, DUS_OFFSET);
	pid_t pid;

	mmio[0] = dus[0] = 1;
	CHECK(ioctl(fd, UACCE_CMD_START_Q) == 0);
	CHECK(munmap(mmio, PAGE) == -1);
	munmap(mmio, REGION);
	mmio = map_region(fd, MMIO_OFFSET);
	mmio[0] = 1;
	/* One that ends with everything open, in a process of its own. */
	pid = fork();
	if (!pid) {
		fd = open_queue(name);
		mmio = map_region(fd, MMIO_OFFSET);
		mmio[0] = 1;
		CHECK(ioctl(fd, UACCE_CMD_START_Q) == 0);
		kill(getpid(), SIGKILL);
	}
	waitpid(pid, NULL, 0);
	set_parameter("fail_mmap", 1);
	munmap(dus, REGION);
	CHECK(map_region(fd, DUS_OFFSET) == MAP_FAILED);
	set_parameter("fail_mmap", 0);
	set_parameter("fail_get_queue", 1);
	CHECK(try_open(name) == -1);
	set_parameter("fail_get_queue", 0);
	unbind_device(name);
	bind_device(name);
	close(fd);
	munmap(mmio, REGION);
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 600, i, j;
	static struct counts before, after;
	long left;

	for (i = 0; i < 20; i++)
		one_round(i % 2 ? "wd_test_soft" : "wd_test_plain");
	count(&before);
	for (i = 0; i < rounds; i++)
		one_round(i % 2 ? "wd_test_soft" : "wd_test_plain");
	count(&after);

	for (i = 0; i < after.number; i++) {
		/* Of the stacks of processes; given back in large batches, whenever. */
		if (!strcmp(after.kinds[i].name, "vmap_area"))
			continue;
		left = after.kinds[i].objects;
		for (j = 0; j < before.number; j++)
			if (!strcmp(before.kinds[j].name, after.kinds[i].name))
				left -= before.kinds[j].objects;
		if (left > rounds / 2) {
			printf("%s: %ld more than before %d rounds\n", after.kinds[i].name, left,
			       rounds);
			CHECK(!"objects are left");
		}
	}
	/* A page per round would be 4 KiB. */
	printf("%d rounds: %ld KiB less free\n", rounds, before.free_kib - after.free_kib);
	CHECK(before.free_kib - after.free_kib < 3L * rounds);
	CHECK(parameter("gets") == parameter("puts"));
	return failed_checks();
}
