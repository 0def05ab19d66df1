/* SPDX-License-Identifier: GPL-2.0-or-later */
/* batch.h -- moves in an order in which memory never runs short. */
#ifndef RAMIFY_CORE_BATCH_H
#define RAMIFY_CORE_BATCH_H

#include "cut.h"
#include "plan.h"

/**
 * Order @n @moves in place, and number their batches; those for which there is no room are left
 * out, dry runs come last. A move of which only a part fits is cut, as long as there are no more
 * than @max. @cuts are those of all tenants, in order: nobody gets more than its share, also
 * where what should go down cannot. Returns how many moves there are then. @buf has room for @n.
 */
size_t batch_order(const struct plan_input *input, uint64_t batch_pages, struct cut *cuts,
		   struct plan_move *moves, size_t n, size_t max, struct plan_move *buf);

#endif
