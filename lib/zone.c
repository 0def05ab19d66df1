// SPDX-License-Identifier: LGPL-2.1-or-later
/* zone.c -- /proc/zoneinfo: how much memory of a node is in which zone. */

#include "zone.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lines.h"
#include "value.h"

struct zones {
	struct ramify_system *sys;
	struct zone_walk walk;
	uint64_t page_bytes;
};

/* "Node 1, zone  Movable" */
static int enter_zone(const char *line, struct zone_walk *walk)
{
	const char *comma = strchr(line, ','), *name;
	char digits[8];
	uint64_t node;
	size_t len;

	if (!comma || strncmp(comma, ", zone", 6))
		return -EINVAL;
	len = comma - line;
	if (len >= sizeof(digits))
		return -EINVAL;
	memcpy(digits, line, len);
	digits[len] = '\0';
	if (parse_u64(digits, &node) || node >= NODES_MAX)
		return -EINVAL;
	name = comma + 6;
	walk->node = node;
	walk->movable = !strcmp(name + strspn(name, " "), "Movable");
	return 0;
}

int zone_parse(const char *line, struct zone_walk *walk, uint64_t *ret_pages)
{
	int err;

	if (!strncmp(line, "Node ", 5))
		return enter_zone(line + 5, walk);
	line += strspn(line, " ");
	if (strncmp(line, "present ", 8))
		return 0;
	line += 8;
	err = parse_u64(line + strspn(line, " "), ret_pages);
	if (err)
		return err;
	return walk->node < 0 ? -EINVAL : 1;
}

static int zone_line(void *arg, char *line)
{
	struct zones *zones = arg;
	struct ramify_node *node;
	uint64_t pages, bytes;
	int found = zone_parse(line, &zones->walk, &pages);

	if (found <= 0)
		return found ? -EBADMSG : 0;
	if (__builtin_mul_overflow(pages, zones->page_bytes, &bytes))
		return -EBADMSG;
	node = system_node(zones->sys, zones->walk.node);
	if (!node)
		return 0;
	if (node->present_bytes == RAMIFY_UNKNOWN)
		node->present_bytes = node->movable_bytes = 0;
	if (__builtin_add_overflow(node->present_bytes, bytes, &node->present_bytes))
		return -EBADMSG;
	if (zones->walk.movable)
		node->movable_bytes += bytes;
	return 0;
}

int zones_read(struct reading *rd)
{
	struct zones zones = {
		.sys = rd->sys,
		.walk = { .node = -1 },
		.page_bytes = sysconf(_SC_PAGESIZE),
	};

	return lines_each(rd->ctx, "proc/zoneinfo", zone_line, &zones);
}
