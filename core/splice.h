/* SPDX-License-Identifier: GPL-2.0-or-later */
/* splice.h -- make new runs of old ones, from the first page to the last. */
#ifndef RAMIFY_CORE_SPLICE_H
#define RAMIFY_CORE_SPLICE_H

#include "chunk.h"

struct splice {
	const struct run *old;
	unsigned int n, i;	/* of old; where we are */
	unsigned int page;	/* up to which the new ones go */
	struct runs *out;
};

typedef cell_t splice_fn(cell_t cell, const void *arg);

static inline struct splice splice_begin(const struct run *old, unsigned int n, struct runs *out)
{
	out->n = 0;
	return (struct splice){ .old = old, .n = n, .out = out };
}

/** Go on to page @end: as it was (@fn NULL), or what @fn makes of each cell. */
static inline void splice_to(struct splice *s, unsigned int end, splice_fn *fn, const void *arg)
{
	while (s->page < end) {
		unsigned int stop = run_end(s->old, s->n, s->i);
		cell_t cell = s->old[s->i].cell;

		runs_append(s->out, s->page, fn ? fn(cell, arg) : cell);
		if (stop > end) {
			s->page = end;
			return;
		}
		s->page = stop;
		s->i++;
	}
}

static inline void splice_end(struct splice *s)
{
	splice_to(s, HEAT_CHUNK_PAGES, NULL, NULL);
}

#endif
