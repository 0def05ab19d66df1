/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pay.h -- does a move pay? */
#ifndef RAMIFY_CORE_PAY_H
#define RAMIFY_CORE_PAY_H

#include "plan.h"

/* What a look at the two sides of a boundary between tiers needs to know. */
struct pay {
	uint64_t use_ns;	/* that a page used once is served faster */
	uint64_t copy_ns;	/* that moving a page costs */
	uint8_t hot_level;	/* the lowest that pays to be brought up, where there is room */
};

/** For the boundary between @rank and @rank + 1. */
struct pay pay_between(const struct plan_input *input, unsigned int rank);

/** Is it worth it to take a page at level @up up and one at @down down? @confidence of 255. */
bool pay_exchange(const struct pay *pay, unsigned int up, unsigned int down,
		  unsigned int confidence);

#endif
