// SPDX-License-Identifier: GPL-2.0-only
#include "failing.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static int fail_nth = -1;

static bool write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	return file && fputs(text, file) >= 0 && fclose(file) == 0;
}

bool failing_set_up(void)
{
	const char *const debug = "/sys/kernel/debug/";
	/* By default they spare who may wait, which is nearly everybody, and single pages; and they
	 * would tell of each. */
	static const char *const settings[][2] = {
		{ "failslab/ignore-gfp-wait", "N" },
		{ "failslab/verbose", "0" },
		{ "fail_page_alloc/ignore-gfp-wait", "N" },
		{ "fail_page_alloc/ignore-gfp-highmem", "N" },
		{ "fail_page_alloc/min-order", "0" },
		{ "fail_page_alloc/verbose", "0" },
	};
	char path[200];
	size_t i;

	fail_nth = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (fail_nth < 0)
		return false;
	for (i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", debug, settings[i][0]);
		if (!write_text(path, settings[i][1]))
			return false;
	}
	/* Our own pages shall take none of the failures. */
	return mlockall(MCL_CURRENT) == 0;
}

void failing_arm(int nth)
{
	char text[16];
	int length = snprintf(text, sizeof(text), "%d", nth);

	if (pwrite(fail_nth, text, (size_t)length, 0) != length)
		abort();
}

bool failing_disarm(void)
{
	char text[16] = { 0 };

	if (pread(fail_nth, text, sizeof(text) - 1, 0) <= 0)
		abort();
	failing_arm(0);
	return atoi(text) == 0;
}
