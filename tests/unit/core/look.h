/* SPDX-License-Identifier: GPL-2.0-or-later */
/* look.h -- looks at a space of pages, for the tests of plans. */
#ifndef RAMIFY_TESTS_LOOK_H
#define RAMIFY_TESTS_LOOK_H

#include "core/plan.h"

#include "random.h"

#define KIB4 4096ull
#define BASE 0x7f0000000000ull

static inline void look(struct heat_space *space, const struct heat_run *runs, size_t n)
{
	static const struct heat_look exact = { .confidence = 255, .grain_shift = 12 };

	heat_look_begin(space, &exact);
	assert_int_equal(heat_fold(space, runs, n), 0);
	heat_look_end(space);
}

/* Pages from @first on, used or not at this look. */
static inline struct heat_run pages(uint32_t first, uint32_t n, unsigned int rank, bool used)
{
	return (struct heat_run){ .start = BASE + first * KIB4,
				  .n_pages = n,
				  .state = HEAT_PRESENT,
				  .rank = (uint8_t)rank,
				  .rate = used ? 255 : 0 };
}

#endif
