// SPDX-License-Identifier: LGPL-2.1-or-later
/* placement.c -- the tier of each node, and where it demotes to: by hand, measured, told, or near. */

#include "placement.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "initiator.h"
#include "tier.h"
#include "tiersconf.h"

struct ramify_placements {
	struct ramify_placement *items;
	size_t n;
	int *targets;			/* n of them for each item */
};

/* What a node's tier is judged by. */
struct knowledge {
	double latency_ns, mbps;	/* read and write, added; 0 not known */
};

struct ranking {
	struct ramify *ctx;
	const struct ramify_system *sys;
	const struct tiersconf *conf;
	struct knowledge measured, claimed;	/* of a node with CPUs and memory, which the
						 * others are held against */
};

static struct knowledge measured(const struct tiersconf *all, int node)
{
	const struct tiersconf_node *conf = tiersconf_find(all, node);

	if (!conf || conf->read_latency_ns <= 0 || conf->read_mbps <= 0 || conf->write_mbps <= 0)
		return (struct knowledge){ 0 };
	return (struct knowledge){ 2 * conf->read_latency_ns, conf->read_mbps + conf->write_mbps };
}

static struct knowledge claimed(const struct ramify_node *node)
{
	if (!tier_speed_known(node))
		return (struct knowledge){ 0 };
	return (struct knowledge){
		(double)node->read_latency_ns + node->write_latency_ns,
		(double)node->read_bandwidth_mbps + node->write_bandwidth_mbps,
	};
}

/* The first of which something is known, by measure and by claim. */
static void find_dram(struct ranking *r)
{
	for (size_t i = 0; i < r->sys->n_nodes; i++) {
		const struct ramify_node *node = &r->sys->nodes[i];

		if (!*node->cpus || !node->total_bytes)
			continue;
		if (r->measured.latency_ns <= 0)
			r->measured = measured(r->conf, node->node);
		if (r->claimed.latency_ns <= 0)
			r->claimed = claimed(node);
	}
}

/*
 * The kernel's abstract distance, in chunks, as mt_perf_to_adistance() of Linux 6.12 reckons, to
 * the same rounding. -1: one of them is not known.
 */
static int chunk_of(struct knowledge of, struct knowledge dram)
{
	double distance;

	if (of.latency_ns <= 0 || dram.latency_ns <= 0)
		return -1;
	distance = floor(TIER_DRAM_DISTANCE * of.latency_ns / dram.latency_ns);
	distance = distance * dram.mbps / of.mbps;
	return distance < INT_MAX ? (int)distance >> TIER_CHUNK_BITS : INT_MAX;
}

/* From the nearest CPUs, in tenths of what memory beside a CPU has. */
static int chunk_by_distance(const struct ranking *r, const struct ramify_node *node, int *ret_chunk)
{
	int from, distance = -1, err = initiator_find(r->ctx, r->sys, node->node, &from);

	if (!err)
		err = initiator_distance(r->ctx, r->sys, from, node->node, &distance);
	if (err && err != -ENODEV)
		return err;
	if (distance < 0)
		*ret_chunk = *node->cpus ? TIER_DRAM : TIER_ADDED;
	else
		*ret_chunk = (int)(TIER_DRAM_DISTANCE * distance / 10) >> TIER_CHUNK_BITS;
	return 0;
}

/* Did somebody tell the kernel, as --adistance does? By itself it has one tier for DRAM and one for
 * all that is added, or goes by what firmware claims. */
static bool is_told(int tier, int claimed_chunk)
{
	return tier >= 0 && tier != TIER_DRAM && tier != TIER_ADDED && tier != claimed_chunk;
}

/* Only like is compared with like: what was measured with what was measured. */
static int judge(const struct ranking *r, const struct ramify_node *node,
		 struct ramify_placement *place, int *chunk)
{
	int by_claim = chunk_of(claimed(node), r->claimed);

	*chunk = chunk_of(measured(r->conf, node->node), r->measured);
	place->basis = RAMIFY_BASIS_MEASURED;
	if (*chunk >= 0)
		return 0;
	*chunk = node->tier;
	place->basis = RAMIFY_BASIS_KERNEL;
	if (is_told(node->tier, by_claim))
		return 0;
	*chunk = by_claim;
	place->basis = RAMIFY_BASIS_HMAT;
	if (*chunk >= 0)
		return 0;
	place->basis = RAMIFY_BASIS_DISTANCE;
	return chunk_by_distance(r, node, chunk);
}

static void fill_speed(const struct ranking *r, const struct ramify_node *node,
		       struct ramify_placement *place)
{
	const struct tiersconf_node *conf = tiersconf_find(r->conf, node->node);

	if (conf && conf->read_latency_ns > 0 && conf->read_mbps > 0 && conf->write_mbps > 0) {
		place->read_latency_ns = conf->read_latency_ns;
		place->read_mbps = conf->read_mbps;
		place->write_mbps = conf->write_mbps;
	} else if (tier_speed_known(node)) {
		place->read_latency_ns = node->read_latency_ns;
		place->read_mbps = node->read_bandwidth_mbps;
		place->write_mbps = node->write_bandwidth_mbps;
	}
}

/* What nobody has set is ranked among its like: 0 the smallest chunk, and so on. */
static void rank(struct ramify_placements *all, const int *chunks)
{
	for (size_t i = 0; i < all->n; i++) {
		if (all->items[i].basis == RAMIFY_BASIS_HAND)
			continue;
		for (size_t k = 0; k < all->n; k++) {
			bool first = chunks[k] < chunks[i];

			for (size_t l = 0; l < k && first; l++)
				first = chunks[l] != chunks[k];
			all->items[i].tier += first;
		}
	}
}

static int place_nodes(const struct ranking *r, struct ramify_placements *all)
{
	int *chunks = calloc(r->sys->n_nodes + 1, sizeof(*chunks)), err = chunks ? 0 : -ENOMEM;

	for (size_t i = 0; !err && i < r->sys->n_nodes; i++) {
		const struct ramify_node *node = &r->sys->nodes[i];
		const struct tiersconf_node *conf = tiersconf_find(r->conf, node->node);
		struct ramify_placement *place = &all->items[all->n];

		if (!node->total_bytes)
			continue;
		place->node = node->node;
		fill_speed(r, node, place);
		/* Set by hand, it is nobody's measure. */
		chunks[all->n] = INT_MAX;
		if (conf && conf->tier >= 0) {
			place->tier = conf->tier;
			place->basis = RAMIFY_BASIS_HAND;
		} else {
			err = judge(r, node, place, &chunks[all->n]);
		}
		all->n++;
	}
	if (!err)
		rank(all, chunks);
	free(chunks);
	return err;
}

static const struct ramify_placement *find(const struct ramify_placements *all, int node)
{
	for (size_t i = 0; i < all->n; i++) {
		if (all->items[i].node == node)
			return &all->items[i];
	}
	return NULL;
}

/* A target that is not there yet may come. One that is no slower would make pages go in circles. */
static int targets_by_hand(const struct ranking *r, const struct ramify_placements *all,
			   const struct tiersconf_node *conf, struct ramify_placement *place,
			   int *targets)
{
	place->demote_by_hand = true;
	for (size_t i = 0; i < conf->n_targets; i++) {
		const struct ramify_placement *target = find(all, conf->targets[i]);

		if (!target)
			continue;
		if (target->tier <= place->tier)
			return fail(r->ctx, -EBADMSG,
				    "%s/" TIERSCONF_DIR "/" TIERSCONF_NAME
				    ", line %u: node %d is in tier %d, and cannot demote to node %d in tier %d: only to a slower one",
				    r->ctx->root, conf->targets_line, place->node, place->tier,
				    target->node, target->tier);
		targets[place->n_demote_to++] = target->node;
	}
	return 0;
}

/* Those of the next tier, the nearest first. */
static int targets_by_tier(const struct ranking *r, const struct ramify_placements *all,
			   struct ramify_placement *place, int *targets)
{
	int next = INT_MAX, err, distance, *distances = calloc(all->n, sizeof(*distances));
	size_t n = 0;

	if (!distances)
		return -ENOMEM;
	for (size_t i = 0; i < all->n; i++) {
		if (all->items[i].tier > place->tier && all->items[i].tier < next)
			next = all->items[i].tier;
	}
	for (size_t i = 0; i < all->n; i++) {
		size_t at = n;

		if (all->items[i].tier != next)
			continue;
		err = initiator_distance(r->ctx, r->sys, place->node, all->items[i].node, &distance);
		if (err) {
			free(distances);
			return err;
		}
		for (; at && distances[at - 1] > distance; at--) {
			distances[at] = distances[at - 1];
			targets[at] = targets[at - 1];
		}
		distances[at] = distance;
		targets[at] = all->items[i].node;
		n++;
	}
	place->n_demote_to = n;
	free(distances);
	return 0;
}

static int find_targets(const struct ranking *r, struct ramify_placements *all)
{
	int err = 0;

	for (size_t i = 0; !err && i < all->n; i++) {
		struct ramify_placement *place = &all->items[i];
		const struct tiersconf_node *conf = tiersconf_find(r->conf, place->node);
		int *targets = all->targets + i * all->n;

		place->demote_to = targets;
		if (conf && conf->has_targets)
			err = targets_by_hand(r, all, conf, place, targets);
		else
			err = targets_by_tier(r, all, place, targets);
	}
	return err;
}

static int place_all(struct ranking *r, struct ramify_placements **ret_all)
{
	struct ramify_placements *all = calloc(1, sizeof(*all));
	size_t n = r->sys->n_nodes + 1;
	int err;

	if (!all)
		return -ENOMEM;
	find_dram(r);
	all->items = calloc(n, sizeof(*all->items));
	all->targets = calloc(n * n, sizeof(*all->targets));
	err = all->items && all->targets ? place_nodes(r, all) : -ENOMEM;
	if (err) {
		ramify_placements_free(all);
		return err;
	}
	*ret_all = all;
	return 0;
}

int ramify_placements_read(struct ramify *ctx, const struct ramify_system *sys,
			   struct ramify_placements **ret_placements)
{
	struct ramify_placements *all = NULL;
	struct tiersconf conf = { 0 };
	struct ranking r = { .ctx = ctx, .sys = sys, .conf = &conf };
	int err = tiersconf_read(ctx, &conf);

	if (!err)
		err = place_all(&r, &all);
	if (!err)
		err = find_targets(&r, all);
	tiersconf_free(&conf);
	if (err) {
		ramify_placements_free(all);
		return err;
	}
	*ret_placements = all;
	return 0;
}

/* How many distinct tiers are faster than that of @place. */
static int rank_of(const struct ramify_placements *all, const struct ramify_placement *place)
{
	int rank = 0;

	for (size_t i = 0; i < all->n; i++) {
		bool counted = all->items[i].tier >= place->tier;

		for (size_t k = 0; k < i && !counted; k++)
			counted = all->items[k].tier == all->items[i].tier;
		rank += !counted;
	}
	return rank;
}

/* As tiers.conf says; one with errors, also in where nodes demote to, counts as empty. */
static int place_leniently(struct ranking *r, struct tiersconf *conf,
			   struct ramify_placements **ret_all)
{
	struct ramify_placements *all = NULL;
	int err = tiersconf_read(r->ctx, conf);

	if (!err)
		err = place_all(r, &all);
	if (!err && conf->n)
		err = find_targets(r, all);
	if (err && err != -ENOMEM) {
		ramify_placements_free(all);
		all = NULL;
		tiersconf_free(conf);
		*r->ctx->message = '\0';
		err = place_all(r, &all);
	}
	if (err)
		ramify_placements_free(all);
	else
		*ret_all = all;
	return err;
}

int placement_ranks(struct reading *rd)
{
	struct ramify_placements *all;
	struct tiersconf conf = { 0 };
	struct ranking r = { .ctx = rd->ctx, .sys = rd->sys, .conf = &conf };
	int err = place_leniently(&r, &conf, &all);

	tiersconf_free(&conf);
	if (err)
		return err;
	for (size_t i = 0; i < rd->sys->n_nodes; i++) {
		struct ramify_node *node = &rd->sys->nodes[i];
		const struct ramify_placement *place = find(all, node->node);

		node->rank = place ? rank_of(all, place) : -1;
	}
	ramify_placements_free(all);
	return 0;
}

void ramify_placements_free(struct ramify_placements *placements)
{
	if (!placements)
		return;
	free(placements->items);
	free(placements->targets);
	free(placements);
}

const struct ramify_placement *ramify_next_placement(const struct ramify_placements *placements,
						     const struct ramify_placement *prev)
{
	size_t i = prev ? prev - placements->items + 1 : 0;

	return i < placements->n ? &placements->items[i] : NULL;
}
