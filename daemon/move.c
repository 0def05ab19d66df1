// SPDX-License-Identifier: GPL-2.0-or-later
/* move.c -- pages to another node by move_pages, and what became of each. */

#include "move.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <numaif.h>
#include <stdio.h>
#include <unistd.h>
#include <sys/syscall.h>

#define UNSET INT_MIN

static long call_kernel(pid_t pid, unsigned long n, void **pages, const int *nodes, int *status,
			int flags)
{
	long done = syscall(SYS_move_pages, pid, n, pages, nodes, status, flags);

	return done < 0 ? -errno : done;
}

const move_pages_fn move_pages_call = call_kernel;

static enum move_fate fate_of(int status, unsigned int node)
{
	if (status == (int)node)
		return MOVE_MOVED;
	switch (status) {
	case -ENOENT:
	case -EFAULT:	/* no mapping, or the zero page */
		return MOVE_GONE;
	case -ENOMEM:
		return MOVE_NO_ROOM;
	case -EACCES:
		return MOVE_SHARED;
	default:
		return MOVE_BUSY;
	}
}

/* What is left of the pages when those that have moved are out. */
struct rest {
	void *pages[MOVE_PAGES];
	int nodes[MOVE_PAGES], status[MOVE_PAGES];
	size_t index[MOVE_PAGES];
	size_t n;
};

/*
 * The kernel stops at the first bunch of which not all moved, and says nothing of
 * these; pages of it did move. So ask where they are.
 */
static void ask(move_pages_fn call, pid_t pid, struct rest *rest)
{
	int status[MOVE_PAGES];
	void *pages[MOVE_PAGES];
	size_t index[MOVE_PAGES], n = 0;

	for (size_t i = 0; i < rest->n; i++) {
		if (rest->status[i] != UNSET)
			continue;
		pages[n] = rest->pages[i];
		status[n] = UNSET;
		index[n++] = i;
	}
	if (!n || call(pid, n, pages, NULL, status, 0) < 0)
		return;
	for (size_t i = 0; i < n; i++)
		rest->status[index[i]] = status[i];
}

static long try(move_pages_fn call, pid_t pid, struct rest *rest, int flags)
{
	long left;

	for (size_t i = 0; i < rest->n; i++)
		rest->status[i] = UNSET;
	left = call(pid, rest->n, rest->pages, rest->nodes, rest->status, flags);
	if (left)
		ask(call, pid, rest);
	return left;
}

static enum move_fate fate_unset(long left)
{
	switch (left) {
	case -ENOMEM:
		return MOVE_NO_ROOM;
	case -EACCES:
	case -EPERM:
	case -ENODEV:
		return MOVE_DENIED;
	default:
		return MOVE_BUSY;
	}
}

/* Note what became of them, and keep those that may move if they are tried again. */
static void settle(struct rest *rest, unsigned int node, long left, uint8_t *fates)
{
	size_t n = 0;

	for (size_t i = 0; i < rest->n; i++) {
		int status = rest->status[i];
		enum move_fate fate = fate_of(status, node);

		/* It stands where it did: why is told by the call as a whole. */
		if (status == UNSET || (status >= 0 && fate != MOVE_MOVED))
			fate = fate_unset(left);
		fates[rest->index[i]] = (uint8_t)fate;
		if (fate != MOVE_BUSY)
			continue;
		rest->pages[n] = rest->pages[i];
		rest->index[n++] = rest->index[i];
	}
	rest->n = n;
}

int move_to(move_pages_fn call, pid_t pid, unsigned int node, void **pages, size_t n,
	    bool everybody, uint8_t *ret_fates)
{
	int flags = everybody ? MPOL_MF_MOVE_ALL : MPOL_MF_MOVE;
	struct rest rest = { .n = n };
	long left = 1;

	for (size_t i = 0; i < n; i++) {
		rest.pages[i] = pages[i];
		rest.nodes[i] = (int)node;
		rest.index[i] = i;
	}
	/* Twice, as those after one that would not move were perhaps never tried. */
	for (int i = 0; i < 2 && left > 0 && rest.n; i++) {
		left = try(call, pid, &rest, flags);
		if (left == -ESRCH)
			return -ESRCH;
		settle(&rest, node, left, ret_fates);
	}
	return 0;
}

const char *move_fate_name(enum move_fate fate)
{
	static const char *const names[MOVE_FATES] = {
		[MOVE_MOVED] = "moved",	     [MOVE_BUSY] = "busy",
		[MOVE_GONE] = "gone",	     [MOVE_NO_ROOM] = "no_room",
		[MOVE_SHARED] = "shared",    [MOVE_DENIED] = "denied",
	};

	return names[fate];
}

void move_failures_text(const struct move_counts *counts, char buf[MOVE_FAILURES_MAX])
{
	const struct {
		const char *name;
		uint64_t pages;
	} failures[] = {
		{ "busy", counts->failed[MOVE_BUSY] },
		{ "gone", counts->failed[MOVE_GONE] },
		{ "no room", counts->failed[MOVE_NO_ROOM] },
		{ "shared", counts->failed[MOVE_SHARED] },
		{ "denied", counts->failed[MOVE_DENIED] },
		{ "put off", counts->put_off },
		{ "forbidden", counts->forbidden },
	};
	int len = 0;

	*buf = '\0';
	for (size_t i = 0; i < sizeof(failures) / sizeof(*failures); i++) {
		if (failures[i].pages)
			len += snprintf(buf + len, (size_t)(MOVE_FAILURES_MAX - len), "%s%s %" PRIu64,
					len ? ", " : "", failures[i].name, failures[i].pages);
	}
}
