// SPDX-License-Identifier: GPL-2.0-only
/*
 * leaks [ROUNDS]: what the kernel holds before and after many rounds of everything that makes and
 * ends a queue.
 */
#include "check.h"
#include "held.h"

#include <signal.h>

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
	int rounds = argc > 1 ? atoi(argv[1]) : 600, i;
	static struct held before, after;

	for (i = 0; i < 20; i++)
		one_round(i % 2 ? "wd_test_soft" : "wd_test_plain");
	CHECK(held_now(&before));
	for (i = 0; i < rounds; i++)
		one_round(i % 2 ? "wd_test_soft" : "wd_test_plain");
	CHECK(held_now(&after));
	CHECK(held_no_more(&before, &after, rounds));
	CHECK(parameter("gets") == parameter("puts"));
	return failed_checks();
}
