/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pick.h -- the pages that a tenant's cuts mean, found. */
#ifndef RAMIFY_CORE_PICK_H
#define RAMIFY_CORE_PICK_H

#include "cut.h"
#include "plan.h"

/** Moves as they are found, in order of address. */
struct picked {
	struct plan_move *moves;
	size_t n, size, max;
	bool full;		/* there would be more than max */
};

/** -ENOMEM. */
int picked_add(struct picked *picked, const struct plan_move *move);

/** All moves of @n_cuts boundaries of one tenant: the parts in @cuts are used up. @level: the share's
 *  .contested, for what is split again. -ENOMEM. */
int pick_moves(struct cut *cuts, unsigned int n_cuts, unsigned int level, struct picked *picked);

#endif
