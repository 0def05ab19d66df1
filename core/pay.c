// SPDX-License-Identifier: GPL-2.0-or-later
/* pay.c -- what a move costs, what it gains, and whether that is more than luck. */

#include "pay.h"

/* A page that is used is read through: so many accesses to memory, one a cache line. */
#define USE_ACCESSES 64
/* Where latencies are not known. */
#define DELTA_NS 170
#define COPY_NS 10000
/* Looks for which a page is expected to stay as hot, and where it is. */
#define STAY_LOOKS 16
/* A difference in use is believed from so many standard errors on. */
#define ERRORS 3

/*
 * The share of looks that find a page of a level used, in 1/1024, and the square of its standard
 * error: a slow average of 32 looks is as good as 63 of them with equal weight, and of 63 a share p
 * is known by p (1 - p) / 63.
 */
static const uint16_t level_share[HEAT_LEVELS] = {
	0,    10,   24,	  31,	41,   53,   68,	  87,	112,  143,  182,
	230,  288,  358,  439,	529,  626,  724,  817,	896,  955,  993,
	1013, 1013, 1013, 1013, 1013, 1013, 1013, 1013, 1013, 1013,
};
static const uint16_t error_square[HEAT_LEVELS] = {
	1,    164,  385,  496,	635,  811,  1030, 1298, 1621, 2001, 2433,
	2899, 3368, 3784, 4075, 4156, 3955, 3446, 2688, 1826, 1045, 484,
	172,  172,  172,  172,	172,  172,  172,  172,	172,  172,
};

/* From here on levels are raised by writes, and their share is not known. */
#define LEVEL_WRITTEN 23
/* So many levels are a factor of 2.2. */
#define LEVELS_APART 3

static uint64_t delta_ns(const struct plan_tier *fast, const struct plan_tier *slow)
{
	if (!fast->read_ns || slow->read_ns <= fast->read_ns)
		return DELTA_NS;
	return slow->read_ns - fast->read_ns;
}

/* @rate is in 1/1024 uses a look. */
static bool gains(const struct pay *pay, uint64_t rate, unsigned int copies)
{
	return rate * STAY_LOOKS * pay->use_ns / 1024 >= copies * pay->copy_ns;
}

struct pay pay_between(const struct plan_input *input, unsigned int rank)
{
	struct pay pay = {
		.use_ns = USE_ACCESSES *
			  delta_ns(&input->tiers[rank], &input->tiers[rank + 1]),
		.copy_ns = input->copy_ns ? input->copy_ns : COPY_NS,
		.hot_level = HEAT_LEVEL_COLD + 1,
	};

	while (pay.hot_level < HEAT_LEVEL_FAST &&
	       !gains(&pay, heat_level_rate(pay.hot_level), 1))
		pay.hot_level++;
	return pay;
}

/* Could two pages that are used alike have come to these levels by chance? */
static bool is_believed(unsigned int up, unsigned int down, unsigned int confidence)
{
	uint64_t difference = level_share[up] - level_share[down];
	uint64_t square = (uint64_t)error_square[up] + error_square[down];

	if (up >= LEVEL_WRITTEN && up - down >= LEVELS_APART)
		return true;
	return difference * difference * (confidence ? confidence : 1) >=
	       ERRORS * ERRORS * square * 255;
}

bool pay_exchange(const struct pay *pay, unsigned int up, unsigned int down,
		  unsigned int confidence)
{
	uint64_t difference;

	if (up <= down)
		return false;
	if (up == HEAT_LEVEL_FAST)
		return true;
	if (up < pay->hot_level)
		return false;
	difference = heat_level_rate(up) - heat_level_rate(down);
	return gains(pay, difference, 2) && is_believed(up, down, confidence);
}
