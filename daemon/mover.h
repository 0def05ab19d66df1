/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mover.h -- carries a plan out, a short step at a time. */
#ifndef RAMIFYD_MOVER_H
#define RAMIFYD_MOVER_H

#include "decisions.h"

struct mover {
	const struct plan *plan;	/* NULL: nothing to do */
	struct tiers *tiers;
	struct decisions *decisions;	/* that the plan's moves belong to */
	uint32_t generation;		/* of tiers, that plan is for */
	size_t at;			/* of plan's moves */
	unsigned int part;		/* pages of that one that are done with */
	uint32_t batch;			/* for which room was read, and ... */
	uint8_t kind;			/* ... for which of its moves */
	bool room_known;
	uint64_t room[ZONEINFO_NODES];	/* bytes for that batch */
	uint64_t others[ZONEINFO_NODES];	/* bytes that others took during a call lately; of all plans */
	struct move_counts counts;	/* of this plan */
	uint64_t calls;			/* of all plans */
	uint64_t calls_below_min;	/* that put a node below its min watermark, as it would not be without */
	uint64_t ns;			/* that moving took, and the longest call */
	uint64_t longest_ns;
};

/** @tiers is read anew before each batch, and free memory before each call. What becomes of moves
 *  is told to @decisions, which have taken the plan. @mover starts out zeroed. */
void mover_begin(struct mover *mover, const struct plan *plan, struct tiers *tiers,
		 struct decisions *decisions);

/** One call to the kernel at most. False: all is done. */
bool mover_step(struct mover *mover);

/** Forget the plan: spaces that it names may be gone. */
void mover_stop(struct mover *mover);

#endif
