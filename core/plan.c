// SPDX-License-Identifier: GPL-2.0-or-later
/* plan.c -- shares at each boundary, what must move for them, and how much of it now. */

#include "plan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "cut.h"
#include "pick.h"
#include "rows.h"
#include "split.h"

#define BATCH_BYTES (32ull << 20)
#define BATCH_BYTES_MIN (2ull << 20)
#define MOVES_MAX 65536

/* Everything that is worked on; tenants are rows. */
struct work {
	const struct heat *heat;
	const struct plan_input *input;
	struct plan_rows *rows;
	size_t n;
	unsigned int n_cuts;
	uint64_t deficit; /* pages that free memory of the fast tiers is short of */
	bool any_dry;
};

static const char *const kind_names[] = { "demote", "promote", "split", "join" };
static const char *const reason_names[] = { "headroom", "maximum", "share", "order",
					    "decree",	"minimum", "hot",   "observe",
					    "rejoined" };
static const char *const state_names[] = { "settled", "moving", "limited", "left alone" };

const char *plan_kind_name(enum plan_kind kind)
{
	return kind_names[kind];
}

const char *plan_reason_name(enum plan_reason reason)
{
	return reason_names[reason];
}

const char *plan_state_name(enum plan_state state)
{
	return state_names[state];
}

static struct cut *cut_of(const struct work *w, size_t tenant, unsigned int boundary)
{
	return rows_cut(w->rows, tenant, boundary);
}

static bool is_known(const struct work *w, size_t tenant)
{
	return w->rows->items[tenant].known;
}

static uint64_t pages_above(const struct heat_tenant *tenant, unsigned int rank)
{
	uint64_t pages = 0;

	for (unsigned int r = 0; r <= rank; r++) {
		for (unsigned int level = 0; level < HEAT_LEVELS; level++)
			pages += tenant->pages[r][level];
	}
	return pages;
}

static uint64_t upper_pages(const struct work *w, size_t tenant, unsigned int boundary)
{
	if (is_known(w, tenant))
		return cut_of(w, tenant, boundary)->upper;
	return pages_above(w->heat->tenants[tenant], boundary);
}

/* What tenants hold, and what is free above the marks: as far as that lasts. */
static uint64_t capacity_of(const struct work *w, unsigned int boundary)
{
	int64_t bytes = 0;

	for (unsigned int rank = 0; rank <= boundary; rank++) {
		bytes += (int64_t)w->input->tiers[rank].free_bytes;
		bytes -= (int64_t)w->input->tiers[rank].high_bytes;
	}
	for (size_t i = 0; i < w->n; i++)
		bytes += (int64_t)(upper_pages(w, i, boundary) * HEAT_PAGE);
	if (bytes < 0)
		bytes = 0;
	if (!w->input->capacities)
		return (uint64_t)bytes;
	return capacity_settle(&w->input->capacities[boundary], (uint64_t)bytes);
}

static uint64_t deficit_of(const struct work *w, unsigned int boundary)
{
	uint64_t bytes = 0;

	for (unsigned int rank = 0; rank <= boundary; rank++) {
		const struct plan_tier *tier = &w->input->tiers[rank];

		if (tier->high_bytes > tier->free_bytes)
			bytes += tier->high_bytes - tier->free_bytes;
	}
	return bytes / HEAT_PAGE;
}

static void claim_all(struct work *w, unsigned int boundary, bool pretend)
{
	for (size_t i = 0; i < w->n; i++) {
		const struct heat_tenant *tenant = w->heat->tenants[i];
		struct share_claim *claim = &rows_claims(w->rows, boundary)[i];
		uint64_t above;

		if (is_known(w, i) || (pretend && !tenant->settings.dry_run))
			continue;
		above = boundary ? cut_of(w, i, boundary - 1)->granted * HEAT_PAGE : 0;
		*claim = cut_claim(tenant, w->input, boundary, &w->rows->pay[boundary], above);
		if (!tenant->settings.dry_run || pretend)
			continue;
		/* What a dry run holds it keeps. */
		claim->held = pages_above(tenant, boundary) * HEAT_PAGE;
		claim->min = claim->max = claim->resident = claim->wanted = claim->held;
	}
}

static enum plan_reason excess_reason(const struct work *w, const struct cut *cut,
				      const struct share_claim *claim)
{
	if (cut->upper * HEAT_PAGE > claim->max)
		return PLAN_MAXIMUM;
	return w->deficit ? PLAN_HEADROOM : PLAN_SHARE;
}

static void cut_tenant(struct work *w, size_t i, unsigned int boundary)
{
	const struct heat_tenant *tenant = w->heat->tenants[i];
	const struct share_claim *claim = &rows_claims(w->rows, boundary)[i];
	uint64_t granted = tenant->settings.dry_run ? w->rows->shown[i] : w->rows->granted[i];
	uint64_t minimum = claim->min < claim->resident ? claim->min : claim->resident;
	struct cut *cut = cut_of(w, i, boundary);

	granted /= HEAT_PAGE;
	minimum = minimum / HEAT_PAGE < granted ? minimum / HEAT_PAGE : granted;
	if (is_known(w, i) && cut->granted == granted && cut->minimum == minimum)
		return;
	w->rows->items[i].known = false;
	*cut = (struct cut){ .tenant = tenant, .rank = (uint8_t)boundary };
	cut->granted = granted;
	cut->minimum = minimum;
	cut_amounts(cut, &w->rows->pay[boundary]);
	cut->reason = (uint8_t)excess_reason(w, cut, claim);
}

static void cut_boundary(struct work *w, unsigned int boundary, struct plan *plan)
{
	const struct share_claim *claims = rows_claims(w->rows, boundary);
	uint64_t capacity = capacity_of(w, boundary);
	struct share_result result, ignored;

	w->deficit = deficit_of(w, boundary);
	claim_all(w, boundary, false);
	share_divide(claims, w->n, capacity, w->rows->granted, &result);
	if (w->any_dry) {
		claim_all(w, boundary, true);
		share_divide(claims, w->n, capacity, w->rows->shown, &ignored);
	}
	for (size_t i = 0; i < w->n; i++)
		cut_tenant(w, i, boundary);
	if (boundary == w->input->fast_rank) {
		plan->capacity_bytes = capacity;
		plan->minima_bytes = result.minima;
		plan->minima_scaled = result.scaled;
	}
}

/* ---- as much as the rates allow ---- */

/* @bytes a second, over the interval, in pages. */
static uint64_t rate_pages(const struct work *w, uint64_t bytes)
{
	if (!bytes)
		return UINT64_MAX;
	return (uint64_t)((unsigned __int128)bytes * w->input->interval_ms / 1000 /
			  HEAT_PAGE);
}

/* Take up to *@want out of *@budget. */
static void grant(uint64_t *want, uint64_t *budget, bool *cut_short)
{
	if (*want > *budget) {
		*want = *budget;
		*cut_short = true;
	}
	*budget -= *want;
}

static void limit_tenant(struct work *w, struct cut *cut)
{
	uint64_t budget = rate_pages(w, cut->tenant->settings.rate_bytes), pairs;

	/* When memory is short the rate of one who holds too much must not stand in the way. */
	if (!w->deficit) {
		grant(&cut->decreed, &budget, &cut->more);
		grant(&cut->excess, &budget, &cut->more);
	}
	grant(&cut->fill, &budget, &cut->more);
	pairs = budget / 2;
	grant(&cut->exchange, &pairs, &cut->more);
}

typedef void limit_fn(struct cut *cut, uint64_t *budget);

static void limit_down(struct cut *cut, uint64_t *budget)
{
	if (cut->tenant->settings.dry_run)
		return;
	grant(&cut->decreed, budget, &cut->more);
	grant(&cut->excess, budget, &cut->more);
}

static void limit_fill(struct cut *cut, uint64_t *budget)
{
	if (!cut->tenant->settings.dry_run)
		grant(&cut->fill, budget, &cut->more);
}

static void limit_exchange(struct cut *cut, uint64_t *budget)
{
	if (!cut->tenant->settings.dry_run)
		grant(&cut->exchange, budget, &cut->more);
}

/* Each round another tenant is the first to be served. */
static void limit_all(struct work *w, unsigned int boundary, limit_fn *limit,
		      uint64_t *budget)
{
	size_t first = w->n ? w->heat->round * 7919ull % w->n : 0;

	for (size_t i = 0; i < w->n; i++)
		limit(cut_of(w, (first + i) % w->n, boundary), budget);
}

/* What goes down makes room for what goes up: shares first, then better order. */
static void limit_boundary(struct work *w, unsigned int boundary)
{
	uint64_t budget = rate_pages(w, w->input->rate_bytes), half, pairs, used;

	w->deficit = deficit_of(w, boundary);
	for (size_t i = 0; i < w->n; i++) {
		if (!is_known(w, i))
			limit_tenant(w, cut_of(w, i, boundary));
	}
	if (budget == UINT64_MAX)
		return;
	half = budget / 2 > w->deficit ? budget / 2 : w->deficit;
	used = half;
	limit_all(w, boundary, limit_down, &half);
	used -= half;
	budget -= used < budget ? used : budget;
	limit_all(w, boundary, limit_fill, &budget);
	pairs = budget / 2;
	limit_all(w, boundary, limit_exchange, &pairs);
}

/* ---- the list ---- */

static int pick_tenant(struct work *w, size_t i, struct picked *picked)
{
	unsigned int boundary = w->input->fast_rank;
	unsigned int level = boundary < w->n_cuts ? cut_of(w, i, boundary)->contested : 0;
	bool any = false;
	int err = 0;

	for (unsigned int b = 0; b < w->n_cuts && !is_known(w, i); b++)
		any |= cut_up(cut_of(w, i, b)) || cut_down(cut_of(w, i, b));
	for (unsigned int b = 0; b < w->n_cuts && any; b++)
		cut_levels(cut_of(w, i, b));
	/* First, so that none is left out whose pages move. */
	if (level)
		err = split_moves(cut_of(w, i, boundary), level, picked);
	if (!err && any)
		err = pick_moves(cut_of(w, i, 0), w->n_cuts, level, picked);
	return err;
}

static int pick_all(struct work *w, struct picked *picked)
{
	int err = 0;

	for (size_t i = 0; i < w->n && w->n_cuts && !err; i++)
		err = pick_tenant(w, i, picked);
	return err;
}

static uint64_t batch_pages(const struct work *w, const struct plan *plan)
{
	uint64_t bytes = w->input->batch_bytes ? w->input->batch_bytes : BATCH_BYTES;

	/* What is demoted ahead is out of use until something takes its place. */
	if (bytes > plan->capacity_bytes / 64)
		bytes = plan->capacity_bytes / 64;
	return (bytes > BATCH_BYTES_MIN ? bytes : BATCH_BYTES_MIN) / HEAT_PAGE;
}

static void count_moves(struct plan *plan)
{
	for (size_t i = 0; i < plan->n_moves; i++) {
		const struct plan_move *move = &plan->moves[i];
		struct plan_tenant *tenant =
			&plan->tenants[heat_space_tenant(move->space)->index];
		uint64_t bytes = (uint64_t)move->n_pages * HEAT_PAGE;
		bool up = move->kind == PLAN_PROMOTE;

		if (move->kind == PLAN_SPLIT || move->kind == PLAN_JOIN)
			continue;
		*(up ? &tenant->promote_bytes : &tenant->demote_bytes) += bytes;
		if (!move->dry_run)
			*(up ? &plan->promote_bytes : &plan->demote_bytes) += bytes;
		if (tenant->state == PLAN_SETTLED)
			tenant->state = PLAN_MOVING;
	}
}

/* The coldest level that has room in the share, and how much of what is hot is like it. */
static void find_threshold(const struct cut *cut, struct plan_tenant *tenant)
{
	uint64_t hot = tenant->wanted_bytes / HEAT_PAGE, sum = 0;
	unsigned int level = HEAT_LEVELS;

	while (level > HEAT_LEVEL_COLD && sum < cut->granted) {
		level--;
		for (unsigned int r = 0; r < HEAT_RANKS_MAX; r++)
			sum += cut->tenant->pages[r][level];
	}
	tenant->threshold_level = (uint8_t)(level < HEAT_LEVELS ? level : HEAT_LEVELS - 1);
	if (level < HEAT_LEVELS && hot > cut->granted) {
		uint64_t like = 0;

		for (unsigned int r = 0; r < HEAT_RANKS_MAX; r++)
			like += cut->tenant->pages[r][level];
		tenant->saturated = (uint8_t)(255 * (like < hot ? like : hot) / hot);
	}
}

static enum plan_state state_of(const struct cut *cut)
{
	if (!cut->more)
		return PLAN_SETTLED;
	return cut->tenant->watch.quiet_until > cut->tenant->heat->round ? PLAN_LEFT_ALONE :
									   PLAN_LIMITED;
}

static void show_tenant(const struct work *w, size_t i, struct plan_tenant *ret_tenant)
{
	struct heat_tenant *heat = w->heat->tenants[i];
	unsigned int boundary = w->input->fast_rank;
	struct plan_tenant tenant = { .tenant = heat };

	tenant.resident_bytes = heat_resident_bytes(heat);
	tenant.fast_bytes = pages_above(heat, boundary) * HEAT_PAGE;
	tenant.min_bytes = policy_bytes(heat->settings.fast_min, tenant.resident_bytes);
	tenant.max_bytes = policy_bytes(heat->settings.fast_max, tenant.resident_bytes);
	if (boundary < w->n_cuts) {
		const struct cut *cut = cut_of(w, i, boundary);
		struct share_claim claim =
			cut_claim(heat, w->input, boundary, &w->rows->pay[boundary], 0);

		tenant.wanted_bytes = claim.wanted;
		tenant.granted_bytes = cut->granted * HEAT_PAGE;
		tenant.hot_level = w->rows->pay[boundary].hot_level;
		tenant.state = (uint8_t)state_of(cut);
		find_threshold(cut, &tenant);
	}
	*ret_tenant = tenant;
}

static int make_list(struct work *w, struct plan *plan)
{
	struct picked picked = {
		.moves = plan->moves,
		.size = plan->moves_size,
		.max = w->input->moves_max ? w->input->moves_max : MOVES_MAX,
	};
	struct plan_move *buf;
	int err;

	err = pick_all(w, &picked);
	plan->moves = picked.moves;
	plan->moves_size = picked.size;
	if (err || !picked.n)
		return err;
	buf = reallocarray(NULL, picked.n, sizeof(*buf));
	if (!buf)
		return -ENOMEM;
	plan->n_moves = batch_order(w->input, batch_pages(w, plan), w->rows->cuts, plan->moves,
				    picked.n, plan->moves_size, buf);
	plan->limited |= picked.full;
	free(buf);
	return 0;
}

/* ---- memory ---- */

static int tenants_begin(size_t n, struct plan *plan)
{
	struct plan_tenant *tenants;

	if (n > plan->tenants_size) {
		tenants = reallocarray(plan->tenants, n, sizeof(*tenants));
		if (!tenants)
			return -ENOMEM;
		plan->tenants = tenants;
		plan->tenants_size = n;
	}
	plan->n_tenants = n;
	return 0;
}

static bool is_sound(const struct plan_input *input)
{
	if (!input->n_tiers || input->n_tiers > HEAT_RANKS_MAX ||
	    input->fast_rank >= input->n_tiers)
		return false;
	for (unsigned int i = 0; i < input->n_tiers; i++) {
		if (input->tiers[i].free_bytes >> 60 || input->tiers[i].high_bytes >> 60)
			return false;
	}
	return true;
}

static int begin(struct work *w, struct plan *plan)
{
	int err;

	plan->n_moves = 0;
	plan->n_tenants = 0;
	plan->capacity_bytes = plan->minima_bytes = 0;
	plan->promote_bytes = plan->demote_bytes = 0;
	plan->minima_scaled = plan->limited = false;
	if (!is_sound(w->input))
		return -EINVAL;
	w->n = w->heat->n_tenants;
	w->n_cuts = w->input->n_tiers - 1;
	err = rows_begin(&plan->rows, w->heat, w->input);
	if (err)
		return err;
	w->rows = plan->rows;
	for (size_t i = 0; i < w->n; i++)
		w->any_dry |= !is_known(w, i) && w->heat->tenants[i]->settings.dry_run;
	return tenants_begin(w->n, plan);
}

int plan_make(const struct heat *heat, const struct plan_input *input, struct plan *plan)
{
	struct work w = { .heat = heat, .input = input };
	int err;

	err = begin(&w, plan);
	if (err)
		return err;
	for (unsigned int b = 0; b < w.n_cuts; b++)
		cut_boundary(&w, b, plan);
	for (unsigned int b = 0; b < w.n_cuts; b++)
		limit_boundary(&w, b);
	for (size_t i = 0; i < w.n; i++) {
		if (!is_known(&w, i))
			show_tenant(&w, i, &plan->tenants[i]);
		plan->limited |= plan->tenants[i].state == PLAN_LIMITED;
	}
	rows_end(w.rows, heat);
	err = make_list(&w, plan);
	if (err) {
		plan->n_moves = 0;
		return err;
	}
	count_moves(plan);
	return 0;
}

void plan_free(struct plan *plan)
{
	free(plan->moves);
	free(plan->tenants);
	free(plan->rows);
	memset(plan, 0, sizeof(*plan));
}

uint32_t plan_hit_share(const struct heat_tenant *tenant, uint64_t fast_bytes)
{
	uint64_t left = fast_bytes / HEAT_PAGE;
	double hits = 0, all = 0;

	for (unsigned int level = HEAT_LEVELS; level-- > 0;) {
		uint64_t pages = 0;

		for (unsigned int rank = 0; rank < HEAT_RANKS_MAX; rank++)
			pages += tenant->pages[rank][level];
		all += (double)pages * heat_level_rate(level);
		hits += (double)(pages < left ? pages : left) * heat_level_rate(level);
		left -= pages < left ? pages : left;
	}
	return all > 0 ? (uint32_t)(65536 * hits / all) : 65536;
}
