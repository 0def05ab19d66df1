/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* chase.h -- a chain of pointers through memory, in an order that no prefetcher guesses. */
#ifndef RAMIFY_LIB_CHASE_H
#define RAMIFY_LIB_CHASE_H

#include <stddef.h>
#include <stdint.h>

/* A link each: more than a cache line, as lines are fetched in pairs, and persistent memory
 * reads in units of it. */
#define CHASE_STRIDE 256

/* Makes one cycle of all links of @buffer, whose size is a multiple of the stride. */
void chase_build(char *buffer, size_t bytes, uint64_t seed);

/* Goes @steps on, each of which has to wait for the one before. */
void *chase_run(void *link, size_t steps);

#endif
