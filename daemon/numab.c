// SPDX-License-Identifier: GPL-2.0-or-later
/* numab.c -- the kernel's own NUMA balancing, which moves pages too. */

#include "numab.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

/* ADDRESS POLICY[=FLAG][:NODES] ...; a policy with no flag that is known here may go on being
 * balanced: old kernels print that one as "=" and nothing. */
bool numab_policy_stops(const char *line)
{
	const char *policy = strchr(line, ' ');

	if (!policy)
		return false;
	policy++;
	if (!strncmp(policy, "default", 7) || !strncmp(policy, "local", 5))
		return false;
	policy += strncmp(policy, "prefer (many)", 13) ? strcspn(policy, " =:") : 13;
	return strncmp(policy, "=balancing", 10) && strncmp(policy, "=:", 2);
}

/* The first mapping is the program itself, and has no policy but that of its task. The kernel
 * walks only the pages of the lines that are asked for. */
bool numab_spares(pid_t pid)
{
	char path[64], line[48];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/numa_maps", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return numab_read() <= 0;
	n = read(fd, line, sizeof(line) - 1);
	close(fd);
	line[n > 0 ? n : 0] = '\0';
	return numab_policy_stops(line) || numab_read() <= 0;
}
