// SPDX-License-Identifier: LGPL-2.1-or-later
/* room.c -- how much memory may be taken for a while so that nobody is pushed out. */

#include "room.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "idlist.h"
#include "lines.h"
#include "value.h"

#define CGROUP_DIR "sys/fs/cgroup"

/* "0::/user.slice/..." is ours in the unified hierarchy. */
static int take_cgroup(void *arg, char *line)
{
	char *path = arg;

	if (!strncmp(line, "0::/", 4))
		snprintf(path, PATH_MAX / 2, "%s", line + 4);
	return 0;
}

static int room_of(struct ramify *ctx, const char *dir, uint64_t *room)
{
	char text[32];
	uint64_t limit, used;
	int err = value_text(ctx, dir, "memory.max", text, sizeof(text));

	if (err || !*text || !strcmp(text, "max"))
		return err;
	err = value_u64(ctx, dir, "memory.max", &limit);
	if (!err)
		err = value_u64(ctx, dir, "memory.current", &used);
	if (err || used == RAMIFY_UNKNOWN)
		return err;
	limit = limit > used ? limit - used : 0;
	*room = limit < *room ? limit : *room;
	return 0;
}

int room_in_cgroup(struct ramify *ctx, uint64_t *ret_bytes)
{
	char path[PATH_MAX / 2] = "", dir[PATH_MAX];
	uint64_t room = RAMIFY_UNKNOWN;
	int err = lines_each(ctx, "proc/self/cgroup", take_cgroup, path);

	while (!err && *path) {
		char *slash = strrchr(path, '/');

		snprintf(dir, sizeof(dir), CGROUP_DIR "/%s", path);
		err = room_of(ctx, dir, &room);
		*(slash ? slash : path) = '\0';
	}
	if (err)
		return err;
	*ret_bytes = room;
	return 0;
}

static int take_allowed(void *arg, char *line)
{
	char *list = arg;

	if (!strncmp(line, "Mems_allowed_list:", 18))
		snprintf(list, ATTR_MAX, "%s", line + 18 + strspn(line + 18, " \t"));
	return 0;
}

int room_permitted(struct ramify *ctx, int node)
{
	char list[ATTR_MAX] = "";
	struct node_set nodes;
	int err = lines_each(ctx, "proc/self/status", take_allowed, list);

	if (err)
		return err;
	if (!*list)
		return 0;
	if (idlist_nodes(list, &nodes))
		return value_absurd(ctx, "proc/self/status", list);
	if (!nodes.has[node])
		return fail(ctx, -EPERM,
			    "this process may have memory of the nodes %s only, not of node %d; see cpuset.mems of its cgroup",
			    list, node);
	return 0;
}
