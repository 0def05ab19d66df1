// SPDX-License-Identifier: GPL-2.0-or-later
/* plan_rules_test.c -- whatever there is: rules that no plan breaks. */

#include <errno.h>
#include <string.h>

#include "core/plan.h"

#include "look.h"

#define TENANTS_MAX 5
#define CHUNKS 4
#define PAGES (CHUNKS * 512)

struct fleet {
	struct heat *heat;
	struct heat_space *space[TENANTS_MAX];
	struct policy_settings settings[TENANTS_MAX];
	uint32_t ranks[TENANTS_MAX];
	uint8_t rank[TENANTS_MAX][PAGES];
	bool huge[TENANTS_MAX][CHUNKS];
	bool done[TENANTS_MAX][PAGES];
	size_t n;
	struct plan_tier tiers[4];
	struct plan_input input;
};

static struct policy_amount any_amount(uint64_t *s)
{
	bool relative = random_below(s, 2);

	return (struct policy_amount){
		.relative = relative,
		.value = relative ? random_below(s, 10001) : random_below(s, PAGES) * KIB4,
	};
}

static struct policy_settings any_settings(uint64_t *s)
{
	struct policy_settings settings = policy_defaults();

	if (!random_below(s, 3))
		settings.fast_min = any_amount(s);
	if (!random_below(s, 3))
		settings.fast_max = any_amount(s);
	if (!random_below(s, 4))
		settings.rate_bytes = random_below(s, PAGES) * KIB4;
	settings.weight = 1 + (uint32_t)random_below(s, 1000);
	settings.tier = random_below(s, 6) ? POLICY_TIER_AUTO : random_below(s, 3);
	settings.dry_run = !random_below(s, 6);
	return settings;
}

static void any_looks(struct fleet *f, size_t t, uint64_t *s)
{
	static struct heat_run runs[PAGES];
	uint8_t odds[CHUNKS * 8];

	for (size_t i = 0; i < CHUNKS * 8; i++)
		odds[i] = (uint8_t)(random_below(s, 3) * random_below(s, 128));
	for (size_t c = 0; c < CHUNKS; c++) {
		f->huge[t][c] = !random_below(s, 3);
		for (size_t i = c * 512; i < (c + 1) * 512; i++) {
			bool same = i % 512 && (f->huge[t][c] || random_below(s, 50));

			f->rank[t][i] = same ? f->rank[t][i - 1] :
					       (uint8_t)random_below(s, f->input.n_tiers);
		}
	}
	for (int k = 0; k < 10; k++) {
		size_t n = 0;

		for (uint32_t i = 0; i < PAGES;) {
			uint32_t len = f->huge[t][i / 512] ? 512 : 1;

			runs[n] = pages(i, len, f->rank[t][i],
					random_below(s, 256) < odds[i / 64]);
			runs[n++].flags = len > 1 ? HEAT_HUGE : 0;
			i += len;
		}
		look(f->space[t], runs, n);
	}
}

static void any_fleet(struct fleet *f, uint64_t *s)
{
	memset(f, 0, sizeof(*f));
	f->n = random_below(s, TENANTS_MAX + 1);
	f->input = (struct plan_input){
		.tiers = f->tiers,
		.n_tiers = 1 + (unsigned int)random_below(s, 4),
		.interval_ms = 1000,
		.rate_bytes = random_below(s, 2) ? random_below(s, 2 * PAGES) * KIB4 : 0,
		.batch_bytes = random_below(s, 2) ? random_below(s, PAGES) * KIB4 : 0,
		.moves_max = random_below(s, 4) ? 0 : (uint32_t)random_below(s, 100),
	};
	f->input.fast_rank = (unsigned int)random_below(s, f->input.n_tiers);
	for (unsigned int r = 0; r < f->input.n_tiers; r++) {
		f->tiers[r].free_bytes =
			random_below(s, 3) * random_below(s, 2 * PAGES) * KIB4;
		f->tiers[r].high_bytes = random_below(s, 500) * KIB4;
	}
	assert_int_equal(heat_create(&f->heat), 0);
	for (size_t t = 0; t < f->n; t++) {
		struct heat_tenant *tenant;

		f->settings[t] = any_settings(s);
		f->ranks[t] = random_below(s, 5) ? 127 : 1 + (uint32_t)random_below(s, 15);
		assert_int_equal(heat_tenant_add(f->heat, (void *)t, &tenant), 0);
		heat_tenant_settings(tenant, &f->settings[t]);
		heat_tenant_ranks(tenant, f->ranks[t]);
		assert_int_equal(heat_space_add(tenant, (void *)t, &f->space[t]), 0);
		any_looks(f, t, s);
	}
}

/* The pages are where it says, in huge pages as a whole, and were not moved before. */
static bool move_is_sound(struct fleet *f, const struct plan_move *move)
{
	size_t t = (size_t)heat_space_owner(move->space);
	size_t first = (move->start - BASE) / KIB4;

	if (!move->n_pages || move->from == move->to || move->to >= f->input.n_tiers ||
	    !(f->ranks[t] & 1u << move->to) || move->dry_run != f->settings[t].dry_run ||
	    (move->kind == PLAN_PROMOTE) != (move->to < move->from))
		return false;
	if (f->huge[t][first / 512] && (!move->huge || first % 512 || move->n_pages != 512))
		return false;
	for (size_t i = first; i < first + move->n_pages; i++) {
		if (f->rank[t][i] != move->from || f->done[t][i])
			return false;
		f->done[t][i] = true;
	}
	return true;
}

/* Demotions only into room; promotions into half of it, as it is when the batch comes to them. */
static bool room_is_kept(const struct fleet *f, const struct plan *plan)
{
	int64_t spare[4] = { 0 }, half[4] = { 0 };
	const struct plan_move *last = NULL;

	for (unsigned int r = 0; r < f->input.n_tiers; r++)
		spare[r] = ((int64_t)f->tiers[r].free_bytes -
			    (int64_t)f->tiers[r].high_bytes) /
			   (int64_t)KIB4;
	for (size_t i = 0; i < plan->n_moves; i++) {
		const struct plan_move *move = &plan->moves[i];

		if (move->dry_run)
			continue;
		if (!last || last->batch != move->batch || last->kind != move->kind) {
			for (unsigned int r = 0; r < 4; r++)
				half[r] = spare[r] / 2;
		}
		if (last && (move->batch < last->batch ||
			     (move->batch == last->batch && move->kind < last->kind)))
			return false;
		last = move;
		half[move->to] -= move->n_pages;
		spare[move->from] += move->n_pages;
		spare[move->to] -= move->n_pages;
		if (spare[move->to] < 0 ||
		    (move->kind == PLAN_PROMOTE && half[move->to] < 0))
			return false;
	}
	return true;
}

/* Bytes that a tenant has above the boundary when all is done. */
static uint64_t fast_after(const struct fleet *f, size_t t, const struct plan *plan)
{
	uint64_t bytes = plan->tenants[t].fast_bytes;

	for (size_t i = 0; i < plan->n_moves; i++) {
		const struct plan_move *move = &plan->moves[i];

		if (move->space != f->space[t])
			continue;
		bytes += (move->to <= f->input.fast_rank) * move->n_pages * KIB4;
		bytes -= (move->from <= f->input.fast_rank) * move->n_pages * KIB4;
	}
	return bytes;
}

/* Nobody gets above its maximum, or further above it; grants are no more than there is. */
static bool shares_are_kept(const struct fleet *f, const struct plan *plan)
{
	uint64_t granted = 0;

	for (size_t t = 0; t < f->n; t++) {
		const struct plan_tenant *tenant = &plan->tenants[t];
		uint64_t after = fast_after(f, t, plan);

		if (tenant->tenant != heat_space_tenant(f->space[t]))
			return false;
		if (!f->settings[t].dry_run)
			granted += tenant->granted_bytes;
		if (after > tenant->max_bytes && after > tenant->fast_bytes)
			return false;
	}
	return f->input.fast_rank + 1 >= f->input.n_tiers ||
	       granted <= plan->capacity_bytes;
}

static bool same_plan(const struct plan *a, const struct plan *b)
{
	if (a->n_moves != b->n_moves)
		return false;
	for (size_t i = 0; i < a->n_moves; i++) {
		const struct plan_move *x = &a->moves[i], *y = &b->moves[i];

		if (x->space != y->space || x->start != y->start ||
		    x->n_pages != y->n_pages || x->to != y->to || x->batch != y->batch ||
		    x->reason != y->reason)
			return false;
	}
	return true;
}

static bool rate_is_kept(const struct fleet *f, const struct plan *plan)
{
	uint64_t deficit = 0;

	for (unsigned int r = 0; r < f->input.n_tiers; r++) {
		if (f->tiers[r].high_bytes > f->tiers[r].free_bytes)
			deficit += f->tiers[r].high_bytes - f->tiers[r].free_bytes;
	}
	/* What crosses each boundary is limited; a huge page is moved whole, once a tenant. */
	return !f->input.rate_bytes ||
	       plan->promote_bytes + plan->demote_bytes <=
		       (f->input.n_tiers - 1) *
			       (f->input.rate_bytes + deficit + f->n * 512 * KIB4);
}

static bool any_plan_holds(uint64_t seed)
{
	static struct fleet fleet;
	struct fleet *f = &fleet;
	struct plan plan = { 0 }, again = { 0 };
	uint64_t s = seed;
	bool good = true;

	any_fleet(f, &s);
	good = !plan_make(f->heat, &f->input, &plan) &&
	       !plan_make(f->heat, &f->input, &again);
	for (size_t i = 0; i < plan.n_moves && good; i++)
		good = move_is_sound(f, &plan.moves[i]);
	good = good && room_is_kept(f, &plan) && shares_are_kept(f, &plan) &&
	       rate_is_kept(f, &plan) && same_plan(&plan, &again);
	plan_free(&plan);
	plan_free(&again);
	heat_destroy(f->heat);
	return good;
}

static void test_any(void **state)
{
	check_property(any_plan_holds, 300);
}

/* ---- from plan to plan ---- */

static bool same_tenants(const struct plan *a, const struct plan *b)
{
	if (a->n_tenants != b->n_tenants || a->capacity_bytes != b->capacity_bytes ||
	    a->minima_bytes != b->minima_bytes || a->limited != b->limited)
		return false;
	for (size_t i = 0; i < a->n_tenants; i++) {
		const struct plan_tenant *x = &a->tenants[i], *y = &b->tenants[i];

		if (x->tenant != y->tenant || x->resident_bytes != y->resident_bytes ||
		    x->fast_bytes != y->fast_bytes || x->min_bytes != y->min_bytes ||
		    x->max_bytes != y->max_bytes || x->wanted_bytes != y->wanted_bytes ||
		    x->granted_bytes != y->granted_bytes ||
		    x->promote_bytes != y->promote_bytes || x->demote_bytes != y->demote_bytes ||
		    x->hot_level != y->hot_level || x->threshold_level != y->threshold_level ||
		    x->state != y->state || x->saturated != y->saturated)
			return false;
	}
	return true;
}

static void leave(struct fleet *f, size_t t)
{
	heat_tenant_remove(heat_space_tenant(f->space[t]));
	f->n--;
	for (; t < f->n; t++) {
		f->space[t] = f->space[t + 1];
		f->settings[t] = f->settings[t + 1];
	}
}

static void rest_all(struct fleet *f)
{
	for (size_t t = 0; t < f->n; t++)
		heat_rest(f->space[t]);
}

static void happen(struct fleet *f, struct plan *plan, uint64_t *s)
{
	size_t t = random_below(s, f->n ? f->n : 1);
	struct heat_tenant *tenant = f->n ? heat_space_tenant(f->space[t]) : NULL;
	unsigned int what = (unsigned int)random_below(s, 16);
	uint64_t first = BASE + random_below(s, PAGES) * KIB4;

	if (what == 0)
		f->tiers[0].free_bytes = random_below(s, 3) * random_below(s, 2 * PAGES) * KIB4;
	else if (what == 1)
		f->tiers[0].read_ns = (uint32_t)random_below(s, 300);
	else if (what == 2)
		f->input.fast_rank = (unsigned int)random_below(s, f->input.n_tiers);
	if (!tenant)
		return;
	if (what == 3)
		any_looks(f, t, s);
	else if (what == 4)
		rest_all(f);
	else if (what == 5)
		heat_tenant_ranks(tenant, 1 + (uint32_t)random_below(s, 15));
	else if (what == 6)
		leave(f, t);
	else if (what == 8)
		heat_forget(f->space[t], first, first + 8 * KIB4);
	else if (what == 9)
		heat_moved(f->space[t], first, 8, (unsigned int)random_below(s, f->input.n_tiers));
	if (what == 7) {
		f->settings[t] = any_settings(s);
		heat_tenant_settings(tenant, &f->settings[t]);
	}
	for (size_t i = 0; i < plan->n_moves && what > 9; i++) {
		const struct plan_move *move = &plan->moves[i];

		if (!move->dry_run && move->kind <= PLAN_PROMOTE)
			heat_moved(move->space, move->start, move->n_pages, move->to);
	}
}

/* What is remembered of the plan before makes no difference. */
static bool any_plans_agree(uint64_t seed)
{
	static struct fleet fleet;
	struct fleet *f = &fleet;
	struct plan plan = { 0 };
	uint64_t s = seed;
	bool good = true;

	any_fleet(f, &s);
	for (int k = 0; k < 40 && good; k++) {
		struct plan anew = { 0 };

		good = !plan_make(f->heat, &f->input, &plan) &&
		       !plan_make(f->heat, &f->input, &anew) && same_plan(&plan, &anew) &&
		       same_tenants(&plan, &anew);
		plan_free(&anew);
		happen(f, &plan, &s);
		heat_round(f->heat);
	}
	plan_free(&plan);
	heat_destroy(f->heat);
	return good;
}

static void test_agree(void **state)
{
	check_property(any_plans_agree, 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any),
		cmocka_unit_test(test_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
