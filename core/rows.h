/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rows.h -- what a plan works on, a row a tenant; what nothing happens in stays for the next one. */
#ifndef RAMIFY_CORE_ROWS_H
#define RAMIFY_CORE_ROWS_H

#include "cut.h"

/* A tenant whose cuts move nothing is *still*: until it changes, or is granted something else, its claims and cuts
 * are what they were. */
struct row {
	const struct heat_tenant *tenant;	/* NULL: it was not still */
	uint64_t version;			/* of the tenant */
	bool known;				/* what the plan before found holds */
};

struct plan_rows {
	size_t size;
	unsigned int n_cuts, fast_rank;
	struct pay pay[HEAT_RANKS_MAX];
	struct row *items;
	struct cut *cuts;		/* [tenant][boundary] */
	struct share_claim *claims;	/* [boundary][tenant] */
	uint64_t *granted;		/* of one boundary, in bytes */
	uint64_t *shown;		/* the same, as if no tenant were a dry run */
};

/** One for each of heat's tenants, in their order. *@rows: those of the plan before, or NULL. -ENOMEM: they are as
 *  they were. */
int rows_begin(struct plan_rows **rows, const struct heat *heat, const struct plan_input *input);
/** Amounts are settled: see who is still. */
void rows_end(struct plan_rows *rows, const struct heat *heat);

static inline struct cut *rows_cut(const struct plan_rows *rows, size_t tenant,
				   unsigned int boundary)
{
	return &rows->cuts[tenant * rows->n_cuts + boundary];
}

/** Of all tenants. */
static inline struct share_claim *rows_claims(const struct plan_rows *rows, unsigned int boundary)
{
	return &rows->claims[boundary * rows->size];
}

#endif
