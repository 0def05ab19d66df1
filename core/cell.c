// SPDX-License-Identifier: GPL-2.0-or-later
/* cell.c -- a fast and a slow average of how often a page is used, and what they come to. */

#include "cell.h"

/* Looks that the slow average remembers, at first and later. Not fewer at first: a page that
 * is used once, when it is new, must not look hot for long. */
#define MEMORY_LOOKS_NEW 16
#define MEMORY_LOOKS 32

/*
 * Where the last four looks all say the other thing than the slow average, the page may have
 * changed: it learns faster until the two agree. Not at once: of a million pages many are lucky
 * four times.
 */
#define CHANGED_MIDDLE 128
#define CHANGED_STEP 4

/*
 * Levels by slow average. A page used x times a look is seen used in a share 1 - exp(-x) of them;
 * level 22 begins at x = 4, each one below at 1/1.3 of that.
 */
static const uint8_t level_of[256] = {
	/* clang-format off */
	 1,  1,  1,  1,  1,  1,  2,  3,  3,  4,  4,  4,  5,  5,  5,  6,
	 6,  6,  6,  6,  7,  7,  7,  7,  7,  8,  8,  8,  8,  8,  8,  8,
	 9,  9,  9,  9,  9,  9,  9,  9,  9, 10, 10, 10, 10, 10, 10, 10,
	10, 10, 10, 10, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11,
	11, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12,
	12, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13,
	13, 13, 13, 14, 14, 14, 14, 14, 14, 14, 14, 14, 14, 14, 14, 14,
	14, 14, 14, 14, 14, 14, 14, 14, 14, 15, 15, 15, 15, 15, 15, 15,
	15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15,
	16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16,
	16, 16, 16, 16, 16, 16, 16, 16, 16, 17, 17, 17, 17, 17, 17, 17,
	17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17,
	17, 18, 18, 18, 18, 18, 18, 18, 18, 18, 18, 18, 18, 18, 18, 18,
	18, 18, 18, 18, 18, 18, 19, 19, 19, 19, 19, 19, 19, 19, 19, 19,
	19, 19, 19, 19, 19, 19, 19, 19, 20, 20, 20, 20, 20, 20, 20, 20,
	20, 20, 20, 20, 21, 21, 21, 21, 21, 21, 21, 22, 22, 22, 22, 22,
	/* clang-format on */
};
/* Below it a page is as cold as one that was never used. */
#define SLOW_COLD 6

/* Of a page used in both of the last two looks, at least. */
#define LEVEL_TWICE 6
#define CELL_TWICE 0x300u

/* The use a look in the middle of each level, in 1/1024. */
static const uint32_t level_rate[HEAT_LEVELS] = {
	0,    0,    25,	  32,	 42,	54,    70,    91,    119,   154,  200,
	261,  339,  440,  573,	 744,	968,   1258,  1635,  2126,  2763, 3592,
	4670, 6071, 7893, 10260, 13338, 17340, 22542, 29305, 38096, 4670,
};

uint32_t heat_level_rate(unsigned int level)
{
	return level < HEAT_LEVELS ? level_rate[level] : 0;
}

uint32_t sight_step(unsigned int seen, unsigned int confidence)
{
	unsigned int looks = seen < MEMORY_LOOKS ? seen : MEMORY_LOOKS;

	if (looks < MEMORY_LOOKS_NEW)
		looks = MEMORY_LOOKS_NEW;
	return 65536 / looks * (confidence ? confidence : 1) / 255;
}

static unsigned int approach(unsigned int slow, unsigned int recent,
			     const struct sight *sight)
{
	int64_t step = sight->step;

	if (recent == 15 ? slow < CHANGED_MIDDLE : !recent && slow > CHANGED_MIDDLE)
		step *= CHANGED_STEP;
	return slow + (int)((((int64_t)sight->rate - slow) * step + sight->dither) >> 16);
}

/* What is too cold to be told from never used is so: then whole chunks become equal. */
static cell_t compose(cell_t old, unsigned int slow, unsigned int recent)
{
	if (!recent && slow < SLOW_COLD)
		return old & CELL_ABSENT;
	return (cell_t)((old & ~CELL_HEAT) | recent << 8 | slow);
}

cell_t cell_seen(cell_t cell, const struct sight *sight)
{
	unsigned int recent = (cell >> 8 << 1 | (sight->rate > 127)) & 15;

	return compose(cell, approach(cell & 255, recent, sight), recent);
}

/* After n looks without use, 3/n is the most that is credible at one in 20. */
cell_t cell_idle(cell_t cell, unsigned int looks, unsigned int in_all,
		 const struct sight *sight)
{
	unsigned int recent = cell >> 8 & 15, slow = cell & 255;

	for (unsigned int i = 0; i < looks && (slow || recent); i++) {
		recent = recent << 1 & 15;
		slow = approach(slow, recent, sight);
	}
	if (in_all > 4 && slow > 3 * 255 / in_all)
		slow = 3 * 255 / in_all;
	return compose(cell, slow, recent);
}

/* Levels are a scale of 1.3. */
unsigned int cell_write_levels(unsigned int weight)
{
	static const uint8_t levels[9] = { 0, 0, 3, 4, 5, 6, 7, 7, 8 };

	return levels[weight < 9 ? weight : 8];
}

unsigned int cell_level(cell_t cell, unsigned int write_levels)
{
	unsigned int level = level_of[cell & 255];

	/* Who comes back wants its share now, not when it has become a habit. */
	if (level < LEVEL_TWICE && (cell & CELL_TWICE) == CELL_TWICE)
		level = LEVEL_TWICE;
	if (level > HEAT_LEVEL_COLD && cell & CELL_WRITTEN)
		level += write_levels;
	return level;
}
