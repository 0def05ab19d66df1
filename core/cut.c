// SPDX-License-Identifier: GPL-2.0-or-later
/* cut.c -- pages ranked by level, cut where the share ends. */

#include "cut.h"

#include <string.h>

static uint64_t smaller(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Pages by level on both sides of a boundary. */
struct sides {
	uint64_t upper[HEAT_LEVELS], lower[HEAT_LEVELS];
};

static void read_sides(const struct heat_tenant *tenant, unsigned int rank,
		       struct sides *ret_sides)
{
	memset(ret_sides, 0, sizeof(*ret_sides));
	for (unsigned int r = 0; r < HEAT_RANKS_MAX; r++) {
		uint64_t *side = r <= rank ? ret_sides->upper : ret_sides->lower;

		for (unsigned int level = 0; level < HEAT_LEVELS; level++)
			side[level] += tenant->pages[r][level];
	}
}

static uint64_t sum_from(const uint64_t *pages, unsigned int level)
{
	uint64_t sum = 0;

	for (; level < HEAT_LEVELS; level++)
		sum += pages[level];
	return sum;
}

/* A tenant that may not go to one side has no choice. */
static void claim_forced(const struct heat_tenant *tenant, unsigned int rank,
			 struct share_claim *claim)
{
	uint32_t upper = (2u << rank) - 1;

	if (!(tenant->ranks & upper))
		claim->max = 0;
	else if (!(tenant->ranks & ~upper))
		claim->min = claim->held;
}

/*
 * What is not used lately is lent, long before its heat is gone; by one whose pages have just come
 * back from that, only what is lent already.
 */
static uint64_t active_part(const struct heat_tenant *tenant, uint64_t bytes, uint64_t held)
{
	uint64_t active = (uint64_t)((unsigned __int128)bytes * tenant->activity / 255);
	uint64_t kept = smaller(bytes, held);

	if (tenant->watch.quiet_until > tenant->heat->round && active < kept)
		return kept;
	return active;
}

struct share_claim cut_claim(const struct heat_tenant *tenant,
			     const struct plan_input *input, unsigned int rank,
			     const struct pay *pay, uint64_t above)
{
	const struct policy_settings *s = &tenant->settings;
	uint64_t resident = heat_resident_bytes(tenant), decreed;
	struct share_claim claim = { .weight = s->weight, .max = UINT64_MAX };
	struct sides sides;

	read_sides(tenant, rank, &sides);
	/* What wants slow memory claims nothing. */
	claim.resident = (sum_from(sides.upper, 1) + sum_from(sides.lower, 1)) * HEAT_PAGE;
	claim.held = sum_from(sides.upper, 1) * HEAT_PAGE;
	claim.wanted = (sum_from(sides.upper, pay->hot_level) +
			sum_from(sides.lower, pay->hot_level)) *
		       HEAT_PAGE;
	decreed = (sides.upper[HEAT_LEVEL_FAST] + sides.lower[HEAT_LEVEL_FAST]) * HEAT_PAGE;
	claim.wanted = decreed + active_part(tenant, claim.wanted - decreed, claim.held);
	if (rank >= input->fast_rank)
		claim.min = policy_bytes(s->fast_min, resident);
	if (rank <= input->fast_rank)
		claim.max = policy_bytes(s->fast_max, resident);
	claim_forced(tenant, rank, &claim);
	if (claim.min < above)
		claim.min = above;
	return claim;
}

/* What must go, coldest first; it goes out of @sides. */
static void take_out(struct cut *cut, struct sides *sides)
{
	uint64_t left;

	cut->decreed = sides->upper[HEAT_LEVEL_SLOW];
	sides->upper[HEAT_LEVEL_SLOW] = 0;
	left = cut->upper - cut->decreed;
	cut->excess = left > cut->granted ? left - cut->granted : 0;
	left = cut->excess;
	for (unsigned int level = 1; level < HEAT_LEVELS && left; level++) {
		uint64_t pages = smaller(left, sides->upper[level]);

		sides->upper[level] -= pages;
		left -= pages;
	}
}

/* Hot pages fill the share; cold ones no more than the guaranteed minimum. */
static void fill_share(struct cut *cut, struct sides *sides, const struct pay *pay)
{
	uint64_t have = cut->upper - cut->decreed - cut->excess;

	for (unsigned int level = HEAT_LEVELS - 1; level > HEAT_LEVEL_SLOW; level--) {
		uint64_t limit = level >= pay->hot_level ? cut->granted : cut->minimum;
		uint64_t room = limit > have ? limit - have : 0;
		uint64_t pages = smaller(room, sides->lower[level]);

		sides->lower[level] -= pages;
		cut->fill += pages;
		have += pages;
	}
}

/* The hottest below for the coldest above, as long as that pays. */
static void exchange(struct cut *cut, struct sides *sides, const struct pay *pay)
{
	const struct watch *watch = &cut->tenant->watch;
	bool alone = watch->quiet_until > cut->tenant->heat->round;
	unsigned int up = HEAT_LEVELS - 1, down = 1;

	while (up > down) {
		uint64_t pages = smaller(sides->lower[up], sides->upper[down]);

		if (!sides->lower[up]) {
			up--;
		} else if (!sides->upper[down]) {
			down++;
		} else if (!pay_exchange(pay, up, down, cut->tenant->confidence)) {
			return;
		} else if (alone && up != HEAT_LEVEL_FAST) {
			cut->more = true;
			return;
		} else {
			sides->lower[up] -= pages;
			sides->upper[down] -= pages;
			cut->exchange += pages;
		}
	}
}

/* The coldest level that has room in the share, or 0 if all that is hot has. */
static unsigned int contested_level(const struct cut *cut, const struct sides *sides)
{
	uint64_t sum = 0;

	for (unsigned int level = HEAT_LEVELS - 1; level >= cut->hot_level; level--) {
		sum += sides->upper[level] + sides->lower[level];
		if (sum > cut->granted)
			return level;
	}
	return 0;
}

void cut_amounts(struct cut *cut, const struct pay *pay)
{
	struct sides sides;

	read_sides(cut->tenant, cut->rank, &sides);
	cut->upper = sum_from(sides.upper, 0);
	cut->hot_level = pay->hot_level;
	cut->room = (int64_t)cut->granted - (int64_t)cut->upper;
	if (cut->tenant->settings.huge == POLICY_HUGE_SPLIT)
		cut->contested = (uint8_t)contested_level(cut, &sides);
	take_out(cut, &sides);
	fill_share(cut, &sides, pay);
	exchange(cut, &sides, pay);
}

void cut_levels(struct cut *cut)
{
	uint64_t up = cut_up(cut), down = cut_down(cut);
	struct sides sides;
	unsigned int level;

	read_sides(cut->tenant, cut->rank, &sides);
	for (level = HEAT_LEVELS - 1; level && sides.lower[level] < up; level--)
		up -= sides.lower[level];
	cut->up_level = (uint8_t)level;
	cut->up_part = up;
	for (level = 0; level < HEAT_LEVELS - 1 && sides.upper[level] < down; level++)
		down -= sides.upper[level];
	cut->down_level = (uint8_t)level;
	cut->down_part = down;
}
