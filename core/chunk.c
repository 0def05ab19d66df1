// SPDX-License-Identifier: GPL-2.0-or-later
/* chunk.c -- the shortest of three ways to hold 512 cells. */

#include "chunk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What a block on the heap costs besides. */
#define MALLOC_BYTES 16

/* Runs are allocated in steps, so that one more or less is mostly for free. */
#define RUNS_STEP 8

static size_t runs_bytes(unsigned int n)
{
	return (n + RUNS_STEP - 1) / RUNS_STEP * RUNS_STEP * sizeof(struct run);
}

/* Of the block that @n runs need: 0 is no block. */
static size_t block_bytes(unsigned int n)
{
	if (!n)
		return HEAT_CHUNK_PAGES * sizeof(cell_t);
	return n <= CHUNK_RUNS_INLINE ? 0 : runs_bytes(n);
}

static void read_cells(const cell_t *cells, struct runs *runs)
{
	runs->n = 0;
	for (unsigned int i = 0; i < HEAT_CHUNK_PAGES; i++)
		runs_append(runs, i, cells[i]);
}

unsigned int chunk_view(const struct chunk *chunk, struct runs *buf,
			const struct run **ret_run)
{
	if (!chunk->n_runs) {
		read_cells(chunk->cells, buf);
		*ret_run = buf->run;
		return buf->n;
	}
	*ret_run = chunk->n_runs <= CHUNK_RUNS_INLINE ? chunk->few : chunk->runs;
	return chunk->n_runs;
}

void chunk_read(const struct chunk *chunk, struct runs *ret_runs)
{
	const struct run *run;
	unsigned int n = chunk_view(chunk, ret_runs, &run);

	if (run != ret_runs->run)
		memcpy(ret_runs->run, run, n * sizeof(*run));
	ret_runs->n = n;
}

static void part_of_runs(const struct chunk *chunk, unsigned int first, unsigned int end,
			 struct runs *runs)
{
	const struct run *run;
	unsigned int n = chunk_view(chunk, runs, &run);

	for (unsigned int i = 0; i < n && run[i].first < end; i++) {
		unsigned int from = run[i].first > first ? run[i].first : first;

		if (run_end(run, n, i) > first)
			runs_append(runs, from, run[i].cell);
	}
}

void chunk_part(const struct chunk *chunk, unsigned int first, unsigned int end,
		struct runs *ret_runs)
{
	ret_runs->n = 0;
	if (first)
		runs_append(ret_runs, 0, CELL_ABSENT);
	if (chunk->n_runs)
		part_of_runs(chunk, first, end, ret_runs);
	for (unsigned int i = first; !chunk->n_runs && i < end; i++)
		runs_append(ret_runs, i, chunk->cells[i]);
	if (end < HEAT_CHUNK_PAGES)
		runs_append(ret_runs, end, CELL_ABSENT);
}

static void write_cells(cell_t *cells, const struct runs *runs)
{
	for (unsigned int i = 0; i < runs->n; i++) {
		unsigned int end = run_end(runs->run, runs->n, i);

		for (unsigned int page = runs->run[i].first; page < end; page++)
			cells[page] = runs->run[i].cell;
	}
}

static void fill(struct chunk *chunk, const struct runs *runs)
{
	if (!chunk->n_runs)
		write_cells(chunk->cells, runs);
	else if (chunk->n_runs <= CHUNK_RUNS_INLINE)
		memcpy(chunk->few, runs->run, runs->n * sizeof(*runs->run));
	else if (chunk->runs)
		memcpy(chunk->runs, runs->run, runs->n * sizeof(*runs->run));
}

void chunk_clear(struct chunk *chunk, size_t *bytes)
{
	size_t old = block_bytes(chunk->n_runs);

	if (old) {
		free(chunk->runs);
		*bytes -= old + MALLOC_BYTES;
	}
	chunk->runs = NULL;
	chunk->n_runs = 1;
}

int chunk_write(struct chunk *chunk, const struct runs *runs, size_t *bytes)
{
	unsigned int n = runs->n <= CHUNK_RUNS_MAX ? runs->n : 0;
	size_t need = block_bytes(n);
	void *block = NULL;

	if (need != block_bytes(chunk->n_runs)) {
		if (need) {
			block = malloc(need);
			if (!block)
				return -ENOMEM;
			*bytes += need + MALLOC_BYTES;
		}
		chunk_clear(chunk, bytes);
		chunk->runs = block;
	}
	chunk->n_runs = (uint16_t)n;
	fill(chunk, runs);
	return 0;
}
