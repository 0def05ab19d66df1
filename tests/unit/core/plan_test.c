// SPDX-License-Identifier: GPL-2.0-or-later
/* plan_test.c -- what a plan moves, in which order, and what it never does. */

#include <errno.h>
#include <string.h>

#include "core/plan.h"

#include "random.h"

#define KIB4 4096ull
#define BASE 0x7f0000000000ull
#define PLENTY (1ull << 40)

struct world {
	struct heat *heat;
	struct heat_tenant *tenant;
	struct heat_space *space;
	struct plan plan;
	struct plan_tier tiers[3];
	struct plan_input input;
};

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	if (!w || heat_create(&w->heat) || heat_tenant_add(w->heat, w, &w->tenant) ||
	    heat_space_add(w->tenant, w, &w->space))
		return -1;
	w->input =
		(struct plan_input){ .tiers = w->tiers, .n_tiers = 2, .interval_ms = 1000 };
	w->tiers[1].free_bytes = PLENTY;
	w->tiers[2].free_bytes = PLENTY;
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	plan_free(&w->plan);
	heat_destroy(w->heat);
	free(w);
	return 0;
}

static void look(struct heat_space *space, const struct heat_run *runs, size_t n)
{
	static const struct heat_look exact = { .confidence = 255, .grain_shift = 12 };

	heat_look_begin(space, &exact);
	assert_int_equal(heat_fold(space, runs, n), 0);
	heat_look_end(space);
}

/* Pages from @first on, used or not in each of 40 looks. */
static struct heat_run pages(uint32_t first, uint32_t n, unsigned int rank, bool used)
{
	return (struct heat_run){ .start = BASE + first * KIB4,
				  .n_pages = n,
				  .state = HEAT_PRESENT,
				  .rank = (uint8_t)rank,
				  .rate = used ? 255 : 0 };
}

static void live(struct world *w, const struct heat_run *runs, size_t n)
{
	for (int i = 0; i < 40; i++)
		look(w->space, runs, n);
}

static void make(struct world *w)
{
	assert_int_equal(plan_make(w->heat, &w->input, &w->plan), 0);
}

static uint64_t moved(const struct world *w, enum plan_kind kind, enum plan_reason reason)
{
	uint64_t n = 0;

	for (size_t i = 0; i < w->plan.n_moves; i++) {
		if (w->plan.moves[i].kind == kind && w->plan.moves[i].reason == reason)
			n += w->plan.moves[i].n_pages;
	}
	return n;
}

static void test_nothing(void **state)
{
	struct world *w = *state;

	make(w);
	assert_int_equal(w->plan.n_moves, 0);
	w->input.n_tiers = 1;
	make(w);
	w->input.n_tiers = 0;
	assert_int_equal(plan_make(w->heat, &w->input, &w->plan), -EINVAL);
	w->input.n_tiers = 2;
	w->input.fast_rank = 2;
	assert_int_equal(plan_make(w->heat, &w->input, &w->plan), -EINVAL);
}

static void test_hot_goes_up(void **state)
{
	struct world *w = *state;
	struct heat_run runs[] = { pages(0, 1000, 1, true), pages(1000, 3000, 1, false) };

	w->tiers[0].free_bytes = 4000 * KIB4;
	live(w, runs, 2);
	make(w);
	assert_int_equal(moved(w, PLAN_PROMOTE, PLAN_HOT), 1000);
	assert_int_equal(w->plan.promote_bytes, 1000 * KIB4);
	assert_int_equal(w->plan.demote_bytes, 0);
	assert_int_equal(w->plan.tenants[0].wanted_bytes, 1000 * KIB4);
	assert_int_equal(w->plan.tenants[0].state, PLAN_MOVING);
}

/* Free memory is brought up to the mark first, by what is coldest. */
static void test_headroom(void **state)
{
	struct world *w = *state;
	struct heat_run runs[] = { pages(0, 500, 0, false), pages(500, 1500, 0, true) };

	w->tiers[0].free_bytes = 100 * KIB4;
	w->tiers[0].high_bytes = 300 * KIB4;
	live(w, runs, 2);
	make(w);
	assert_int_equal(moved(w, PLAN_DEMOTE, PLAN_HEADROOM), 200);
	assert_int_equal(w->plan.n_moves, 1);
	assert_int_equal(w->plan.moves[0].start, BASE);
}

static void test_exchange(void **state)
{
	struct world *w = *state;
	struct heat_run runs[] = { pages(0, 2000, 0, false), pages(2000, 500, 1, true),
				   pages(2500, 2000, 1, false) };

	live(w, runs, 3);
	make(w);
	assert_int_equal(moved(w, PLAN_DEMOTE, PLAN_ORDER), 500);
	/* The last pages go with the next plan: never more than half of what is free. */
	assert_true(moved(w, PLAN_PROMOTE, PLAN_HOT) >= 495);
	assert_int_equal(w->plan.moves[0].kind, PLAN_DEMOTE);
}

/* Half of the looks find it used, by chance, on both sides: nothing is gained. */
static void test_no_exchange_by_luck(void **state)
{
	struct world *w = *state;
	static struct heat_run runs[2000];
	uint64_t seed = 1;

	for (int k = 0; k < 60; k++) {
		for (uint32_t i = 0; i < 2000; i++)
			runs[i] = pages(i, 1, i >= 1000, random_below(&seed, 2));
		look(w->space, runs, 2000);
	}
	make(w);
	assert_in_range(w->plan.promote_bytes, 0, 100 * KIB4);
}

static void test_maximum(void **state)
{
	struct world *w = *state;
	struct policy_settings settings = policy_defaults();
	struct heat_run runs[] = { pages(0, 2000, 0, true) };

	w->tiers[0].free_bytes = PLENTY;
	settings.fast_max = (struct policy_amount){ .relative = true, .value = 2500 };
	heat_tenant_settings(w->tenant, &settings);
	live(w, runs, 1);
	make(w);
	assert_int_equal(moved(w, PLAN_DEMOTE, PLAN_MAXIMUM), 1500);
	assert_int_equal(w->plan.promote_bytes, 0);
}

/* What is guaranteed is there even if it is cold. */
static void test_minimum(void **state)
{
	struct world *w = *state;
	struct policy_settings settings = policy_defaults();
	struct heat_run runs[] = { pages(0, 2000, 1, false) };

	w->tiers[0].free_bytes = 4000 * KIB4;
	settings.fast_min.value = 700 * KIB4;
	heat_tenant_settings(w->tenant, &settings);
	live(w, runs, 1);
	make(w);
	assert_int_equal(moved(w, PLAN_PROMOTE, PLAN_MINIMUM), 700);
}

static void test_decree(void **state)
{
	struct world *w = *state;
	struct heat_run runs[] = { pages(0, 1000, 0, true), pages(1000, 1000, 1, false) };

	w->tiers[0].free_bytes = PLENTY / 2;
	live(w, runs, 2);
	assert_int_equal(heat_place(w->space, BASE, BASE + 300 * KIB4, POLICY_TIER_SLOW),
			 0);
	assert_int_equal(heat_place(w->space, BASE + 1500 * KIB4, BASE + 1600 * KIB4,
				    POLICY_TIER_FAST),
			 0);
	make(w);
	assert_int_equal(moved(w, PLAN_DEMOTE, PLAN_DECREE), 300);
	assert_int_equal(moved(w, PLAN_PROMOTE, PLAN_DECREE), 100);
	assert_int_equal(w->plan.promote_bytes + w->plan.demote_bytes, 400 * KIB4);
}

static void test_rate(void **state)
{
	struct world *w = *state;
	struct policy_settings settings = policy_defaults();
	struct heat_run runs[] = { pages(0, 3000, 1, true) };

	w->tiers[0].free_bytes = PLENTY / 2;
	w->input.rate_bytes = 1000 * KIB4;
	w->input.interval_ms = 500;
	live(w, runs, 1);
	make(w);
	assert_int_equal(w->plan.promote_bytes, 500 * KIB4);
	assert_true(w->plan.limited);
	assert_int_equal(w->plan.tenants[0].state, PLAN_LIMITED);
	settings.rate_bytes = 200 * KIB4;
	heat_tenant_settings(w->tenant, &settings);
	make(w);
	assert_int_equal(w->plan.promote_bytes, 100 * KIB4);
}

static void test_dry_run(void **state)
{
	struct world *w = *state;
	struct policy_settings settings = policy_defaults();
	struct heat_run runs[] = { pages(0, 1000, 1, true) };

	w->tiers[0].free_bytes = 4000 * KIB4;
	settings.dry_run = true;
	heat_tenant_settings(w->tenant, &settings);
	live(w, runs, 1);
	make(w);
	assert_int_equal(moved(w, PLAN_PROMOTE, PLAN_HOT), 1000);
	assert_true(w->plan.moves[0].dry_run);
	assert_int_equal(w->plan.promote_bytes, 0);
	assert_int_equal(w->plan.tenants[0].promote_bytes, 1000 * KIB4);
}

/* The hottest in the first tier, the next in the second, the rest in the third. */
static void test_three_tiers(void **state)
{
	struct world *w = *state;
	struct heat_run runs[] = { pages(0, 1000, 2, true), pages(1000, 1000, 2, true),
				   pages(2000, 2000, 2, false) };

	w->input.n_tiers = 3;
	w->tiers[0].free_bytes = 1000 * KIB4;
	w->tiers[1].free_bytes = 1500 * KIB4;
	for (int i = 0; i < 60; i++) {
		runs[1].rate = i % 2 ? 255 : 0;
		look(w->space, runs, 3);
	}
	make(w);
	for (size_t i = 0; i < w->plan.n_moves; i++) {
		const struct plan_move *move = &w->plan.moves[i];

		assert_int_equal(move->from, 2);
		assert_int_equal(move->to, move->start < BASE + 1000 * KIB4 ? 0 : 1);
		assert_true(move->start < BASE + 2000 * KIB4);
	}
	assert_true(w->plan.promote_bytes >= 1990 * KIB4);
}

static void test_ranks_not_allowed(void **state)
{
	struct world *w = *state;
	struct heat_run runs[] = { pages(0, 1000, 1, true) };

	w->tiers[0].free_bytes = PLENTY / 2;
	heat_tenant_ranks(w->tenant, 2);
	live(w, runs, 1);
	make(w);
	assert_int_equal(w->plan.n_moves, 0);
}

static void test_failed(void **state)
{
	struct world *w = *state;
	struct heat_run runs[] = { pages(0, 1024, 1, true) };

	w->tiers[0].free_bytes = PLENTY / 2;
	live(w, runs, 1);
	heat_failed(w->space, BASE);
	make(w);
	assert_int_equal(w->plan.promote_bytes, 512 * KIB4);
	heat_round(w->heat);
	heat_round(w->heat);
	make(w);
	assert_int_equal(w->plan.promote_bytes, 1024 * KIB4);
}

static void test_huge_whole(void **state)
{
	struct world *w = *state;
	struct heat_run runs[] = { pages(0, 8 * 512, 1, true) };

	runs[0].flags = HEAT_HUGE;
	w->tiers[0].free_bytes = 4 * 512 * KIB4 + 300 * KIB4;
	live(w, runs, 1);
	make(w);
	for (size_t i = 0; i < w->plan.n_moves; i++) {
		assert_true(w->plan.moves[i].huge);
		assert_int_equal(w->plan.moves[i].n_pages, 512);
		assert_int_equal(w->plan.moves[i].start % (512 * KIB4), 0);
	}
	assert_in_range(w->plan.n_moves, 3, 4);
}

static void test_hit_share(void **state)
{
	struct world *w = *state;
	struct heat_run runs[] = { pages(0, 1000, 1, true), pages(1000, 3000, 1, false) };

	assert_int_equal(plan_hit_share(w->tenant, 0), 65536);
	live(w, runs, 2);
	assert_int_equal(plan_hit_share(w->tenant, 0), 0);
	assert_in_range(plan_hit_share(w->tenant, 500 * KIB4), 30000, 38000);
	assert_int_equal(plan_hit_share(w->tenant, 1000 * KIB4), 65536);
}

/* ---- whatever there is: rules that no plan breaks ---- */

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

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_nothing),
		TEST(test_hot_goes_up),
		TEST(test_headroom),
		TEST(test_exchange),
		TEST(test_no_exchange_by_luck),
		TEST(test_maximum),
		TEST(test_minimum),
		TEST(test_decree),
		TEST(test_rate),
		TEST(test_dry_run),
		TEST(test_three_tiers),
		TEST(test_ranks_not_allowed),
		TEST(test_failed),
		TEST(test_huge_whole),
		TEST(test_hit_share),
		cmocka_unit_test(test_any),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
