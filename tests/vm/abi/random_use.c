// SPDX-License-Identifier: GPL-2.0-only
/*
 * random_use OPERATIONS [SEED]: four processes, of two threads each, do so many random operations
 * together, on queues of both devices, while a fifth process takes devices away and brings them
 * back. What is right is watched by the kernel and the test driver; here only that every result is
 * one of those that can be.
 */
#define _GNU_SOURCE
#include "check.h"

#include <pthread.h>
#include <signal.h>

#define PROCESSES 4
#define QUEUES	  6

struct slot {
	int fd;
	char *regions[2];
};

struct user {
	uint64_t random;
	long operations;
	struct slot slots[QUEUES];
};

/* In all processes. */
static char nodes[2][300];

static unsigned int draw(struct user *user, unsigned int below)
{
	/* xorshift64*, Vigna 2014 */
	user->random ^= user->random >> 12;
	user->random ^= user->random << 25;
	user->random ^= user->random >> 27;
	return (unsigned int)((user->random * 2685821657736338717ULL) >> 33) % below;
}

static bool errno_is(int a, int b, int c, int d)
{
	return errno == a || errno == b || errno == c || errno == d;
}

static void stranger(struct slot *slot)
{
	pid_t pid = fork();

	if (!pid) {
		int fd = slot->fd;
		bool good = ioctl(fd, UACCE_CMD_START_Q) == -1 && errno == EPERM &&
			    map_region(fd, DUS_OFFSET) == MAP_FAILED && errno == EPERM;

		_exit(!good);
	}
	check_child(pid);
}

static void drop(struct slot *slot)
{
	int i;

	for (i = 0; i < 2; i++) {
		if (slot->regions[i])
			CHECK(munmap(slot->regions[i], REGION) == 0);
		slot->regions[i] = NULL;
	}
	close(slot->fd);
	slot->fd = -1;
}

static void operate(struct user *user)
{
	struct slot *slot = &user->slots[draw(user, QUEUES)];
	int type = (int)draw(user, 2);
	char **region = &slot->regions[type];
	off_t offset = type * (off_t)PAGE;
	void *mapped;

	if (slot->fd < 0) {
		slot->fd = open(nodes[draw(user, 2)], O_RDWR | O_CLOEXEC);
		CHECK(slot->fd >= 0 || errno_is(ENOENT, ENODEV, ENXIO, ENXIO));
		return;
	}
	switch (draw(user, 16)) {
	case 0:
		drop(slot);
		break;
	case 1:
		close(slot->fd);
		slot->fd = -1;
		/* What is mapped stays until it is unmapped, by nobody now but exit or this. */
		for (type = 0; type < 2; type++) {
			if (slot->regions[type] && draw(user, 8))
				CHECK(munmap(slot->regions[type], REGION) == 0);
			slot->regions[type] = NULL;
		}
		break;
	case 2:
	case 3:
		CHECK(!ioctl(slot->fd, UACCE_CMD_START_Q) || errno_is(EINVAL, ENXIO, ENXIO, ENXIO));
		break;
	case 4:
		CHECK(!ioctl(slot->fd, UACCE_CMD_PUT_Q) || errno == ENXIO);
		break;
	case 5:
	case 6:
	case 7:
		mapped = map_region(slot->fd, offset);
		if (mapped == MAP_FAILED)
			CHECK(errno == ENXIO || (*region && errno == EEXIST));
		else if (*region)
			CHECK(!"mapped twice");
		else
			*region = mapped;
		break;
	case 8:
		if (*region)
			CHECK(munmap(*region, REGION) == 0);
		*region = NULL;
		break;
	case 9:
		if (*region)
			CHECK_FAILS(munmap(*region + PAGE * draw(user, 2), PAGE) == -1, EINVAL);
		break;
	case 10:
		if (*region)
			CHECK(mremap(*region, REGION, REGION << draw(user, 2), MREMAP_MAYMOVE) ==
				      *region ||
			      errno_is(EFAULT, EPERM, EINVAL, EFAULT));
		break;
	case 11:
		CHECK(!ioctl(slot->fd, UACCE_TEST_ZAP) || errno_is(EINVAL, ENXIO, ENXIO, ENXIO));
		break;
	case 12:
		CHECK(!ioctl(slot->fd, draw(user, 2) ? UACCE_TEST_COMPLETE : UACCE_TEST_ACK) ||
		      errno == ENXIO);
		break;
	case 13:
		CHECK((poll_now(slot->fd) & ~(POLLIN | POLLHUP | POLLERR)) == 0);
		break;
	case 14:
		if (!draw(user, 8))
			stranger(slot);
		break;
	default:
		/* A dead queue's page is SIGBUS: read by the kernel, which then says EFAULT. */
		if (*region) {
			int null = open("/dev/shm", O_TMPFILE | O_RDWR, 0600);

			CHECK(write(null, *region, REGION) > 0 || errno == EFAULT);
			close(null);
		}
	}
}

static void *use(void *argument)
{
	struct user *user = argument;
	int i;

	for (i = 0; i < QUEUES; i++)
		user->slots[i] = (struct slot){ .fd = -1 };
	while (user->operations-- > 0)
		operate(user);
	/* Half of them leave everything to the end of the process. */
	for (i = 0; i < QUEUES && draw(user, 2); i++)
		if (user->slots[i].fd >= 0)
			drop(&user->slots[i]);
	return NULL;
}

/* Until SIGTERM, which is blocked and looked for where every device is there. */
static void disturb(const sigset_t *end)
{
	static const char *const names[] = { "wd_test_plain", "wd_test_soft" };
	static const struct timespec pause = { .tv_nsec = 20000000 };
	int i;

	for (i = 0; sigtimedwait(end, NULL, &pause) != SIGTERM; i++) {
		unbind_device(names[i % 2]);
		usleep(1000);
		bind_device(names[i % 2]);
	}
	_exit(failed_checks());
}

int main(int argc, char **argv)
{
	long operations = argc > 1 ? atol(argv[1]) : 10000;
	unsigned long seed = argc > 2 ? strtoul(argv[2], NULL, 0) : 1;
	pid_t users[PROCESSES], nuisance;
	sigset_t end;
	int i;

	snprintf(nodes[0], sizeof(nodes[0]), "%s", node_of("wd_test_plain"));
	snprintf(nodes[1], sizeof(nodes[1]), "%s", node_of("wd_test_soft"));
	for (i = 0; i < PROCESSES; i++) {
		users[i] = fork();
		if (!users[i]) {
			struct user twins[2] = {
				{ .random = seed * 1000 + (unsigned int)i * 2 + 1,
				  .operations = operations / PROCESSES / 2 },
				{ .random = seed * 1000 + (unsigned int)i * 2 + 2,
				  .operations = operations / PROCESSES / 2 },
			};
			pthread_t thread;

			CHECK(pthread_create(&thread, NULL, use, &twins[0]) == 0);
			use(&twins[1]);
			pthread_join(thread, NULL);
			_exit(failed_checks());
		}
	}
	sigemptyset(&end);
	sigaddset(&end, SIGTERM);
	sigprocmask(SIG_BLOCK, &end, NULL);
	nuisance = fork();
	if (!nuisance)
		disturb(&end);
	for (i = 0; i < PROCESSES; i++)
		check_child(users[i]);
	kill(nuisance, SIGTERM);
	check_child(nuisance);
	printf("%ld operations, seed %lu, %d queues\n", operations, seed, parameter("gets"));
	return failed_checks();
}
