/* SPDX-License-Identifier: GPL-2.0-or-later */
/* capacity.h -- how much there is to share out, without what others take and give back all the time. */
#ifndef RAMIFY_CORE_CAPACITY_H
#define RAMIFY_CORE_CAPACITY_H

#include <stdint.h>

/* A little more must last for so many plans. */
#define CAPACITY_PLANS 16
/* More than a little: this part of what there was. */
#define CAPACITY_MUCH 32

/** Of one boundary, from plan to plan. Starts out zeroed. */
struct capacity {
	uint64_t bytes;		/* to be shared out */
	uint64_t least;		/* there was in the plans since that was settled ... */
	unsigned int plans;	/* ... which are so many */
};

/**
 * Another plan: there are @measured bytes now. What is to be shared out is never more. Less holds
 * at once; so does much more. A little more is what was there in each of CAPACITY_PLANS plans.
 */
uint64_t capacity_settle(struct capacity *capacity, uint64_t measured);

#endif
