/* SPDX-License-Identifier: GPL-2.0-or-later */
/* heat_world.h -- one tenant with one space, to be looked at. */
#ifndef RAMIFY_TESTS_CORE_HEAT_WORLD_H
#define RAMIFY_TESTS_CORE_HEAT_WORLD_H

#include <string.h>

#include "core/plan.h"

#include "random.h"

#define KIB4 4096ull
#define MIB2 (512 * KIB4)
#define BASE 0x7f0000000000ull

static const struct heat_look exact = { .confidence = 255, .grain_shift = 12 };

struct world {
	struct heat *heat;
	struct heat_tenant *tenant;
	struct heat_space *space;
};

static inline int setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	if (!w || heat_create(&w->heat) || heat_tenant_add(w->heat, w, &w->tenant) ||
	    heat_space_add(w->tenant, w, &w->space))
		return -1;
	*state = w;
	return 0;
}

static inline int teardown(void **state)
{
	struct world *w = *state;

	heat_destroy(w->heat);
	free(w);
	return 0;
}

static inline void look(struct world *w, const struct heat_run *runs, size_t n)
{
	heat_look_begin(w->space, &exact);
	assert_int_equal(heat_fold(w->space, runs, n), 0);
	heat_look_end(w->space);
}

static inline struct heat_run run(uint64_t start, uint32_t n_pages, enum heat_state state,
			   bool used)
{
	return (struct heat_run){
		.start = start,
		.n_pages = n_pages,
		.state = (uint8_t)state,
		.rate = used ? 255 : 0,
	};
}

static inline struct heat_piece piece_at(struct world *w, uint64_t address)
{
	struct heat_piece piece = { 0 };

	if (heat_pieces(w->space, address, &piece, 1) && piece.start > address)
		piece = (struct heat_piece){ 0 };
	return piece;
}

static inline unsigned int level_at(struct world *w, uint64_t address)
{
	return piece_at(w, address).level;
}

static inline uint64_t pages_at(struct world *w, unsigned int rank)
{
	struct heat_stat stat;
	uint64_t pages = 0;

	heat_stat(w->tenant, &stat);
	for (unsigned int level = 0; level < HEAT_LEVELS; level++)
		pages += stat.pages[rank][level];
	return pages;
}

#endif
