/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cut.h -- one tenant at one boundary between tiers: how much goes up, how much down. */
#ifndef RAMIFY_CORE_CUT_H
#define RAMIFY_CORE_CUT_H

#include "pay.h"
#include "share.h"
#include "space.h"

/* In pages. Above the boundary are ranks up to @rank. */
struct cut {
	const struct heat_tenant *tenant;
	uint8_t rank;
	uint8_t reason;			/* why .excess must go */
	uint8_t hot_level;		/* from here on a page pays for its move up */
	uint8_t up_level, down_level;	/* all above, and below, these go ... */
	uint8_t contested;		/* with huge = split: the coldest level that has room in the
					 * share; 0: all that is hot has */
	bool more;			/* it would pay to move more */
	uint64_t up_part, down_part;	/* ... and so many of just these */
	uint64_t minimum, granted;	/* of the share */
	uint64_t upper;			/* what is above now */
	int64_t room;			/* in the share; as moves are laid out, what is left of it */
	/* What is to move, in the order of its importance. */
	uint64_t decreed;		/* down: it wants slow memory */
	uint64_t excess;		/* down: more than the share */
	uint64_t fill;			/* up: there is room in the share */
	uint64_t exchange;		/* up, and as many down */
};

/** What a tenant claims above the boundary; @above is what it was granted at the one
 *  before, in bytes. */
struct share_claim cut_claim(const struct heat_tenant *tenant, const struct plan_input *input,
			     unsigned int rank, const struct pay *pay, uint64_t above);

/** Amounts, from what was granted. Not .reason. */
void cut_amounts(struct cut *cut, const struct pay *pay);

/** Levels, from amounts. */
void cut_levels(struct cut *cut);

static inline uint64_t cut_up(const struct cut *cut)
{
	return cut->fill + cut->exchange;
}

static inline uint64_t cut_down(const struct cut *cut)
{
	return cut->decreed + cut->excess + cut->exchange;
}

#endif
