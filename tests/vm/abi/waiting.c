// SPDX-License-Identifier: GPL-2.0-only
/*
 * poll() and epoll: completions, and the end of the device.
 */
#include "check.h"

#include <pthread.h>
#include <sys/epoll.h>

static short events_of(int fd, int timeout_ms)
{
	struct pollfd one = { .fd = fd, .events = POLLIN };

	CHECK(poll(&one, 1, timeout_ms) >= 0);
	return one.revents;
}

static void *wait_long(void *argument)
{
	return (void *)(long)events_of(*(int *)argument, 60000);
}

/* A thread that waits in poll(): how it was woken, after the caller did `what` to it. */
static long woken_by(int fd, void (*what)(int fd))
{
	pthread_t thread;
	void *events;

	CHECK(pthread_create(&thread, NULL, wait_long, &fd) == 0);
	/* It may not be waiting yet: then it sees what has been. Both are right; many rounds have
	 * both. */
	what(fd);
	CHECK(pthread_join(thread, &events) == 0);
	return (long)events;
}

static void complete(int fd)
{
	CHECK(ioctl(fd, UACCE_TEST_COMPLETE) == 0);
}

static void unbind_plain(int fd)
{
	(void)fd;
	unbind_device("wd_test_plain");
}

int main(void)
{
	struct epoll_event event = { .events = EPOLLIN };
	int fd, round, epoll = epoll_create1(EPOLL_CLOEXEC);

	for (round = 0; round < 50; round++) {
		fd = open_queue("wd_test_plain");
		CHECK(poll_now(fd) == 0);
		CHECK(woken_by(fd, complete) == POLLIN);
		CHECK(poll_now(fd) == POLLIN);
		CHECK(ioctl(fd, UACCE_TEST_ACK) == 0);
		CHECK(poll_now(fd) == 0);

		CHECK(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0);
		CHECK(epoll_wait(epoll, &event, 1, 0) == 0);
		CHECK(woken_by(fd, unbind_plain) == (POLLHUP | POLLERR));
		CHECK(epoll_wait(epoll, &event, 1, 60000) == 1);
		CHECK(event.events == (EPOLLHUP | EPOLLERR));
		event.events = EPOLLIN;
		/* And for as long as it is open. */
		CHECK(poll_now(fd) == (POLLHUP | POLLERR));
		close(fd);
		CHECK(epoll_wait(epoll, &event, 1, 0) == 0);
		bind_device("wd_test_plain");
	}
	return failed_checks();
}
