// SPDX-License-Identifier: GPL-2.0-only
/*
 * mmap of every region with right and wrong offsets and lengths, and everything that can be done to
 * the mapping.
 */
#define _GNU_SOURCE
#include "check.h"

#include <signal.h>

static void *map(int fd, off_t offset, size_t length, int flags)
{
	return mmap(NULL, length, PROT_READ | PROT_WRITE, flags, fd, offset);
}

static void offsets_and_lengths(int fd)
{
	static const off_t nowhere[] = { 2, 3, 1 << 16, 1L << 24, 1L << 25, 1L << 40 };
	static const size_t lengths[] = { REGION + 1, REGION + PAGE, 1 << 20, 1UL << 36 };
	void *region;
	size_t i;
	off_t at;

	for (i = 0; i < sizeof(nowhere) / sizeof(*nowhere); i++)
		CHECK_FAILS(map(fd, nowhere[i] * (off_t)PAGE, REGION, MAP_SHARED) == MAP_FAILED,
			    EINVAL);
	CHECK_FAILS(map(fd, DUS_OFFSET + 1, REGION, MAP_SHARED) == MAP_FAILED, EINVAL);
	for (at = MMIO_OFFSET; at <= DUS_OFFSET; at += (off_t)PAGE) {
		CHECK_FAILS(map(fd, at, 0, MAP_SHARED) == MAP_FAILED, EINVAL);
		CHECK_FAILS(map(fd, at, REGION, MAP_PRIVATE) == MAP_FAILED, EINVAL);
		for (i = 0; i < sizeof(lengths) / sizeof(*lengths); i++)
			CHECK_FAILS(map(fd, at, lengths[i], MAP_SHARED) == MAP_FAILED, EINVAL);
		/* None of these has taken the region. A shorter one is for the driver to refuse;
		 * this one takes it. */
		region = map(fd, at, PAGE, MAP_SHARED);
		CHECK(region != MAP_FAILED);
		CHECK_FAILS(map(fd, at, REGION, MAP_SHARED) == MAP_FAILED, EEXIST);
		CHECK(munmap(region, PAGE) == 0);
	}
}

static void again_and_again(int fd)
{
	char *mmio, *dus, *other;
	int i, rival = open_queue("wd_test_soft");

	for (i = 1; i < 100; i++) {
		dus = map_region(fd, DUS_OFFSET);
		mmio = map_region(fd, MMIO_OFFSET);
		CHECK(dus != MAP_FAILED && mmio != MAP_FAILED);
		CHECK_FAILS(map_region(fd, DUS_OFFSET) == MAP_FAILED, EEXIST);
		/* What was there, is there; and it is another queue's nowhere. */
		other = map_region(rival, DUS_OFFSET);
		CHECK(dus[PAGE] == (char)(i - 1) && mmio[PAGE] == (char)(i - 1));
		CHECK(other[PAGE] == 0);
		dus[PAGE] = mmio[PAGE] = (char)i;
		CHECK(munmap(other, REGION) == 0);
		/* In either order. */
		CHECK(munmap(i % 2 ? dus : mmio, REGION) == 0);
		CHECK(munmap(i % 2 ? mmio : dus, REGION) == 0);
	}
	close(rival);
}

/* What would leave a part of a region, or a second one. */
static void refused(int fd, off_t offset)
{
	char *region = map_region(fd, offset);
	char *elsewhere = mmap(NULL, 4 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(region != MAP_FAILED && elsewhere != MAP_FAILED);
	region[0] = 11;
	region[PAGE] = 22;

	CHECK_FAILS(munmap(region, PAGE) == -1, EINVAL);
	CHECK_FAILS(munmap(region + PAGE, PAGE) == -1, EINVAL);
	/* ENOMEM in 6.1, what was refused in newer ones. */
	CHECK(mmap(region + PAGE, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
		   0) == MAP_FAILED);
	CHECK_FAILS(mprotect(region, PAGE, PROT_READ) == -1, EINVAL);
	CHECK_FAILS(madvise(region, REGION, MADV_DOFORK) == -1, EINVAL);
	CHECK(mremap(region, REGION, PAGE, 0) == MAP_FAILED);
	CHECK(mremap(region, REGION, 2 * REGION, MREMAP_MAYMOVE) == MAP_FAILED);
	CHECK(mremap(region, 0, REGION, MREMAP_MAYMOVE) == MAP_FAILED);
	CHECK_FAILS(mremap(region, REGION, REGION, MREMAP_MAYMOVE | MREMAP_FIXED, elsewhere) ==
			    MAP_FAILED,
		    EPERM);
	CHECK(mremap(region, REGION, REGION, MREMAP_MAYMOVE | MREMAP_DONTUNMAP) == MAP_FAILED);

	/* After all of it, it is as it was, and still counted as mapped once. */
	CHECK(region[0] == 11 && region[PAGE] == 22);
	CHECK_FAILS(map_region(fd, offset) == MAP_FAILED, EEXIST);
	CHECK(mprotect(region, REGION, PROT_READ) == 0);
	CHECK(mprotect(region, REGION, PROT_READ | PROT_WRITE) == 0);
	region[0] = region[PAGE] = 0;
	CHECK(munmap(region, REGION) == 0);
	CHECK(signal_of_read(region) == SIGSEGV);
	munmap(elsewhere, 4 * PAGE);
}

static void read_only(void)
{
	int fd = open(node_of("wd_test_plain"), O_RDONLY);

	CHECK(fd >= 0);
	CHECK_FAILS(map_region(fd, DUS_OFFSET) == MAP_FAILED, EACCES);
	CHECK(mmap(NULL, REGION, PROT_READ, MAP_SHARED, fd, DUS_OFFSET) != MAP_FAILED);
	close(fd);
}

/* A region that faults in: only touched pages, only this queue's, and again when the driver has
 * emptied it. */
static void faults(void)
{
	int fd = open_queue("wd_test_soft"), rival = open_queue("wd_test_soft");
	char *region = map_region(fd, MMIO_OFFSET), *other = map_region(rival, MMIO_OFFSET);

	CHECK(view(fd).faults == 0 && view(fd).own_mm == 1);
	region[PAGE] = 1;
	CHECK(view(fd).faults == 1 && view(fd).pages == 2);
	region[PAGE] = 2;
	CHECK(view(fd).faults == 1);
	region[0] = other[0] = other[PAGE] = 3;
	CHECK(view(fd).faults == 2 && view(fd).pages == 3 && view(rival).faults == 2);
	CHECK(ioctl(fd, UACCE_TEST_ZAP) == 0);
	CHECK(region[PAGE] == 2 && region[0] == 3);
	CHECK(other[PAGE] == 3);
	CHECK(view(fd).faults == 4 && view(rival).faults == 2);
	close(fd);
	close(rival);
}

int main(void)
{
	const char *const names[] = { "wd_test_plain", "wd_test_soft" };
	int device, fd;

	for (device = 0; device < 2; device++) {
		fd = open_queue(names[device]);
		offsets_and_lengths(fd);
		again_and_again(fd);
		close(fd);
		fd = open_queue(names[device]);
		refused(fd, MMIO_OFFSET);
		refused(fd, DUS_OFFSET);
		close(fd);
	}
	read_only();
	faults();
	return failed_checks();
}
