// SPDX-License-Identifier: GPL-2.0-or-later
/* watch.c -- which chunks of a process are watched for writes, a few at a time. */

#include "watch.h"

#include "core/heat.h"

#define CHUNK_BYTES ((uint64_t)HEAT_CHUNK_PAGES * HEAT_PAGE)

void watch_next(struct watch_turn *turn, uint32_t looks, uint64_t bytes, bool wanted)
{
	uint64_t chunks = bytes / CHUNK_BYTES + 1;

	/* What was not armed just as it is read tells nothing. */
	turn->begins = looks % 2 == 0 || !turn->every;
	if (!wanted)
		turn->every = 0;
	else if (turn->begins)
		turn->every = chunks < WATCH_EVERY ? (uint32_t)chunks : WATCH_EVERY;
	turn->phase = turn->every ? looks / 2 % turn->every : 0;
}
