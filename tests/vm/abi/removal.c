// SPDX-License-Identifier: GPL-2.0-only
/*
 * Queues that are closed while mapped, and devices that go while queues are open.
 */
#define _GNU_SOURCE
#include "check.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

static void closed_while_mapped(const char *name)
{
	int puts = parameter("puts"), fd = open_queue(name);
	char *mmio = map_region(fd, MMIO_OFFSET), *dus = map_region(fd, DUS_OFFSET);

	CHECK(ioctl(fd, UACCE_CMD_START_Q) == 0);
	dus[0] = 1;
	close(fd);
	/* A mapping keeps the queue, and what was not touched before still comes. */
	CHECK(parameter("puts") == puts);
	mmio[PAGE] = 2;
	CHECK(dus[0] == 1 && mmio[PAGE] == 2);
	munmap(dus, REGION);
	CHECK(parameter("puts") == puts);
	munmap(mmio, REGION);
	CHECK(parameter("puts") == puts + 1);
}

static void dead(int fd)
{
	CHECK_FAILS(ioctl(fd, UACCE_CMD_START_Q) == -1, ENXIO);
	CHECK_FAILS(ioctl(fd, UACCE_CMD_PUT_Q) == -1, ENXIO);
	CHECK_FAILS(ioctl(fd, UACCE_TEST_ACK) == -1, ENXIO);
	CHECK_FAILS(map_region(fd, DUS_OFFSET) == MAP_FAILED, ENXIO);
	CHECK(poll_now(fd) == (POLLHUP | POLLERR));
}

static void barrier(int *pipe_in, int *pipe_out)
{
	char byte = 0;

	CHECK(write(pipe_out[1], &byte, 1) == 1);
	CHECK(read(pipe_in[0], &byte, 1) == 1);
}

/*
 * Three openers: by the device's node, by another node of the same number, in another process. All
 * lose their pages.
 */
static void removed_while_open(const char *name)
{
	int puts = parameter("puts"), there[2], back[2], fds[2], fd, i;
	char *mmio[2], *dus[2], byte;
	char node[300], old_node[300];
	struct stat about;
	pid_t pid;

	snprintf(old_node, sizeof(old_node), "%s", node_of(name));
	CHECK(stat(old_node, &about) == 0 && S_ISCHR(about.st_mode));
	snprintf(node, sizeof(node), "/dev/shm/%s", name);
	CHECK(mknod(node, S_IFCHR | 0600, about.st_rdev) == 0);
	CHECK(pipe(there) == 0 && pipe(back) == 0);

	fds[0] = open_queue(name);
	fds[1] = open(node, O_RDWR | O_CLOEXEC);
	CHECK(fds[1] >= 0);
	for (i = 0; i < 2; i++) {
		mmio[i] = map_region(fds[i], MMIO_OFFSET);
		dus[i] = map_region(fds[i], DUS_OFFSET);
		CHECK(mmio[i] != MAP_FAILED && dus[i] != MAP_FAILED);
		dus[i][0] = mmio[i][0] = 1;
		CHECK(ioctl(fds[i], UACCE_CMD_START_Q) == 0);
	}
	pid = fork();
	if (!pid) {
		char *region;

		fd = open_queue(name);
		region = map_region(fd, DUS_OFFSET);
		region[0] = 1;
		barrier(there, back);
		CHECK(signal_of_read(region) == SIGBUS);
		dead(fd);
		_exit(failed_checks());
	}
	CHECK(read(back[0], &byte, 1) == 1);

	unbind_device(name);
	CHECK(parameter("puts") == puts + 3);
	CHECK(write(there[1], &byte, 1) == 1);
	check_child(pid);
	for (i = 0; i < 2; i++) {
		CHECK(signal_of_read(dus[i]) == SIGBUS);
		CHECK(signal_of_read(mmio[i]) == SIGBUS);
		/* Also what was never touched. */
		CHECK(signal_of_read(mmio[i] + PAGE) == SIGBUS);
		dead(fds[i]);
	}
	/* ENXIO is the kernel's for a number that nobody has; but old queues keep it for a while. */
	CHECK_FAILS(open(node, O_RDWR) == -1, ENODEV);

	/* The device comes back under its name, and old queues stay dead. */
	bind_device(name);
	CHECK(strcmp(node_of(name), old_node) == 0);
	fd = open_queue(name);
	CHECK(ioctl(fd, UACCE_CMD_START_Q) == 0);
	close(fd);
	/* A node that was made by hand leads to the new one, though dead queues of the old one are
	 * open by it. */
	fd = open(node, O_RDWR);
	CHECK(fd >= 0 && ioctl(fd, UACCE_CMD_START_Q) == 0);
	close(fd);
	for (i = 0; i < 2; i++) {
		dead(fds[i]);
		CHECK(munmap(dus[i], REGION) == 0);
		close(fds[i]);
		CHECK(munmap(mmio[i], REGION) == 0);
	}
	CHECK(unlink(node) == 0);
	for (i = 0; i < 2; i++) {
		close(there[i]);
		close(back[i]);
	}
}

static volatile bool stop;

struct rival {
	const char *name;
	char node[300];
	unsigned long rounds;
};

/* Opens, maps, touches and closes for as long as the test runs, wherever in this the device goes. */
static void *use(void *argument)
{
	struct rival *rival = argument;
	char *dus, *mmio;
	int fd;

	while (!stop) {
		fd = open(rival->node, O_RDWR | O_CLOEXEC);
		if (fd < 0) {
			CHECK(errno == ENOENT || errno == ENODEV || errno == ENXIO);
			sched_yield();
			continue;
		}
		dus = map_region(fd, DUS_OFFSET);
		mmio = map_region(fd, MMIO_OFFSET);
		if (ioctl(fd, UACCE_CMD_START_Q))
			CHECK(errno == ENXIO);
		if (mmio != MAP_FAILED)
			munmap(mmio, REGION);
		if (dus != MAP_FAILED)
			munmap(dus, REGION);
		close(fd);
		rival->rounds++;
	}
	return NULL;
}

/* That no page is left mapped then is watched by the driver (page_count() in free_pages_of()). */
static void removed_while_busy(const char *name)
{
	struct rival rivals[3];
	pthread_t threads[3];
	unsigned long rounds = 0;
	int i;

	stop = false;
	for (i = 0; i < 3; i++) {
		rivals[i] = (struct rival){ .name = name };
		snprintf(rivals[i].node, sizeof(rivals[i].node), "%s", node_of(name));
		CHECK(pthread_create(&threads[i], NULL, use, &rivals[i]) == 0);
	}
	for (i = 0; i < 100; i++) {
		unbind_device(name);
		bind_device(name);
		/* Long enough for somebody to get in. */
		usleep(3000);
	}
	stop = true;
	for (i = 0; i < 3; i++) {
		CHECK(pthread_join(threads[i], NULL) == 0);
		rounds += rivals[i].rounds;
	}
	printf("%s: %lu rounds of use\n", name, rounds);
	CHECK(rounds > 100);
}

static void *sleep_in_driver(void *argument)
{
	return (void *)(long)ioctl(*(int *)argument, UACCE_TEST_SLEEP, 200);
}

/* An operation that runs is waited for: after it the driver looks at what removal frees. */
static void removed_while_in_driver(void)
{
	int fd = open_queue("wd_test_plain");
	pthread_t thread;
	void *result;

	CHECK(pthread_create(&thread, NULL, sleep_in_driver, &fd) == 0);
	usleep(50000);
	unbind_device("wd_test_plain");
	CHECK(pthread_join(thread, &result) == 0);
	CHECK((long)result == 0);
	bind_device("wd_test_plain");
	close(fd);
}

int main(void)
{
	const char *const names[] = { "wd_test_plain", "wd_test_soft" };
	int i;

	for (i = 0; i < 2; i++) {
		closed_while_mapped(names[i]);
		removed_while_open(names[i]);
		removed_while_busy(names[i]);
	}
	removed_while_in_driver();
	return failed_checks();
}
