// SPDX-License-Identifier: LGPL-2.1-or-later
/* tier.c -- memory tiers: the kernel's, and the rank that we give them. */

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

/* As mt_perf_to_adistance() of Linux 6.12 reckons, to the same rounding. */
static int tier_by_speed(const struct ramify_node *node, const struct ramify_node *dram)
{
	uint64_t distance = TIER_DRAM_DISTANCE;

	distance *= node->read_latency_ns + node->write_latency_ns;
	distance /= dram->read_latency_ns + dram->write_latency_ns;
	distance *= dram->read_bandwidth_mbps + dram->write_bandwidth_mbps;
	distance /= node->read_bandwidth_mbps + node->write_bandwidth_mbps;
	distance >>= TIER_CHUNK_BITS;
	return distance < INT_MAX ? (int)distance : INT_MAX;
}

static const struct ramify_node *find_dram(const struct ramify_system *sys)
{
	for (size_t i = 0; i < sys->n_nodes; i++) {
		const struct ramify_node *node = &sys->nodes[i];

		if (*node->cpus && node->total_bytes && tier_speed_known(node))
			return node;
	}
	return NULL;
}

static int effective_tier(const struct ramify_node *node, const struct ramify_node *dram)
{
	int tier = node->tier;

	if (tier < 0)
		tier = *node->cpus ? TIER_DRAM : TIER_ADDED;
	if (tier == TIER_ADDED && dram && tier_speed_known(node))
		tier = tier_by_speed(node, dram);
	return tier;
}

/* How many distinct tiers of nodes with memory are faster than @tier. */
static int rank_of(const struct ramify_system *sys, const int *tiers, int tier)
{
	int rank = 0;

	for (size_t i = 0; i < sys->n_nodes; i++) {
		bool counted = !sys->nodes[i].total_bytes || tiers[i] >= tier;

		for (size_t k = 0; k < i && !counted; k++)
			counted = sys->nodes[k].total_bytes && tiers[k] == tiers[i];
		rank += !counted;
	}
	return rank;
}

int tiers_rank(struct reading *rd)
{
	struct ramify_system *sys = rd->sys;
	const struct ramify_node *dram = find_dram(sys);
	int tiers[NODES_MAX];

	for (size_t i = 0; i < sys->n_nodes; i++)
		tiers[i] = effective_tier(&sys->nodes[i], dram);
	for (size_t i = 0; i < sys->n_nodes; i++) {
		struct ramify_node *node = &sys->nodes[i];

		node->rank = node->total_bytes ? rank_of(sys, tiers, tiers[i]) : -1;
	}
	return 0;
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
