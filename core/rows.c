// SPDX-License-Identifier: GPL-2.0-or-later
/* rows.c -- rows of tenants are kept from plan to plan, and are known while nothing changes. */

#include "rows.h"

#include <errno.h>
#include <stdlib.h>

/* In one block, with room for some more. */
static struct plan_rows *create(size_t n, unsigned int n_cuts)
{
	size_t size = n + n / 4 + 8;
	size_t row = sizeof(struct row) +
		     n_cuts * (sizeof(struct cut) + sizeof(struct share_claim)) +
		     2 * sizeof(uint64_t);
	struct plan_rows *rows = calloc(1, sizeof(*rows) + size * row);

	if (!rows)
		return NULL;
	rows->size = size;
	rows->n_cuts = n_cuts;
	rows->items = (struct row *)(rows + 1);
	rows->cuts = (struct cut *)(rows->items + size);
	rows->claims = (struct share_claim *)(rows->cuts + size * n_cuts);
	rows->granted = (uint64_t *)(rows->claims + size * n_cuts);
	rows->shown = rows->granted + size;
	return rows;
}

static bool same_pay(const struct pay *a, const struct pay *b)
{
	return a->use_ns == b->use_ns && a->copy_ns == b->copy_ns && a->hot_level == b->hot_level;
}

/* Is what is asked of it as it was? */
static bool take_input(struct plan_rows *rows, const struct plan_input *input)
{
	bool same = rows->fast_rank == input->fast_rank;

	rows->fast_rank = input->fast_rank;
	for (unsigned int b = 0; b < rows->n_cuts; b++) {
		struct pay pay = pay_between(input, b);

		same &= same_pay(&pay, &rows->pay[b]);
		rows->pay[b] = pay;
	}
	return same;
}

/* One that is left alone will not be so for ever. */
static bool is_left_alone(const struct heat_tenant *tenant)
{
	return tenant->watch.quiet_until > tenant->heat->round;
}

int rows_begin(struct plan_rows **rows, const struct heat *heat, const struct plan_input *input)
{
	struct plan_rows *r = *rows;
	bool same;

	if (!r || r->size < heat->n_tenants || r->n_cuts != input->n_tiers - 1) {
		r = create(heat->n_tenants, input->n_tiers - 1);
		if (!r)
			return -ENOMEM;
		free(*rows);
		*rows = r;
	}
	same = take_input(r, input);
	for (size_t i = 0; i < heat->n_tenants; i++) {
		const struct heat_tenant *tenant = heat->tenants[i];
		struct row *row = &r->items[i];

		row->known = same && row->version == tenant->version && row->tenant == tenant &&
			     !is_left_alone(tenant);
	}
	return 0;
}

static bool is_still(const struct plan_rows *rows, size_t i, const struct heat_tenant *tenant)
{
	bool moves = tenant->settings.dry_run || is_left_alone(tenant);

	for (unsigned int b = 0; b < rows->n_cuts && !moves; b++) {
		const struct cut *cut = rows_cut(rows, i, b);

		moves = cut_up(cut) || cut_down(cut) || cut->more;
	}
	return !moves;
}

void rows_end(struct plan_rows *rows, const struct heat *heat)
{
	for (size_t i = 0; i < heat->n_tenants; i++) {
		const struct heat_tenant *tenant = heat->tenants[i];
		struct row *row = &rows->items[i];

		if (row->known)
			continue;
		row->tenant = is_still(rows, i, tenant) ? tenant : NULL;
		row->version = tenant->version;
	}
}
