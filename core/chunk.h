/* SPDX-License-Identifier: GPL-2.0-or-later */
/* chunk.h -- 2 MiB of one space: runs of equal pages, or a cell for each. */
#ifndef RAMIFY_CORE_CHUNK_H
#define RAMIFY_CORE_CHUNK_H

#include <stddef.h>
#include <stdint.h>

#include "cell.h"

/** A run begins at page @first, and ends where the next one does, or with the chunk. */
struct run {
	uint16_t first;
	cell_t cell;
};

#define CHUNK_RUNS_INLINE 2
#define CHUNK_RUNS_MAX 256	/* more take more room than a cell for each page */

enum {
	CHUNK_HUGE = 1,
	CHUNK_SPLIT = 2,	/* by us, to see where its heat is */
	CHUNK_JOINED = 4,	/* by the kernel, though where its heat is was known: it still is */
};

struct chunk {
	union {
		struct run few[CHUNK_RUNS_INLINE];
		struct run *runs;
		cell_t *cells;
	};
	uint32_t hold_until;	/* no moves before this round */
	uint16_t n_runs;	/* 0: .cells */
	uint8_t idle;		/* looks in a row in which nothing was used */
	uint8_t seen;		/* looks in all, up to 255 */
	uint8_t flags;
	uint8_t failures;	/* in a row */
	uint16_t expected;	/* pages that a look should find used, going by their averages */
};

/** Runs while they are worked on: in order, the first begins at 0, neighbours differ. */
struct runs {
	unsigned int n;
	struct run run[HEAT_CHUNK_PAGES];
};

void chunk_read(const struct chunk *chunk, struct runs *ret_runs);
/** Runs that a chunk holds as such are not copied: *@ret_run points into it. */
unsigned int chunk_view(const struct chunk *chunk, struct runs *buf, const struct run **ret_run);
/** Only pages from @first to @end; the others as if absent. */
void chunk_part(const struct chunk *chunk, unsigned int first, unsigned int end,
		struct runs *ret_runs);
/** Adds the change of memory to *@bytes. -ENOMEM: the chunk is as it was. */
int chunk_write(struct chunk *chunk, const struct runs *runs, size_t *bytes);
/** Free what it points to. */
void chunk_clear(struct chunk *chunk, size_t *bytes);

static inline unsigned int run_end(const struct run *run, unsigned int n, unsigned int i)
{
	return i + 1 < n ? run[i + 1].first : HEAT_CHUNK_PAGES;
}

/** Append pages up to which the next append begins; equal neighbours become one run. */
static inline void runs_append(struct runs *runs, unsigned int first, cell_t cell)
{
	if (runs->n && runs->run[runs->n - 1].cell == cell)
		return;
	runs->run[runs->n++] = (struct run){ .first = (uint16_t)first, .cell = cell };
}

#endif
