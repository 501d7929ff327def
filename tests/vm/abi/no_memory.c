// SPDX-License-Identifier: GPL-2.0-only
/*
 * no_memory: each allocation of the kernel's on the way of open, mmap, START_Q and of a device's
 * coming fails once, the first, the second and so on, until a call has none left to fail
 * (fail-nth, Documentation/fault-injection). What fails must leave nothing: the same call, made
 * again with memory, succeeds, and the driver has been given back each queue that it gave.
 */
#include "check.h"
#include "failing.h"

static int instances(const char *name)
{
	char path[300];
	int count = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/sys/class/uacce/%s/available_instances",
		 node_of(name) + strlen("/dev/"));
	file = fopen(path, "r");
	CHECK(file && fscanf(file, "%d", &count) == 1);
	if (file)
		fclose(file);
	return count;
}

static int open_fails(const char *name)
{
	char node[300];
	int nth, fd, calls = 0;

	snprintf(node, sizeof(node), "%s", node_of(name));
	for (nth = 1; nth < FAILING_MOST; nth++) {
		int gets = parameter("gets"), puts = parameter("puts"), error;
		bool failed;

		failing_arm(nth);
		fd = open(node, O_RDWR | O_CLOEXEC);
		error = errno;
		failed = failing_disarm();
		if (fd < 0) {
			CHECK(failed);
			CHECK(error == ENOMEM);
			CHECK(parameter("gets") - gets == parameter("puts") - puts);
			CHECK(instances(name) == 1000);
			calls++;
			fd = open_queue(name);
		}
		CHECK(instances(name) == 999);
		close(fd);
		CHECK(instances(name) == 1000);
		if (!failed)
			break;
	}
	CHECK(nth < FAILING_MOST);
	return calls;
}

static int map_fails(const char *name, off_t region)
{
	int nth, calls = 0, fd = open_queue(name);

	for (nth = 1; nth < FAILING_MOST; nth++) {
		char *at;
		bool failed;

		failing_arm(nth);
		at = map_region(fd, region);
		failed = failing_disarm();
		if (at == MAP_FAILED) {
			CHECK(failed);
			CHECK(errno == ENOMEM);
			calls++;
			/* Not EEXIST. */
			at = map_region(fd, region);
		}
		CHECK(at != MAP_FAILED);
		if (at == MAP_FAILED)
			break;
		at[0] = 1;
		CHECK(at[0] == 1);
		munmap(at, REGION);
		if (!failed)
			break;
	}
	CHECK(nth < FAILING_MOST);
	close(fd);
	return calls;
}

static int start_fails(const char *name)
{
	int nth, calls = 0, fd = open_queue(name);

	for (nth = 1; nth < FAILING_MOST; nth++) {
		bool failed;
		int rc;

		failing_arm(nth);
		rc = ioctl(fd, UACCE_CMD_START_Q);
		failed = failing_disarm();
		if (rc) {
			CHECK(failed);
			calls++;
			CHECK(ioctl(fd, UACCE_CMD_START_Q) == 0);
		}
		CHECK(ioctl(fd, UACCE_CMD_PUT_Q) == 0);
		if (!failed)
			break;
	}
	CHECK(nth < FAILING_MOST);
	close(fd);
	return calls;
}

#define DRIVER "/sys/bus/platform/drivers/uacce_test_device/"

/* All that uacce_alloc() and uacce_register() do, and the driver model with them. */
static int binding_fails(const char *name)
{
	int nth, calls = 0, bind = open(DRIVER "bind", O_WRONLY);

	CHECK(bind >= 0);
	for (nth = 1; nth < FAILING_MOST; nth++) {
		int length = (int)strlen(name);
		bool failed;
		long rc;

		unbind_device(name);
		failing_arm(nth);
		rc = write(bind, name, length);
		failed = failing_disarm();
		if (rc != length) {
			CHECK(failed);
			calls++;
			bind_device(name);
		}
		close(open_queue(name));
		if (!failed)
			break;
	}
	CHECK(nth < FAILING_MOST);
	close(bind);
	return calls;
}

int main(void)
{
	static const char *const names[] = { "wd_test_plain", "wd_test_soft" };
	int i, calls;

	if (!failing_set_up())
		return 4;
	for (i = 0; i < 2; i++) {
		calls = open_fails(names[i]);
		printf("%s: open failed %d times", names[i], calls);
		/* The queue, its number, the driver's struct and its four pages. */
		CHECK(calls >= 6);
		calls = map_fails(names[i], MMIO_OFFSET);
		printf(", mmap %d", calls);
		CHECK(calls >= 1);
		calls = map_fails(names[i], DUS_OFFSET);
		printf(" and %d", calls);
		CHECK(calls >= 1);
		printf(", START_Q %d", start_fails(names[i]));
		calls = binding_fails(names[i]);
		printf(", bind %d\n", calls);
		CHECK(calls >= 5);
	}
	return failed_checks();
}
