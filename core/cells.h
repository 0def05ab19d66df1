/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cells.h -- a chunk that holds a cell for each page, changed in place. Private to core. */
#ifndef RAMIFY_CORE_CELLS_H
#define RAMIFY_CORE_CELLS_H

#include "space.h"

struct cells {
	struct heat_space *space;
	struct group *group;
	struct chunk *chunk;
	uint64_t number;
	enum policy_tier tier;
	uint64_t tier_end;	/* address up to which @tier holds */
};

/** The chunk must be there, and hold cells. */
static inline struct cells cells_begin(struct heat_space *space, uint64_t number)
{
	struct cells c = { .space = space, .number = number };

	c.chunk = space_find(space, number, &c.group);
	return c;
}

static inline void cells_count(struct cells *c, unsigned int rank, unsigned int level, int sign)
{
	c->space->tenant->pages[rank][level] += (uint64_t)sign;
	c->space->tenant->resident_pages += (uint64_t)sign;
}

/** Pages in rising order. The tenant's sums follow. */
static inline void cells_set(struct cells *c, unsigned int page, cell_t cell)
{
	unsigned int write_levels = c->space->tenant->write_levels;
	uint64_t address = chunk_address(c->number) + (uint64_t)page * HEAT_PAGE;
	cell_t old = c->chunk->cells[page];

	if (cell == old)
		return;
	if (address >= c->tier_end)
		c->tier = space_tier(c->space, address, &c->tier_end);
	c->chunk->cells[page] = cell;
	if (cell_present(old))
		cells_count(c, cell_rank(old), tier_level(c->tier, old, write_levels), -1);
	if (!cell_present(cell))
		return;
	cells_count(c, cell_rank(cell), tier_level(c->tier, cell, write_levels), 1);
	c->group->levels[cell_rank(cell)] |= 1u << tier_level(c->tier, cell, write_levels);
}

/** Sums of the chunk as a whole; it is held as runs again if they are few. *@ret_chunk: NULL if no page
 *  is left. -ENOMEM: it is as if never seen. */
int cells_end(struct cells *cells, struct chunk **ret_chunk);

#endif
