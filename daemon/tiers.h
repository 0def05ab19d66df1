/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tiers.h -- which node is of which tier, and how much room there is. */
#ifndef RAMIFYD_TIERS_H
#define RAMIFYD_TIERS_H

#include "core/plan.h"
#include "config.h"
#include "proc.h"
#include "status.h"
#include "zoneinfo.h"

/* For so long the kernel is not asked for idle pages of files, once it has written out others. */
#define TIERS_WARY_PLANS 8

struct tiers {
	unsigned int n;			/* 0: not read yet */
	bool stale;			/* what they are made from may say something else now */
	uint32_t generation;		/* another one, and all ranks may mean something else */
	unsigned int fast_rank;		/* the slowest of nodes with processors */
	unsigned int n_nodes;
	uint8_t ranks[ZONEINFO_NODES];	/* of each node */
	int ids[ZONEINFO_NODES];	/* the kernel's own of its tier; -1: not known */
	uint32_t read_ns[HEAT_RANKS_MAX], write_ns[HEAT_RANKS_MAX];	/* 0: not known */
	unsigned int write_weight;	/* for how many reads a write counts; 1 if that is not known */
	uint64_t headroom_bytes, headroom_ppm;	/* as configured */
	struct zoneinfo now;		/* as it was last read */
	uint64_t written_pages[ZONEINFO_NODES];	/* by reclaim, when it was last read */
	unsigned int wary[ZONEINFO_NODES];	/* for so many plans reclaim is not asked for there */
	struct proc_file zoneinfo, vmstat[ZONEINFO_NODES];
};

/** What holds from now on; the next refresh reads tiers.conf again. */
void tiers_configure(struct tiers *tiers, const struct config *config);

/** Read free memory anew; and the tiers, if nodes came or went, or after tiers_configure(). */
int tiers_refresh(struct tiers *tiers);

/** Read anew what is free of one node, and idle. */
int tiers_refresh_node(struct tiers *tiers, unsigned int node);

/** @bytes were put there since: of what this processor keeps for itself that much is used up, until tiers_refresh(). */
void tiers_took(struct tiers *tiers, unsigned int node, uint64_t bytes);
/** Another plan is carried out. */
void tiers_begin_plan(struct tiers *tiers);
/** Free memory, with what is idle, and marks of each tier. */
void tiers_plan(const struct tiers *tiers, struct plan_tier ret_tiers[HEAT_RANKS_MAX]);
/** Free memory that is to be kept on @node. */
uint64_t tiers_mark(const struct tiers *tiers, unsigned int node);
/** Of pages of files that nobody has used lately, what the kernel gives to whoever wants memory on
 *  @node, without a thought of other pages. */
uint64_t tiers_idle(const struct tiers *tiers, unsigned int node);
/** What a batch may put on @node: half of what is free or idle above the mark. */
uint64_t tiers_room(const struct tiers *tiers, unsigned int node);
/**
 * What may be put on @node by one call, if others take @others bytes there meanwhile: half of what
 * is free above the mark; where much is idle, half of what is free above the middle of the min
 * and low watermarks, as the kernel takes from what is idle only when less than the low one is
 * free. Not so where it has swapped out lately.
 */
uint64_t tiers_room_now(const struct tiers *tiers, unsigned int node, uint64_t others);
/** Is less free on @node than its min watermark, and would not be without the @bytes that were put there? */
bool tiers_pushed(const struct tiers *tiers, unsigned int node, uint64_t bytes);
/** How many times more a write gains by a fast tier than a read does: 1...8. All in time for one
 *  access, or for one byte; 0: not known, which makes it 1. */
unsigned int tiers_write_weight(double fast_read, double fast_write, double slow_read,
				double slow_write);
/** Ranks with a node that a process's cpuset allows: a bit each. */
uint32_t tiers_allowed(const struct tiers *tiers, const struct status *status);

#endif
