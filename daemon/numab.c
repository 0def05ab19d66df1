// SPDX-License-Identifier: GPL-2.0-or-later
/* numab.c -- the kernel's own NUMA balancing, which moves pages too. */

#include "numab.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kept.h"
#include "proc.h"

static const struct kept kept = { "/proc/sys/kernel/numa_balancing",
				  "/run/ramify/numa_balancing" };

int numab_read(void)
{
	char text[32];
	int err = proc_read(kept.path, text, sizeof(text));

	return err ? err : atoi(text);
}

int numab_off(const char **ret_at)
{
	int now = numab_read();

	*ret_at = kept.path;
	return now <= 0 ? now : kept_set(&kept, "0\n", ret_at);
}

int numab_restore(const char **ret_at)
{
	return kept_restore(&kept, ret_at);
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
