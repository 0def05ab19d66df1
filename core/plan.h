/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan.h -- heat, capacities and policies in; an ordered list of moves out. */
#ifndef RAMIFY_CORE_PLAN_H
#define RAMIFY_CORE_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capacity.h"
#include "heat.h"

/** One tier as it is now: the sum of its nodes, fastest tier first. */
struct plan_tier {
	uint64_t free_bytes;
	uint64_t high_bytes;	/* free memory to be kept, above the kernel's own marks */
	uint32_t read_ns, write_ns;	/* of one access; 0: not known */
};

struct plan_input {
	const struct plan_tier *tiers;
	unsigned int n_tiers;	/* 1 ... HEAT_RANKS_MAX */
	unsigned int fast_rank;	/* the last rank that `fast` means in policies: 0, or 1 where
				 * both HBM and DRAM are fast */
	uint32_t interval_ms;	/* since the plan before: what a rate a second comes to */
	uint64_t rate_bytes;	/* a second, moved for all; 0: no limit */
	uint64_t batch_bytes;	/* moved without looking at free memory again; 0: 32 MiB */
	uint32_t copy_ns;	/* to move a page, with all that belongs to it; 0: 10,000 */
	uint32_t moves_max;	/* length of the list; 0: 65536 */
	struct capacity *capacities;	/* HEAT_RANKS_MAX, which the plans before have left; NULL:
					 * what there is now is shared out */
};

enum plan_kind {
	PLAN_DEMOTE,		/* to a slower tier */
	PLAN_PROMOTE,		/* to a faster tier */
	PLAN_SPLIT,		/* a huge page: its heat may be in a part of it */
	PLAN_JOIN,		/* what was split for that, and is evenly hot */
};

/** Why: what the daemon shows for each decision. */
enum plan_reason {
	PLAN_HEADROOM,		/* free memory was below the mark */
	PLAN_MAXIMUM,		/* the tenant had more than fast-max */
	PLAN_SHARE,		/* it had more than its share; another wants it */
	PLAN_ORDER,		/* colder than what takes its place */
	PLAN_DECREE,		/* the policy or the program says where it belongs */
	PLAN_MINIMUM,		/* up to the guaranteed minimum */
	PLAN_HOT,		/* hot, and within the share */
	PLAN_OBSERVE,		/* split or join */
	PLAN_REJOINED,		/* split again: the kernel joined it, though its heat is in a part of it */
};

/** One stretch of pages, at most a chunk, all of the same tenant. */
struct plan_move {
	struct heat_space *space;
	uint64_t start;
	uint16_t n_pages;	/* with HEAT_HUGE pages: 512, to be moved as one */
	uint8_t kind, reason;	/* enum plan_kind, enum plan_reason */
	uint8_t from, to;	/* ranks; equal for PLAN_SPLIT and PLAN_JOIN */
	uint8_t level;		/* heat */
	bool huge;
	bool dry_run;		/* to be shown, not done; nothing else rests on it */
	uint16_t tag;		/* for whoever carries it out */
	uint32_t batch;
};

/** Why a tenant is not exchanging cold pages for hot ones, if it is not. */
enum plan_state {
	PLAN_SETTLED,		/* nothing would pay */
	PLAN_MOVING,
	PLAN_LIMITED,		/* more would pay; the rate is used up */
	PLAN_LEFT_ALONE,	/* its pages went to and fro */
};

/** One tenant's part. Fast means ranks 0 ... fast_rank. */
struct plan_tenant {
	struct heat_tenant *tenant;
	uint64_t resident_bytes;
	uint64_t fast_bytes;	/* held now */
	uint64_t min_bytes, max_bytes;	/* the policy's, in bytes */
	uint64_t wanted_bytes;	/* hot */
	uint64_t granted_bytes;
	uint64_t promote_bytes, demote_bytes;	/* in this plan */
	uint8_t hot_level;	/* from this heat level on a page pays for its move */
	uint8_t threshold_level;	/* the coldest level that has room in its share */
	uint8_t state;		/* enum plan_state */
	uint8_t saturated;	/* of 255: how much of what is hot is in one level with what
				 * the threshold cuts. High: look more often, or split */
};

/**
 * Moves are in the order in which they are to be done. All of one batch may be given to the
 * kernel together; batches demote first, then promote. What is split again comes before them, as
 * its pages may be among them. Before a batch of promotions read
 * the free memory of each node: at most half of (free - high) may be used, what does not fit
 * is dropped; the next plan has it again. Batches are laid out so that this holds if memory is as
 * @tiers said.
 */
struct plan {
	struct plan_move *moves;
	size_t n_moves;
	struct plan_tenant *tenants;	/* in the order of heat's tenants */
	size_t n_tenants;
	uint64_t capacity_bytes;	/* of the fast tiers: held by tenants + free - high, as it has settled */
	uint64_t minima_bytes;		/* guaranteed in all */
	uint64_t promote_bytes, demote_bytes;
	bool minima_scaled;		/* they are more than the capacity: say so */
	bool limited;			/* the rate cut it short */
	/* private */
	size_t moves_size, tenants_size;
	struct plan_rows *rows;
};

/**
 * Make a plan. The same heat and input give the same plan; nothing of @heat is changed (what
 * came of the moves is told by heat_moved() and its like). @plan starts out zeroed, and its
 * arrays are used again by the next call, which is about the same heat; on failure it has no moves. -EINVAL for
 * tiers that make no sense, -ENOMEM.
 *
 * Cost: a few operations a tenant, and a look at its histogram if anything about it has changed since the plan
 * before; then, for those with something to move, a walk over groups of 64 MiB that finds only the chunks which have
 * it.
 */
int plan_make(const struct heat *heat, const struct plan_input *input, struct plan *plan);
void plan_free(struct plan *plan);

/** How much of a tenant's accesses would be served fast if it had @fast_bytes: of 65536, with
 *  the hottest pages there. What `advise` draws. */
uint32_t plan_hit_share(const struct heat_tenant *tenant, uint64_t fast_bytes);

const char *plan_kind_name(enum plan_kind kind);
const char *plan_reason_name(enum plan_reason reason);
const char *plan_state_name(enum plan_state state);

#endif
