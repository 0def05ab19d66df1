// SPDX-License-Identifier: GPL-2.0-or-later
/* sim_test.c -- rules that hold over time: shares, order, and how little is moved for them. */

#include <string.h>

#include "core/sim.h"

#include "random.h"

#define KIB4 4096ull
#define PAGES 4096
#define TENANTS 9

struct world {
	struct sim *sim;
	struct sim_tenant_step steps[TENANTS];
	uint64_t moved;
};

static struct world world_of(uint64_t fast_pages, uint64_t slow_pages)
{
	struct sim_input input = {
		.tiers = { { .pages = fast_pages + 128, .high_pages = 128, .read_ns = 80 },
			   { .pages = slow_pages + 128,
			     .high_pages = 128,
			     .read_ns = 250 } },
		.n_tiers = 2,
		.seed = 1,
	};
	struct world w = { 0 };

	assert_int_equal(sim_create(&input, &w.sim), 0);
	return w;
}

static size_t add(struct world *w, const struct policy_settings *settings,
		  const struct sim_load *load, unsigned int rank)
{
	struct policy_settings defaults = policy_defaults();
	size_t tenant;

	assert_int_equal(sim_tenant_add(w->sim, settings ? settings : &defaults, load, rank,
					&tenant),
			 0);
	return tenant;
}

/* Every step keeps free memory above its mark. */
static void steps(struct world *w, int n)
{
	w->moved = 0;
	for (int i = 0; i < n; i++) {
		assert_int_equal(sim_step(w->sim, w->steps), 0);
		assert_true(sim_spare_min(w->sim, 0) >= 0 && sim_spare_min(w->sim, 1) >= 0);
		for (size_t t = 0; t < sim_plan(w->sim)->n_tenants; t++)
			w->moved += w->steps[t].moved_pages;
	}
}

static double quality(struct world *w, size_t tenant, int n)
{
	double sum = 0;

	for (int i = 0; i < n; i++) {
		steps(w, 1);
		sum += (double)w->steps[tenant].fast / (double)w->steps[tenant].accesses /
		       w->steps[tenant].oracle;
	}
	return sum / n;
}

static const struct sim_load hot = {
	.kind = SIM_HOT,
	.pages = PAGES,
	.accesses = 4 * PAGES,
	.hot_pages = PAGES / 10,
	.hot_share = 0.9,
};

/* ---- order within one tenant: what the best placement would serve fast ---- */

static void expect_quality(struct sim_load load, int warm_up, unsigned int rank)
{
	struct world w = world_of(load.pages / 4, 2 * load.pages);
	size_t tenant = add(&w, NULL, &load, rank);

	steps(&w, warm_up);
	assert_true(quality(&w, tenant, 10) >= 0.95);
	sim_destroy(w.sim);
}

static void test_hot_set(void **state)
{
	struct sim_load load = hot;

	expect_quality(load, 10, 1);
	load.hot_first = PAGES / 2;
	load.scattered = true;
	expect_quality(load, 10, 0);
	load.accesses /= 8;
	expect_quality(load, 10, 0);
}

static void test_zipf(void **state)
{
	struct sim_load load = hot;

	load.kind = SIM_ZIPF;
	load.theta = 0.99;
	load.scattered = true;
	expect_quality(load, 20, 1);
	expect_quality(load, 20, 0);
}

static void test_hot_huge_pages(void **state)
{
	struct sim_load load = hot;

	load.pages = 64 * 512;
	load.hot_pages = 6 * 512;
	load.huge = true;
	expect_quality(load, 10, 1);
}

/* Hot pages all over huge ones: those are split, and the hot ones come up alone. */
static void test_hot_parts_of_huge_pages(void **state)
{
	struct policy_settings settings = policy_defaults();
	struct sim_load load = hot;
	struct world w = world_of(8 * 512, 40 * 512);
	size_t tenant;

	load.pages = 32 * 512;
	load.accesses = 2 * load.pages;
	load.hot_pages = load.pages / 10;
	load.scattered = true;
	load.huge = true;
	settings.huge = POLICY_HUGE_SPLIT;
	tenant = add(&w, &settings, &load, 1);
	steps(&w, 80);
	assert_true(quality(&w, tenant, 10) >= 0.95);
	sim_destroy(w.sim);
}

/* Evenly hot: what was split to try is joined again, and that is all. */
static void test_even_huge_pages(void **state)
{
	struct policy_settings settings = policy_defaults();
	struct sim_load load = hot;
	struct world w = world_of(8 * 512, 40 * 512);

	load.kind = SIM_UNIFORM;
	load.pages = 32 * 512;
	load.accesses = 4 * load.pages;
	load.huge = true;
	settings.huge = POLICY_HUGE_SPLIT;
	add(&w, &settings, &load, 1);
	for (int i = 0; i < 80; i++) {
		const struct plan *plan = sim_plan(w.sim);

		steps(&w, 1);
		for (size_t k = 0; k < plan->n_moves; k++)
			assert_true(i < 3 || i > 60 || plan->moves[k].kind != PLAN_SPLIT);
	}
	sim_destroy(w.sim);
}

static void test_hot_set_moves(void **state)
{
	struct sim_load load = hot;
	struct world w = world_of(PAGES / 4, 2 * PAGES);
	size_t tenant = add(&w, NULL, &load, 1);

	steps(&w, 40);
	load.hot_first = PAGES / 2;
	assert_int_equal(sim_tenant_load(w.sim, tenant, &load), 0);
	steps(&w, 15);
	assert_true(quality(&w, tenant, 10) >= 0.95);
	sim_destroy(w.sim);
}

/* ---- what is moved for nothing ---- */

static void expect_calm(struct sim_load load, unsigned int rank, double share)
{
	struct world w = world_of(load.pages / 4, 2 * load.pages);
	const int n = 40;

	add(&w, NULL, &load, rank);
	steps(&w, 40);
	steps(&w, n);
	assert_true((double)w.moved <= share * n * load.pages);
	sim_destroy(w.sim);
}

/* From either side on, fast memory is full: who is there makes no difference, how many does. */
static void expect_full(struct sim_load load, unsigned int rank)
{
	struct world w = world_of(load.pages / 4, 2 * load.pages);
	double share = 0;
	const int n = 10;

	add(&w, NULL, &load, rank);
	steps(&w, 20);
	for (int i = 0; i < n; i++) {
		steps(&w, 1);
		share += (double)w.steps[0].fast / (double)w.steps[0].accesses / n;
	}
	assert_true(share >= 0.95 / 4);
	sim_destroy(w.sim);
}

/* All pages are alike, whatever a look happens to find used. */
static void test_uniform(void **state)
{
	struct sim_load load = hot;

	load.kind = SIM_UNIFORM;
	for (uint32_t per_page = 1; per_page <= 16; per_page *= 4) {
		load.accesses = per_page * PAGES / 4;
		expect_calm(load, 0, 0.01);
		expect_calm(load, 1, 0.01);
		expect_full(load, 0);
		expect_full(load, 1);
	}
}

static void test_sweep(void **state)
{
	struct sim_load load = hot;

	load.kind = SIM_SWEEP;
	load.accesses = PAGES / 20;
	expect_calm(load, 0, 0.001);
	load.accesses = PAGES / 2;
	expect_calm(load, 0, 0.01);
}

/* A part that is cold is used in one look of sixteen, each time another part. */
static void test_bursts(void **state)
{
	struct sim_load quiet = hot, burst = hot;
	struct world w = world_of(PAGES / 4, 2 * PAGES);
	size_t tenant = add(&w, NULL, &quiet, 1);

	quiet.hot_share = 1;
	assert_int_equal(sim_tenant_load(w.sim, tenant, &quiet), 0);
	steps(&w, 40);
	for (uint32_t i = 0; i < 6; i++) {
		burst.hot_first = (1000 + 500 * i) % PAGES;
		burst.hot_share = 1;
		assert_int_equal(sim_tenant_load(w.sim, tenant, &burst), 0);
		steps(&w, 1);
		assert_int_equal(sim_tenant_load(w.sim, tenant, &quiet), 0);
		steps(&w, 15);
		assert_true(w.moved <= PAGES / 100);
	}
	sim_destroy(w.sim);
}

/* Two hot sets in turn, each for as long as it takes to bring it up: not for ever. */
static void test_to_and_fro(void **state)
{
	struct sim_load load = hot;
	struct world w = world_of(PAGES / 8, 2 * PAGES);
	size_t tenant = add(&w, NULL, &load, 1);
	uint64_t first = 0, last = 0;

	for (uint32_t i = 0; i < 24; i++) {
		load.hot_first = i % 2 ? PAGES / 2 : 0;
		assert_int_equal(sim_tenant_load(w.sim, tenant, &load), 0);
		steps(&w, 10);
		*(i < 4 ? &first : &last) += w.moved;
	}
	assert_true(last / 20 * 4 <= first / 2);
	sim_destroy(w.sim);
}

/* ---- shares ---- */

static uint64_t distance(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

/* What it holds is what its grant says, within one in a hundred of the tier. */
static void expect_shares(struct world *w, uint64_t fast_pages)
{
	const struct plan *plan = sim_plan(w->sim);

	for (size_t t = 0; t < plan->n_tenants; t++) {
		uint64_t granted = plan->tenants[t].granted_bytes / KIB4;

		if (distance(w->steps[t].fast_pages, granted) > fast_pages / 100 + 1)
			fail_msg("tenant %zu holds %ju, granted %ju", t,
				 (uintmax_t)w->steps[t].fast_pages, (uintmax_t)granted);
	}
}

static struct policy_settings share(uint64_t min_pages, uint64_t max_pages, uint32_t weight)
{
	struct policy_settings settings = policy_defaults();

	settings.fast_min.value = min_pages * KIB4;
	if (max_pages)
		settings.fast_max = (struct policy_amount){ .value = max_pages * KIB4 };
	settings.weight = weight;
	return settings;
}

/* Eight of all kinds and a noisy one; after three periods all have what they are due. */
static void test_eight_and_a_noisy_one(void **state)
{
	static const struct {
		uint64_t min, max;
		uint32_t weight;
		enum sim_kind kind;
	} kinds[] = {
		{ 500, 0, 100, SIM_HOT },   { 0, 300, 100, SIM_UNIFORM },
		{ 0, 0, 400, SIM_UNIFORM }, { 0, 0, 100, SIM_ZIPF },
		{ 800, 900, 10, SIM_IDLE }, { 100, 2000, 1000, SIM_HOT },
		{ 0, 0, 1, SIM_UNIFORM },   { 200, 200, 50, SIM_SWEEP },
	};
	struct world w = world_of(PAGES, 10 * PAGES);
	struct sim_load noisy = { .kind = SIM_UNIFORM,
				  .pages = 2 * PAGES,
				  .accesses = 16 * PAGES };

	/* It comes first, and takes all there is. */
	add(&w, NULL, &noisy, 0);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct policy_settings settings =
			share(kinds[i].min, kinds[i].max, kinds[i].weight);
		struct sim_load load = hot;

		load.kind = kinds[i].kind;
		load.pages = 2048;
		load.accesses = 8192;
		load.hot_pages = 512;
		load.theta = 0.99;
		add(&w, &settings, &load, 1);
	}
	steps(&w, 3);
	for (int i = 0; i < 20; i++) {
		steps(&w, 1);
		expect_shares(&w, PAGES);
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		assert_true(w.steps[i + 1].fast_pages + PAGES / 100 >= kinds[i].min);
		if (kinds[i].max)
			assert_true(w.steps[i + 1].fast_pages <= kinds[i].max);
	}
	sim_destroy(w.sim);
}

/*
 * Others take and give back a little of DRAM all the time: no share goes up and down with that, and pages stay where
 * they are. What lasts is followed: less at once, more some rounds later.
 */
static void test_others_come_and_go(void **state)
{
	static const uint32_t weights[] = { 100, 400, 200, 1000 };
	const int64_t little = PAGES / 50;
	uint64_t least[4], most[4] = { 0 }, moved = 0, random = 1;
	struct world w = world_of(PAGES, 4 * PAGES);
	struct sim_load load = { .kind = SIM_UNIFORM, .pages = PAGES, .accesses = 8 * PAGES };
	int64_t theirs = 0;

	for (size_t t = 0; t < 4; t++) {
		struct policy_settings settings = share(0, 0, weights[t]);

		add(&w, &settings, &load, 1);
		least[t] = PAGES;
	}
	for (int i = 0; i < 120; i++) {
		int64_t now = (int64_t)random_below(&random, (uint64_t)little + 1);

		sim_others(w.sim, 0, now - theirs);
		theirs = now;
		assert_int_equal(sim_step(w.sim, w.steps), 0);
		for (size_t t = 0; t < 4 && i >= 40; t++) {
			uint64_t pages = w.steps[t].fast_pages;

			least[t] = pages < least[t] ? pages : least[t];
			most[t] = pages > most[t] ? pages : most[t];
			moved += w.steps[t].moved_pages;
		}
	}
	for (size_t t = 0; t < 4; t++)
		assert_true(most[t] - least[t] <= PAGES / 100);
	assert_true(moved <= 80 * PAGES / 1000);
	expect_shares(&w, PAGES);
	/* All that was theirs they give back for good. */
	sim_others(w.sim, 0, -theirs);
	steps(&w, 2 * CAPACITY_PLANS);
	assert_int_equal(sim_plan(w.sim)->capacity_bytes / KIB4, PAGES);
	/* They take much, as fast as there is headroom for it, and give it back at once. */
	for (int i = 1; i <= 10; i++) {
		sim_others(w.sim, 0, 100);
		assert_int_equal(sim_step(w.sim, w.steps), 0);
		assert_int_equal(sim_plan(w.sim)->capacity_bytes / KIB4, PAGES - (uint64_t)i * 100);
		expect_shares(&w, PAGES);
	}
	sim_others(w.sim, 0, -1000);
	steps(&w, 1);
	assert_int_equal(sim_plan(w.sim)->capacity_bytes / KIB4, PAGES);
	expect_shares(&w, PAGES);
	sim_destroy(w.sim);
}

/* Two tenants that use what is DRAM for a half of each: until one pauses. */
static const struct sim_load busy_load = { .kind = SIM_UNIFORM,
					   .pages = PAGES,
					   .accesses = 8 * PAGES };
static const struct sim_load idle_load = { .kind = SIM_IDLE,
					   .pages = PAGES,
					   .accesses = 8 * PAGES };

static struct world world_of_two(size_t *ret_owner, size_t *ret_borrower)
{
	struct world w = world_of(PAGES, 4 * PAGES);

	*ret_owner = add(&w, NULL, &busy_load, 0);
	*ret_borrower = add(&w, NULL, &busy_load, 1);
	steps(&w, 40);
	return w;
}

/* What one leaves unused the other has two periods later, and the reverse. */
static void test_lent_and_given_back(void **state)
{
	size_t owner, borrower;
	struct world w = world_of_two(&owner, &borrower);

	assert_in_range(w.steps[owner].fast_pages, PAGES * 49 / 100, PAGES * 51 / 100);
	assert_in_range(w.steps[borrower].fast_pages, PAGES * 49 / 100, PAGES * 51 / 100);

	assert_int_equal(sim_tenant_load(w.sim, owner, &idle_load), 0);
	steps(&w, 2);
	assert_true(w.steps[borrower].fast_pages >= PAGES * 98 / 100);
	steps(&w, 60);
	assert_int_equal(sim_tenant_load(w.sim, owner, &busy_load), 0);
	steps(&w, 2);
	assert_true(w.steps[owner].fast_pages >= PAGES * 49 / 100);
	sim_destroy(w.sim);
}

/* One that often pauses keeps its share for some time; once that is lent, it does not come back unused. */
static void test_lent_stays_lent(void **state)
{
	size_t owner, borrower;
	struct world w = world_of_two(&owner, &borrower);
	int rounds = 0;

	for (int i = 0; i < 4; i++) {
		assert_int_equal(sim_tenant_load(w.sim, owner, &idle_load), 0);
		steps(&w, 3);
		assert_int_equal(sim_tenant_load(w.sim, owner, &busy_load), 0);
		steps(&w, 3);
	}
	assert_int_equal(sim_tenant_load(w.sim, owner, &idle_load), 0);
	do
		steps(&w, 1);
	while (w.steps[borrower].fast_pages < PAGES * 98 / 100 && ++rounds < 200);
	for (int i = 0; i < 100; i++) {
		assert_true(w.steps[borrower].fast_pages >= PAGES * 98 / 100);
		steps(&w, 1);
	}
	sim_destroy(w.sim);
}

/* A guaranteed minimum is not lent. */
static void test_minimum_stays(void **state)
{
	struct sim_load busy = { .kind = SIM_UNIFORM,
				 .pages = PAGES,
				 .accesses = 8 * PAGES };
	struct policy_settings settings = share(PAGES / 3, 0, 1);
	struct sim_load idle = busy;
	struct world w = world_of(PAGES, 4 * PAGES);
	size_t owner;

	idle.kind = SIM_IDLE;
	owner = add(&w, &settings, &idle, 0);
	add(&w, NULL, &busy, 1);
	for (int i = 0; i < 30; i++) {
		steps(&w, 1);
		assert_true(w.steps[owner].fast_pages >= PAGES / 3 - 1);
	}
	assert_true(w.steps[owner].fast_pages <= PAGES / 3 + PAGES / 100);
	sim_destroy(w.sim);
}

/* With a rate it takes as long as the bytes take, and then it is so. */
static void test_rate(void **state)
{
	struct sim_load busy = { .kind = SIM_UNIFORM,
				 .pages = PAGES,
				 .accesses = 8 * PAGES };
	struct sim_input input = {
		.tiers = { { .pages = PAGES + 128, .high_pages = 128 },
			   { .pages = 4 * PAGES } },
		.n_tiers = 2,
		.rate_bytes = PAGES / 8 * KIB4,
		.seed = 2,
	};
	struct world w = { 0 };
	size_t first, second;

	assert_int_equal(sim_create(&input, &w.sim), 0);
	first = add(&w, NULL, &busy, 0);
	second = add(&w, NULL, &busy, 1);
	for (int i = 0; i < 12; i++) {
		steps(&w, 1);
		assert_true(w.moved <= PAGES / 8);
	}
	assert_in_range(w.steps[first].fast_pages, PAGES * 49 / 100, PAGES * 51 / 100);
	assert_in_range(w.steps[second].fast_pages, PAGES * 49 / 100, PAGES * 51 / 100);
	sim_destroy(w.sim);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hot_set),
		cmocka_unit_test(test_zipf),
		cmocka_unit_test(test_hot_huge_pages),
		cmocka_unit_test(test_hot_parts_of_huge_pages),
		cmocka_unit_test(test_even_huge_pages),
		cmocka_unit_test(test_hot_set_moves),
		cmocka_unit_test(test_uniform),
		cmocka_unit_test(test_sweep),
		cmocka_unit_test(test_bursts),
		cmocka_unit_test(test_to_and_fro),
		cmocka_unit_test(test_eight_and_a_noisy_one),
		cmocka_unit_test(test_others_come_and_go),
		cmocka_unit_test(test_lent_and_given_back),
		cmocka_unit_test(test_lent_stays_lent),
		cmocka_unit_test(test_minimum_stays),
		cmocka_unit_test(test_rate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
