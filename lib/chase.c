// SPDX-License-Identifier: LGPL-2.1-or-later
/* chase.c -- a chain of pointers through memory, in an order that no prefetcher guesses. */

#include "chase.h"

/* xorshift64*; good enough to shuffle, and the same everywhere. */
static uint64_t next_random(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 0x2545f4914f6cdd1dull;
}

static void **link_at(char *buffer, size_t i)
{
	return (void **)(buffer + i * CHASE_STRIDE);
}

/* Sattolo's shuffle of links that point to themselves: always a single cycle. */
void chase_build(char *buffer, size_t bytes, uint64_t seed)
{
	size_t n = bytes / CHASE_STRIDE;
	uint64_t state = seed | 1;

	for (size_t i = 0; i < n; i++)
		*link_at(buffer, i) = link_at(buffer, i);
	for (size_t i = n; i-- > 1;) {
		void **a = link_at(buffer, i), **b = link_at(buffer, next_random(&state) % i);
		void *kept = *a;

		*a = *b;
		*b = kept;
	}
}

void *chase_run(void *link, size_t steps)
{
	while (steps--)
		link = *(void *volatile *)link;
	return link;
}
