// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every order of ioctls, five long, against a model of the queue: the result of each call, and how
 * often the driver was asked to start and to stop.
 */
#include "check.h"

enum call { START, PUT, VIEW, UNKNOWN, CALLS };

static void run(const char *name, unsigned int sequence)
{
	unsigned int starts = 0, stops = 0, gets = parameter("gets"), puts = parameter("puts");
	struct uacce_test_view seen;
	bool started = false;
	int fd = open_queue(name);
	int i;

	for (i = 0; i < 5; i++, sequence /= CALLS) {
		switch ((enum call)(sequence % CALLS)) {
		case START:
			if (started) {
				CHECK_FAILS(ioctl(fd, UACCE_CMD_START_Q) == -1, EINVAL);
			} else {
				CHECK(ioctl(fd, UACCE_CMD_START_Q) == 0);
				started = true;
				starts++;
			}
			break;
		case PUT:
			/* Also one that was not started can be stopped. */
			CHECK(ioctl(fd, UACCE_CMD_PUT_Q) == 0);
			stops += started;
			started = false;
			break;
		case UNKNOWN:
			CHECK_FAILS(ioctl(fd, _IO('W', 2)) == -1, ENOTTY);
			break;
		default:
			break;
		}
		seen = view(fd);
		CHECK(seen.starts == starts && seen.stops == stops);
	}
	close(fd);
	/* Closing stops what runs (the driver warns if not) and hands the queue back, once. */
	CHECK(parameter("gets") == (int)gets + 1 && parameter("puts") == (int)puts + 1);
}

static void undone(void)
{
	int gets = parameter("gets"), puts = parameter("puts");
	void *region;
	int fd;

	set_parameter("fail_get_queue", 1);
	CHECK_FAILS(try_open("wd_test_plain") == -1, EBUSY);
	set_parameter("fail_get_queue", 0);
	CHECK(parameter("gets") == gets && parameter("puts") == puts);

	fd = open_queue("wd_test_plain");
	set_parameter("fail_start_queue", 1);
	CHECK_FAILS(ioctl(fd, UACCE_CMD_START_Q) == -1, EIO);
	set_parameter("fail_start_queue", 0);
	CHECK(ioctl(fd, UACCE_CMD_START_Q) == 0);

	set_parameter("fail_mmap", 1);
	CHECK_FAILS(map_region(fd, DUS_OFFSET) == MAP_FAILED, ENOSPC);
	set_parameter("fail_mmap", 0);
	region = map_region(fd, DUS_OFFSET);
	CHECK(region != MAP_FAILED);
	close(fd);
	munmap(region, REGION);
	CHECK(parameter("gets") == gets + 1 && parameter("puts") == puts + 1);
}

static void bare(void)
{
	int fd = open_queue("wd_test_bare");

	CHECK(ioctl(fd, UACCE_CMD_START_Q) == 0);
	CHECK_FAILS(ioctl(fd, UACCE_CMD_START_Q) == -1, EINVAL);
	CHECK(ioctl(fd, UACCE_CMD_PUT_Q) == 0);
	CHECK_FAILS(ioctl(fd, _IO('W', 2)) == -1, EINVAL);
	CHECK_FAILS(map_region(fd, MMIO_OFFSET) == MAP_FAILED, EINVAL);
	CHECK_FAILS(map_region(fd, DUS_OFFSET) == MAP_FAILED, EINVAL);
	CHECK(poll_now(fd) == 0);
	close(fd);
}

int main(void)
{
	const char *const names[] = { "wd_test_plain", "wd_test_soft" };
	unsigned int sequence, device;

	for (device = 0; device < 2; device++)
		for (sequence = 0; sequence < CALLS * CALLS * CALLS * CALLS * CALLS; sequence++)
			run(names[device], sequence);
	undone();
	bare();
	return failed_checks();
}
