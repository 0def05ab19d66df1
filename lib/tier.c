// SPDX-License-Identifier: LGPL-2.1-or-later
/* tier.c -- memory tiers as the kernel has them. */

#include "tier.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "dir.h"
#include "idlist.h"
#include "value.h"

#define TIER_DIR "sys/devices/virtual/memory_tiering"

static int read_tier(struct reading *rd, const char *name, int tier)
{
	char dir[64], list[ATTR_MAX], path[PATH_MAX];
	struct node_set nodes;
	int err;

	snprintf(dir, sizeof(dir), TIER_DIR "/%s", name);
	err = value_text(rd->ctx, dir, "nodelist", list, sizeof(list));
	if (err)
		return err;
	if (idlist_nodes(list, &nodes)) {
		snprintf(path, sizeof(path), "%s/nodelist", dir);
		return value_absurd(rd->ctx, path, list);
	}
	for (size_t i = 0; i < rd->sys->n_nodes; i++) {
		struct ramify_node *node = &rd->sys->nodes[i];

		if (nodes.has[node->node])
			node->tier = tier;
	}
	return 0;
}

int tiers_read(struct reading *rd)
{
	struct dir_list list;
	uint64_t tier;
	int err = dir_list_read(rd->ctx, TIER_DIR, "memory_tier", &list);

	if (err)
		return err;
	for (size_t i = 0; !err && i < list.n; i++) {
		if (!dir_number(list.names[i], "memory_tier", &tier) && tier <= INT_MAX)
			err = read_tier(rd, list.names[i], tier);
	}
	dir_list_free(&list);
	return err;
}

bool tier_speed_known(const struct ramify_node *node)
{
	return node->read_latency_ns < 1000000 && node->write_latency_ns < 1000000 &&
	       node->read_bandwidth_mbps < 1000000000 && node->write_bandwidth_mbps < 1000000000;
}

bool ramify_node_is_fast(const struct ramify_system *sys, const struct ramify_node *node)
{
	int slowest = 0;

	for (size_t i = 0; i < sys->n_nodes; i++) {
		if (*sys->nodes[i].cpus && sys->nodes[i].rank > slowest)
			slowest = sys->nodes[i].rank;
	}
	return node->rank >= 0 && node->rank <= slowest;
}
