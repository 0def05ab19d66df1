// SPDX-License-Identifier: GPL-2.0-or-later
/* numab.c -- the kernel's own NUMA balancing, which moves pages too. */

#include "numab.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proc.h"

#define SYSCTL "/proc/sys/kernel/numa_balancing"
#define KEPT "/run/ramify/numa_balancing"

static int read_number(const char *path)
{
	char text[32];
	int err = proc_read(path, text, sizeof(text));

	return err ? err : atoi(text);
}

static int write_number(const char *path, int flags, int number)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | flags, 0644), err = 0;

	if (fd < 0)
		return -errno;
	if (dprintf(fd, "%d\n", number) < 0)
		err = -errno;
	if (close(fd) && !err)
		err = -errno;
	return err;
}

int numab_read(void)
{
	return read_number(SYSCTL);
}

int numab_off(void)
{
	int now = numab_read(), err;

	if (now <= 0)
		return now;
	mkdir("/run/ramify", 0755);
	err = write_number(KEPT, O_CREAT | O_EXCL, now);
	if (err && err != -EEXIST)
		return err;
	return write_number(SYSCTL, 0, 0);
}

int numab_restore(void)
{
	int kept = read_number(KEPT), err;

	if (kept < 0)
		return kept == -ENOENT ? 0 : kept;
	err = write_number(SYSCTL, 0, kept);
	if (!err && unlink(KEPT))
		err = -errno;
	return err;
}
