// SPDX-License-Identifier: GPL-2.0-only
/*
 * A queue in the hands of others: children, what they execute, processes that were sent the
 * descriptor. They may hold and close it, no more. Threads, and children that share memory, are the
 * owner.
 */
#define _GNU_SOURCE
#include "check.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>

static void as_a_stranger(int fd)
{
	CHECK_FAILS(ioctl(fd, UACCE_CMD_START_Q) == -1, EPERM);
	CHECK_FAILS(ioctl(fd, UACCE_CMD_PUT_Q) == -1, EPERM);
	CHECK_FAILS(ioctl(fd, UACCE_TEST_ACK) == -1, EPERM);
	CHECK_FAILS(map_region(fd, MMIO_OFFSET) == MAP_FAILED, EPERM);
	CHECK_FAILS(map_region(fd, DUS_OFFSET) == MAP_FAILED, EPERM);
}

static void child(const char *name)
{
	int puts = parameter("puts");
	int fd = open_queue(name);
	char *mmio = map_region(fd, MMIO_OFFSET), *dus = map_region(fd, DUS_OFFSET);
	pid_t pid;

	dus[0] = mmio[0] = 5;
	CHECK(ioctl(fd, UACCE_CMD_START_Q) == 0);
	pid = fork();
	if (!pid) {
		CHECK(signal_of_read(mmio) == SIGSEGV);
		CHECK(signal_of_read(dus) == SIGSEGV);
		as_a_stranger(fd);
		close(fd);
		_exit(failed_checks());
	}
	check_child(pid);
	/* The child's close ended nothing. */
	CHECK(parameter("puts") == puts);
	CHECK(mmio[0] == 5 && dus[0] == 5);
	CHECK(view(fd).starts == 1 && view(fd).stops == 0);
	munmap(mmio, REGION);
	munmap(dus, REGION);

	/* With nothing mapped: what mainline would let a child map. */
	pid = fork();
	if (!pid) {
		as_a_stranger(fd);
		_exit(failed_checks());
	}
	check_child(pid);
	close(fd);
	CHECK(parameter("puts") == puts + 1);
}

/* An inherited descriptor keeps the queue, whose memory is gone with the parent. */
static void orphan(const char *name)
{
	int puts = parameter("puts"), ready[2], status;
	pid_t parent;
	char byte;

	CHECK(pipe(ready) == 0);
	parent = fork();
	if (!parent) {
		int fd = open_queue(name);
		pid_t owner = getpid();

		map_region(fd, DUS_OFFSET);
		CHECK(ioctl(fd, UACCE_CMD_START_Q) == 0);
		if (fork())
			pause();
		close(ready[0]);
		kill(owner, SIGKILL);
		while (getppid() == owner)
			sched_yield();
		as_a_stranger(fd);
		close(fd);
		byte = failed_checks() ? 'f' : 'p';
		CHECK(write(ready[1], &byte, 1) == 1);
		_exit(0);
	}
	close(ready[1]);
	CHECK(waitpid(parent, &status, 0) == parent && WIFSIGNALED(status));
	CHECK(read(ready[0], &byte, 1) == 1 && byte == 'p');
	CHECK(read(ready[0], &byte, 1) == 0);
	close(ready[0]);
	CHECK(parameter("puts") == puts + 1);
}

static void executed(const char *name)
{
	int fd = open_queue(name);
	char number[12];
	pid_t pid;

	fcntl(fd, F_SETFD, 0);
	snprintf(number, sizeof(number), "%d", fd);
	pid = fork();
	if (!pid) {
		execl("/proc/self/exe", "foreign", number, NULL);
		_exit(1);
	}
	check_child(pid);
	/* Who opens and executes loses the queue, too: the memory is another one. */
	pid = fork();
	if (!pid) {
		fd = open(node_of(name), O_RDWR);
		snprintf(number, sizeof(number), "%d", fd);
		execl("/proc/self/exe", "foreign", number, NULL);
		_exit(1);
	}
	check_child(pid);
	close(fd);
}

static void *as_the_owner(void *argument)
{
	int fd = *(int *)argument;
	void *region = map_region(fd, DUS_OFFSET);

	CHECK(ioctl(fd, UACCE_CMD_START_Q) == 0 && ioctl(fd, UACCE_CMD_PUT_Q) == 0);
	CHECK(region != MAP_FAILED && munmap(region, REGION) == 0);
	return NULL;
}

static int in_a_vfork_child(void *argument)
{
	as_the_owner(argument);
	return 0;
}

static void owners(const char *name)
{
	static char stack[64 * 1024] __attribute__((aligned(16)));
	int fd = open_queue(name);
	pthread_t thread;

	CHECK(pthread_create(&thread, NULL, as_the_owner, &fd) == 0);
	CHECK(pthread_join(thread, NULL) == 0);
	check_child(clone(in_a_vfork_child, stack + sizeof(stack), CLONE_VM | CLONE_VFORK | SIGCHLD,
			  &fd));
	close(fd);
}

static void send_descriptor(int socket, int fd)
{
	char byte = 0, room[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec one = { &byte, 1 };
	struct msghdr message = { .msg_iov = &one,
				  .msg_iovlen = 1,
				  .msg_control = room,
				  .msg_controllen = sizeof(room) };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &fd, sizeof(int));
	CHECK(sendmsg(socket, &message, 0) == 1);
}

static int receive_descriptor(int socket)
{
	char byte, room[CMSG_SPACE(sizeof(int))];
	struct iovec one = { &byte, 1 };
	struct msghdr message = { .msg_iov = &one,
				  .msg_iovlen = 1,
				  .msg_control = room,
				  .msg_controllen = sizeof(room) };
	int fd = -1;

	CHECK(recvmsg(socket, &message, 0) == 1);
	if (CMSG_FIRSTHDR(&message))
		memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(int));
	return fd;
}

/* The sender is no parent, has mapped nothing, and is gone when the receiver tries. */
static void passed(const char *name)
{
	int puts = parameter("puts"), sockets[2], fd;
	pid_t sender;

	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) == 0);
	sender = fork();
	if (!sender) {
		fd = open_queue(name);
		CHECK(ioctl(fd, UACCE_CMD_START_Q) == 0);
		send_descriptor(sockets[1], fd);
		_exit(failed_checks());
	}
	check_child(sender);
	fd = receive_descriptor(sockets[0]);
	CHECK(fd >= 0);
	as_a_stranger(fd);
	CHECK(parameter("puts") == puts);
	close(fd);
	CHECK(parameter("puts") == puts + 1);
	close(sockets[0]);
	close(sockets[1]);
}

int main(int argc, char **argv)
{
	const char *const names[] = { "wd_test_plain", "wd_test_soft" };
	int device;

	if (argc > 1) {
		as_a_stranger(atoi(argv[1]));
		return failed_checks();
	}
	for (device = 0; device < 2; device++) {
		child(names[device]);
		orphan(names[device]);
		executed(names[device]);
		owners(names[device]);
		passed(names[device]);
	}
	return failed_checks();
}
