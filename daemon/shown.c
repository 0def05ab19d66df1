// SPDX-License-Identifier: GPL-2.0-or-later
/* shown.c -- a tenant in the figures that are shown of it. */

#include "shown.h"

struct shown shown_of(const struct round *round, const struct tenant *tenant)
{
	/* Before the first plan: all that was used. */
	unsigned int hot = tenant->part.tenant ? tenant->part.hot_level : HEAT_LEVEL_COLD + 1;
	struct heat_stat stat;
	struct shown shown;

	heat_stat(tenant->heat, &stat);
	shown = (struct shown){ .blind_bytes = stat.blind_pages * HEAT_PAGE,
				.left_alone = stat.left_alone };
	for (unsigned int rank = 0; rank < HEAT_RANKS_MAX; rank++) {
		for (unsigned int level = 0; level < HEAT_LEVELS; level++) {
			uint64_t bytes = stat.pages[rank][level] * HEAT_PAGE;

			*(rank <= round->tiers.fast_rank ? &shown.fast_bytes :
							   &shown.slow_bytes) += bytes;
			*(level >= hot ? &shown.hot_bytes : &shown.cold_bytes) += bytes;
		}
	}
	return shown;
}
