/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* add_plan.h -- what an add will do, found out without changing anything. */
#ifndef RAMIFY_LIB_ADD_PLAN_H
#define RAMIFY_LIB_ADD_PLAN_H

#include "op.h"
#include "target.h"

struct add_plan {
	struct ramify_add_plan told;	/* what the caller sees */
	struct ramify_add_options options;
	struct target target;
	struct state_ranges skip;	/* the caller's and known bad ones, by address */
	bool memmap_in_dram;		/* of the devdax that a namespace is converted to */
	bool marked;			/* what is in it is our own leftovers */
	char warning[1024];
};

/* As ramify_add_plan(). The plan takes @target over, and leaves it empty. */
int add_plan_make(struct op *op, struct target *target, const struct ramify_add_options *options,
		  struct add_plan *ret_plan);
void add_plan_clear(struct add_plan *plan);

/* The request to the driver; -E2BIG when there are too many ranges to skip. */
int add_plan_request(const struct add_plan *plan, char *buf, size_t size);

#endif
