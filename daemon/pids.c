// SPDX-License-Identifier: GPL-2.0-or-later
/* pids.c -- which PIDs there are, and which are new. */

#include "pids.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proc.h"

/* Asking for each of more than these takes longer than listing all. */
#define NEW_MAX 1024

/* After all were listed: of those last given out some may not have been to be found yet. */
#define ASK_AGAIN 64

int pids_last(const char *loadavg, pid_t *ret_last)
{
	const char *word = strrchr(loadavg, ' ');
	unsigned long pid;
	char *end;

	if (!word || !isdigit((unsigned char)word[1]))
		return -EPROTO;
	pid = strtoul(word + 1, &end, 10);
	if (!pid || pid > INT32_MAX || (*end && *end != '\n'))
		return -EPROTO;
	*ret_last = (pid_t)pid;
	return 0;
}

static int compare_pids(const void *a, const void *b)
{
	pid_t x = *(const pid_t *)a, y = *(const pid_t *)b;

	return (x > y) - (x < y);
}

static int list_all(pid_t **ret_pids, size_t *ret_n)
{
	size_t n = 0, size = 256;
	pid_t *pids = reallocarray(NULL, size, sizeof(*pids));
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	int err = pids ? dir ? 0 : -errno : -ENOMEM;

	while (!err && (entry = readdir(dir))) {
		if (!isdigit((unsigned char)*entry->d_name))
			continue;
		if (n == size) {
			pid_t *grown = reallocarray(pids, size *= 2, sizeof(*pids));

			if (!grown) {
				err = -ENOMEM;
				break;
			}
			pids = grown;
		}
		pids[n++] = (pid_t)atoi(entry->d_name);
	}
	if (dir)
		closedir(dir);
	if (err) {
		free(pids);
		return err;
	}
	qsort(pids, n, sizeof(*pids), compare_pids);
	*ret_pids = pids;
	*ret_n = n;
	return 0;
}

static int list_between(pid_t after, pid_t last, pid_t **ret_pids, size_t *ret_n)
{
	size_t n = (size_t)(last - after);
	pid_t *pids = calloc(n + 1, sizeof(*pids));

	if (!pids)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		pids[i] = after + 1 + (pid_t)i;
	*ret_pids = pids;
	*ret_n = n;
	return 0;
}

int pids_read(struct pids_mark *mark, bool all, pid_t **ret_pids, size_t *ret_n, bool *ret_all)
{
	pid_t from = mark->last[1], last;
	char text[128];
	int err = proc_read("/proc/loadavg", text, sizeof(text));

	/* First, so that what comes while all are listed is new the next time. */
	if (!err)
		err = pids_last(text, &last);
	if (err)
		return err;
	all |= !from || last < mark->last[0] || last - from > NEW_MAX + ASK_AGAIN;
	err = all ? list_all(ret_pids, ret_n) : list_between(from, last, ret_pids, ret_n);
	if (err)
		return err;
	mark->last[1] = all ? last - (last > ASK_AGAIN ? ASK_AGAIN : last - 1) : mark->last[0];
	mark->last[0] = last;
	*ret_all = all;
	return 0;
}
