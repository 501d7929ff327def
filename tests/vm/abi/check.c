// SPDX-License-Identifier: GPL-2.0-only
#include "check.h"

#include <dirent.h>
#include <setjmp.h>
#include <signal.h>

static int failures;

void check(bool holds, const char *file, int line, const char *what)
{
	if (holds)
		return;
	failures++;
	printf("%s:%d: does not hold: %s (errno: %s)\n", file, line, what, strerror(errno));
	fflush(stdout);
}

void check_errno(bool failed, int error, const char *file, int line, const char *what)
{
	if (failed && errno == error)
		return;
	failures++;
	printf("%s:%d: %s: %s\n", file, line, what, failed ? strerror(errno) : "succeeded");
	fflush(stdout);
}

int failed_checks(void)
{
	return failures != 0;
}

void check_child(pid_t child)
{
	int status = -1;

	CHECK(waitpid(child, &status, 0) == child);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void give_up(const char *what)
{
	printf("cannot go on: %s: %s\n", what, strerror(errno));
	exit(1);
}

const char *node_of(const char *name)
{
	static char path[300];
	DIR *class = opendir("/sys/class/uacce");
	struct dirent *entry;
	size_t length = strlen(name);

	if (!class)
		give_up("/sys/class/uacce");
	path[0] = 0;
	while ((entry = readdir(class)))
		if (!strncmp(entry->d_name, name, length) && entry->d_name[length] == '-')
			snprintf(path, sizeof(path), "/dev/%s", entry->d_name);
	closedir(class);
	if (!path[0])
		give_up(name);
	return path;
}

int try_open(const char *name)
{
	return open(node_of(name), O_RDWR | O_CLOEXEC);
}

int open_queue(const char *name)
{
	int fd = try_open(name);

	if (fd < 0)
		give_up(name);
	return fd;
}

void *map_region(int fd, off_t offset)
{
	return mmap(NULL, REGION, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset);
}

struct uacce_test_view view(int fd)
{
	struct uacce_test_view seen = { 0 };

	CHECK(ioctl(fd, UACCE_TEST_VIEW, &seen) == 0);
	return seen;
}

short poll_now(int fd)
{
	struct pollfd one = { .fd = fd, .events = POLLIN };

	CHECK(poll(&one, 1, 0) >= 0);
	return one.revents;
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		give_up(path);
	close(fd);
}

static const char *parameter_path(const char *name)
{
	static char path[200];

	snprintf(path, sizeof(path), "/sys/module/uacce_test_device/parameters/%s", name);
	return path;
}

int parameter(const char *name)
{
	FILE *file = fopen(parameter_path(name), "r");
	int value = -1;

	if (!file || fscanf(file, "%d", &value) != 1)
		give_up(name);
	fclose(file);
	return value;
}

void set_parameter(const char *name, int value)
{
	write_file(parameter_path(name), value ? "1" : "0");
}

#define DRIVER "/sys/bus/platform/drivers/uacce_test_device/"

void unbind_device(const char *name)
{
	write_file(DRIVER "unbind", name);
}

void bind_device(const char *name)
{
	write_file(DRIVER "bind", name);
}

static sigjmp_buf after_signal;

static void on_signal(int number)
{
	siglongjmp(after_signal, number);
}

int signal_of_read(volatile const void *address)
{
	struct sigaction ours = { .sa_handler = on_signal };
	int number;

	sigaction(SIGBUS, &ours, NULL);
	sigaction(SIGSEGV, &ours, NULL);
	number = sigsetjmp(after_signal, 1);
	if (!number)
		(void)*(volatile const char *)address;
	signal(SIGBUS, SIG_DFL);
	signal(SIGSEGV, SIG_DFL);
	return number;
}
