// SPDX-License-Identifier: GPL-2.0-or-later
/* tiers.c -- which node is of which tier, and how much room there is. */

#include "tiers.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/ramify.h"
#include "log.h"

#define ZONEINFO_BYTES (4u << 20)
/* With less of them the kernel looks for other pages too. */
#define IDLE_KEPT_BYTES (16u << 20)

void tiers_configure(struct tiers *tiers, const struct config *config)
{
	tiers->headroom_bytes = config->headroom_bytes;
	tiers->headroom_ppm = config->headroom_ppm;
	tiers->stale = true;
}

static int read_zoneinfo(struct tiers *tiers, struct zoneinfo *ret_info)
{
	/* Few bytes of it are ever touched, but a huge page would be all there. */
	static _Alignas(4096) char text[ZONEINFO_BYTES];
	int err;

	if (!tiers->zoneinfo.open)
		madvise(text, sizeof(text), MADV_NOHUGEPAGE);
	err = proc_reread(&tiers->zoneinfo, "/proc/zoneinfo", text, sizeof(text));

	return err ? err : zoneinfo_parse(text, sched_getcpu(), ret_info);
}

static bool same_nodes(const struct zoneinfo *a, const struct zoneinfo *b)
{
	if (a->n_nodes != b->n_nodes)
		return false;
	for (unsigned int i = 0; i < a->n_nodes; i++) {
		if (!a->nodes[i].managed_bytes != !b->nodes[i].managed_bytes)
			return false;
	}
	return true;
}

static uint32_t nanoseconds(uint64_t ns)
{
	return ns < 1000000 ? (uint32_t)ns : 0;
}

static void take_node(struct tiers *tiers, const struct ramify_node *node)
{
	unsigned int rank = (unsigned int)node->rank;

	if (node->rank < 0 || node->node < 0 || node->node >= ZONEINFO_NODES)
		return;
	if (rank >= HEAT_RANKS_MAX)
		rank = HEAT_RANKS_MAX - 1;
	tiers->ranks[node->node] = (uint8_t)rank;
	tiers->ids[node->node] = node->tier;
	if (tiers->n <= rank)
		tiers->n = rank + 1;
	if (*node->cpus && tiers->fast_rank < rank)
		tiers->fast_rank = rank;
	tiers->read_ns[rank] = nanoseconds(node->read_latency_ns);
	tiers->write_ns[rank] = nanoseconds(node->write_latency_ns);
}

/* What was measured goes before what firmware claims. */
static void take_latencies(struct tiers *tiers, const struct ramify_placements *placements)
{
	const struct ramify_placement *p = NULL;

	while ((p = ramify_next_placement(placements, p))) {
		if (p->node < ZONEINFO_NODES && p->read_latency_ns >= 1)
			tiers->read_ns[tiers->ranks[p->node]] =
				nanoseconds((uint64_t)p->read_latency_ns);
	}
}

unsigned int tiers_write_weight(double fast_read, double fast_write, double slow_read,
				double slow_write)
{
	double read = slow_read - fast_read, write = slow_write - fast_write;

	if (fast_read <= 0 || fast_write <= 0 || slow_read <= 0 || slow_write <= 0 || read <= 0)
		return 1;
	if (write / read >= 8)
		return 8;
	return write > read ? (unsigned int)(write / read + 0.5) : 1;
}

static double time_of(double mbps)
{
	return mbps > 0 ? 1 / mbps : 0;
}

/* By bandwidth, which is what is told of both; of the slow node for which it is the most. */
static unsigned int find_write_weight(const struct tiers *tiers,
				      const struct ramify_placements *placements)
{
	const struct ramify_placement *fast = NULL, *p = NULL;
	unsigned int most = 1;

	while (!fast && (p = ramify_next_placement(placements, p)))
		if (p->node < ZONEINFO_NODES && tiers->ranks[p->node] == tiers->fast_rank)
			fast = p;
	for (p = NULL; fast && (p = ramify_next_placement(placements, p));) {
		unsigned int weight;

		if (p->node >= ZONEINFO_NODES || tiers->ranks[p->node] <= tiers->fast_rank)
			continue;
		weight = tiers_write_weight(time_of(fast->read_mbps), time_of(fast->write_mbps),
					    time_of(p->read_mbps), time_of(p->write_mbps));
		most = weight > most ? weight : most;
	}
	return most;
}

static void read_placements(struct tiers *tiers, struct ramify *ctx,
			    const struct ramify_system *sys)
{
	struct ramify_placements *placements;

	tiers->write_weight = 1;
	if (ramify_placements_read(ctx, sys, &placements)) {
		log_line(SD_WARNING, "%s; so tiers are as firmware and the kernel say",
			 ramify_message(ctx));
		return;
	}
	take_latencies(tiers, placements);
	tiers->write_weight = find_write_weight(tiers, placements);
	ramify_placements_free(placements);
}

static int read_tiers(struct tiers *tiers)
{
	const struct ramify_node *node = NULL;
	struct ramify_system *sys;
	struct ramify *ctx;
	int err = ramify_new(NULL, &ctx);

	if (err)
		return err;
	err = ramify_system_read(ctx, &sys);
	if (err) {
		ramify_free(ctx);
		return err;
	}
	tiers->n = tiers->fast_rank = 0;
	for (unsigned int i = 0; i < HEAT_RANKS_MAX; i++)
		tiers->read_ns[i] = tiers->write_ns[i] = 0;
	for (unsigned int i = 0; i < ZONEINFO_NODES; i++) {
		tiers->ranks[i] = 0;
		tiers->ids[i] = -1;
	}
	while ((node = ramify_next_node(sys, node)))
		take_node(tiers, node);
	read_placements(tiers, ctx, sys);
	ramify_system_free(sys);
	ramify_free(ctx);
	return tiers->n ? 0 : -ENODEV;
}

/* Into another generation, if a node @came, went, or is of another tier now. */
static int read_tiers_anew(struct tiers *tiers, bool came)
{
	uint8_t ranks[ZONEINFO_NODES];
	int err;

	memcpy(ranks, tiers->ranks, sizeof(ranks));
	err = read_tiers(tiers);
	tiers->generation += came || err || memcmp(ranks, tiers->ranks, sizeof(ranks));
	return err;
}

/* Reclaim writes out what it cannot drop: mostly, to swap space. */
static void see_written(struct tiers *tiers, unsigned int node)
{
	uint64_t written = tiers->now.nodes[node].written_pages;

	if (written > tiers->written_pages[node])
		tiers->wary[node] = TIERS_WARY_PLANS;
	tiers->written_pages[node] = written;
}

void tiers_begin_plan(struct tiers *tiers)
{
	for (unsigned int node = 0; node < ZONEINFO_NODES; node++)
		tiers->wary[node] -= tiers->wary[node] > 0;
}

int tiers_refresh(struct tiers *tiers)
{
	struct zoneinfo info;
	bool first = !tiers->n, came;
	int err = read_zoneinfo(tiers, &info);

	if (err)
		return err;
	came = !tiers->n || !same_nodes(&info, &tiers->now);
	if (came || tiers->stale)
		err = read_tiers_anew(tiers, came);
	if (err)
		return err;
	tiers->stale = false;
	tiers->now = info;
	tiers->n_nodes = info.n_nodes;
	for (unsigned int node = 0; node < tiers->n_nodes; node++)
		see_written(tiers, node);
	if (first)
		memset(tiers->wary, 0, sizeof(tiers->wary));
	return 0;
}

int tiers_refresh_node(struct tiers *tiers, unsigned int node)
{
	char path[64], text[8192];
	int err;

	snprintf(path, sizeof(path), "/sys/devices/system/node/node%u/vmstat", node);
	err = proc_reread(&tiers->vmstat[node], path, text, sizeof(text));
	if (!err)
		err = zoneinfo_parse_vmstat(text, &tiers->now.nodes[node]);
	if (err)
		return err;
	see_written(tiers, node);
	/* What was this processor's is another one's now. */
	if (sched_getcpu() != tiers->now.cpu) {
		tiers->now.nodes[node].kept_bytes += tiers->now.nodes[node].own_bytes;
		tiers->now.nodes[node].own_bytes = 0;
	}
	return 0;
}

void tiers_took(struct tiers *tiers, unsigned int node, uint64_t bytes)
{
	uint64_t *own = &tiers->now.nodes[node].own_bytes;

	*own -= bytes < *own ? bytes : *own;
}

static uint64_t headroom(const struct tiers *tiers, unsigned int node)
{
	const struct zoneinfo_node *now = &tiers->now.nodes[node];
	uint64_t bytes = tiers->headroom_bytes;

	if (tiers->ranks[node] > tiers->fast_rank)
		return 0;
	if (!bytes)
		bytes = now->managed_bytes / 1000000 * tiers->headroom_ppm;
	return bytes > now->managed_bytes / 2 ? now->managed_bytes / 2 : bytes;
}

uint64_t tiers_mark(const struct tiers *tiers, unsigned int node)
{
	return tiers->now.nodes[node].high_bytes + headroom(tiers, node);
}

static uint64_t above(uint64_t bytes, uint64_t mark)
{
	return bytes > mark ? bytes - mark : 0;
}

/* Pages are moved by this processor, and it takes and gives its own ones first. */
static uint64_t free_here(const struct zoneinfo_node *now)
{
	return now->free_bytes + now->own_bytes;
}

/* What other processors keep is there for programs, as the headroom is: up to a half of it. */
static uint64_t free_of(const struct tiers *tiers, unsigned int node)
{
	const struct zoneinfo_node *now = &tiers->now.nodes[node];
	uint64_t half = headroom(tiers, node) / 2;

	return free_here(now) + (now->kept_bytes < half ? now->kept_bytes : half);
}

uint64_t tiers_idle(const struct tiers *tiers, unsigned int node)
{
	const struct zoneinfo_node *now = &tiers->now.nodes[node];
	uint64_t bytes = now->idle_file_bytes, kept = bytes / 2;

	if (kept < now->high_bytes)
		kept = now->high_bytes;
	if (kept < IDLE_KEPT_BYTES)
		kept = IDLE_KEPT_BYTES;
	return above(bytes, kept);
}

uint64_t tiers_room(const struct tiers *tiers, unsigned int node)
{
	uint64_t bytes = free_of(tiers, node) + tiers_idle(tiers, node);

	return above(bytes, tiers_mark(tiers, node)) / 2;
}

uint64_t tiers_room_now(const struct tiers *tiers, unsigned int node, uint64_t others)
{
	const struct zoneinfo_node *now = &tiers->now.nodes[node];
	uint64_t spare = above(free_of(tiers, node), tiers_mark(tiers, node) + others);
	/* Halfway from the min watermark to the low one: this processor's list may be filled up, too. */
	uint64_t kept = now->min_bytes + above(now->high_bytes, now->min_bytes) / 4;
	uint64_t pressed = above(now->free_bytes, kept + others);
	uint64_t idle = tiers->wary[node] ? 0 : tiers_idle(tiers, node);

	if (pressed > idle)
		pressed = idle;
	return (spare > pressed ? spare : pressed) / 2;
}

bool tiers_pushed(const struct tiers *tiers, unsigned int node, uint64_t bytes)
{
	const struct zoneinfo_node *now = &tiers->now.nodes[node];

	return free_here(now) < now->min_bytes && free_here(now) + bytes >= now->min_bytes;
}

void tiers_plan(const struct tiers *tiers, struct plan_tier ret_tiers[HEAT_RANKS_MAX])
{
	for (unsigned int rank = 0; rank < HEAT_RANKS_MAX; rank++)
		ret_tiers[rank] = (struct plan_tier){ .read_ns = tiers->read_ns[rank],
						      .write_ns = tiers->write_ns[rank] };
	for (unsigned int node = 0; node < tiers->n_nodes; node++) {
		struct plan_tier *tier = &ret_tiers[tiers->ranks[node]];

		if (!tiers->now.nodes[node].managed_bytes)
			continue;
		tier->free_bytes += free_of(tiers, node) + tiers_idle(tiers, node);
		tier->high_bytes += tiers_mark(tiers, node);
	}
}

uint32_t tiers_allowed(const struct tiers *tiers, const struct status *status)
{
	uint32_t ranks = 0;

	for (unsigned int node = 0; node < tiers->n_nodes; node++) {
		if (tiers->now.nodes[node].managed_bytes && status_node_allowed(status, node))
			ranks |= 1u << tiers->ranks[node];
	}
	return ranks;
}
