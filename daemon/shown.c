// SPDX-License-Identifier: GPL-2.0-or-later
/* shown.c -- a tenant in the figures that are shown of it. */

#include "shown.h"

struct shown shown_of(const struct round *round, const struct tenant *tenant)
{
	/* Before the first plan: all that was used. */
	unsigned int hot = tenant->part.tenant ? tenant->part.hot_level : HEAT_LEVEL_COLD + 1;
	struct heat_sums sums = heat_sums(tenant->heat, round->tiers.fast_rank, hot);

	return (struct shown){
		.fast_bytes = sums.fast_bytes,
		.slow_bytes = sums.resident_bytes - sums.fast_bytes,
		.hot_bytes = sums.hot_bytes,
		.cold_bytes = sums.resident_bytes - sums.hot_bytes,
		.blind_bytes = sums.blind_bytes,
		.left_alone = sums.left_alone,
	};
}
