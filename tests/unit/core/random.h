/* SPDX-License-Identifier: GPL-2.0-or-later */
/* random.h -- numbers for property tests: the same seed, the same test. */
#ifndef RAMIFY_TESTS_CORE_RANDOM_H
#define RAMIFY_TESTS_CORE_RANDOM_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

/* splitmix64 */
static inline uint64_t random_next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

static inline uint64_t random_below(uint64_t *state, uint64_t n)
{
	return n ? random_next(state) % n : 0;
}

/* One case, by its seed: false, with what is wrong printed, if the property does not hold. */
typedef bool property_fn(uint64_t seed);

/* RAMIFY_SEED=N runs the one case that failed. */
static inline void check_property(property_fn *property, unsigned int cases)
{
	const char *one = getenv("RAMIFY_SEED");
	uint64_t first = one ? strtoull(one, NULL, 0) : 1;

	for (uint64_t seed = first; seed < first + (one ? 1 : cases); seed++) {
		if (!property(seed))
			fail_msg("does not hold: RAMIFY_SEED=%ju",
				 (uintmax_t)seed);
	}
}

#endif
