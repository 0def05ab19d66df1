/* SPDX-License-Identifier: GPL-2.0-or-later */
/* decisions.h -- what was planned lately, and why. */
#ifndef RAMIFYD_DECISIONS_H
#define RAMIFYD_DECISIONS_H

#include "core/plan.h"
#include "tenant.h"

#define DECISIONS_MAX 1024

/** What became of a decision's pages. What is in none of these was not tried: that is still to
 *  come, or moves were stopped, or the process ended. */
struct outcome {
	uint32_t fates[MOVE_FATES];	/* MOVE_MOVED: also split, joined */
	uint32_t put_off, forbidden;	/* as in struct move_counts */
};

/* All moves of one process in one round that have these in common. */
struct decision {
	uint64_t time_ns;	/* CLOCK_REALTIME */
	uint32_t round;
	const void *space;	/* only to be compared with others of the same round */
	char *tenant;
	pid_t pid;
	uint8_t kind, reason;	/* enum plan_kind, enum plan_reason */
	uint8_t from, to;	/* ranks */
	uint8_t level_min, level_max;	/* of heat */
	bool dry_run;		/* not to be done, by policy or by [global] */
	bool paused;		/* not to be done now */
	uint64_t start, end;	/* addresses that hold them all */
	uint64_t pages;
	struct outcome outcome;
	uint16_t number;	/* by which its moves are tagged */
	uint16_t slot;		/* by which it is found; + 1 */
};

/** The last DECISIONS_MAX of them. Starts out zeroed. */
struct decisions {
	struct decision items[DECISIONS_MAX];
	size_t n;		/* ever; the next is items[n % DECISIONS_MAX] */
	uint16_t slots[2 * DECISIONS_MAX];	/* those of the last round, by hash; + 1 */
};

/** @dry_run, @paused: why nothing of the plan will be done, if so. Its moves are tagged. */
void decisions_take(struct decisions *decisions, const struct plan *plan, uint32_t round,
		    bool dry_run, bool paused);
/** Of a move of the plan that was last taken. NULL: too many decisions came after it. */
struct outcome *decisions_outcome(struct decisions *decisions, const struct plan_move *move);
/** The last one for 0, and so on. NULL: no more. */
const struct decision *decisions_back(const struct decisions *decisions, size_t back);
void decisions_clear(struct decisions *decisions);

#endif
