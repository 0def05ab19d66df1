// SPDX-License-Identifier: GPL-2.0-or-later
/* cells.c -- what the cells of a chunk come to, when all were changed. */

#include "cells.h"

int cells_end(struct cells *c, struct chunk **ret_chunk)
{
	const cell_t *cells = c->chunk->cells;
	unsigned int n_runs = 1, slow = 0;
	cell_t any = 0;
	struct runs runs;

	tenant_changed(c->space->tenant);
	for (unsigned int page = 0; page < HEAT_CHUNK_PAGES; page++) {
		/* What is absent has no heat. */
		slow += cells[page] & 255;
		any |= cells[page];
		n_runs += page && cells[page] != cells[page - 1];
	}
	if (n_runs <= CHUNK_RUNS_MAX) {
		chunk_read(c->chunk, &runs);
		return space_store(c->space, c->number, &runs, ret_chunk);
	}
	space_warm(c->space, c->group, c->number % GROUP_CHUNKS, any & CELL_HEAT);
	c->chunk->expected = (uint16_t)(slow / 255);
	*ret_chunk = c->chunk;
	return 0;
}
