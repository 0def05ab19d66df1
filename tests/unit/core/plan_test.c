// SPDX-License-Identifier: GPL-2.0-or-later
/* plan_test.c -- what a plan moves, in which order, and what it never does. */

#include <errno.h>
#include <string.h>

#include "core/plan.h"

#include "look.h"

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

static struct heat_piece piece_of(const struct world *w, uint32_t page)
{
	struct heat_piece piece;

	assert_int_equal(heat_pieces(w->space, BASE + page * KIB4, &piece, 1), 1);
	return piece;
}

/* Two chunks: of the first a part is hot, of the second all. */
static void test_joined(void **state)
{
	struct world *w = *state;
	struct heat_run small[] = { pages(0, 64, 1, true), pages(64, 448, 1, false),
				    pages(512, 512, 1, true) };
	struct heat_run joined = pages(0, 1024, 1, true), after = pages(0, 512, 1, true);
	struct policy_settings settings = policy_defaults();
	unsigned int hot;

	settings.huge = POLICY_HUGE_SPLIT;
	heat_tenant_settings(w->tenant, &settings);
	live(w, small, 3);
	hot = piece_of(w, 0).level;
	joined.flags = HEAT_HUGE;
	look(w->space, &joined, 1);
	w->tiers[0].free_bytes = 32 * KIB4;
	make(w);
	assert_int_equal(w->plan.moves[0].kind, PLAN_SPLIT);
	assert_int_equal(w->plan.moves[0].start, BASE);
	assert_in_range(moved(w, PLAN_PROMOTE, PLAN_HOT), 16, 32);
	for (size_t i = 1; i < w->plan.n_moves; i++) {
		assert_int_equal(w->plan.moves[i].kind, PLAN_PROMOTE);
		assert_false(w->plan.moves[i].huge);
		assert_true(w->plan.moves[i].start < BASE + 64 * KIB4);
	}

	/* What was known still is, though all pages were marked used. */
	assert_int_equal(heat_split(w->space, BASE), 0);
	look(w->space, &after, 1);
	assert_int_equal(piece_of(w, 0).level, hot);
	assert_int_equal(piece_of(w, 0).n_pages, 64);
	assert_int_equal(piece_of(w, 64).level, HEAT_LEVEL_COLD);
	assert_false(piece_of(w, 64).huge);
	make(w);
	assert_in_range(moved(w, PLAN_PROMOTE, PLAN_HOT), 16, 32);

	/* If it cannot be split it is one piece. */
	look(w->space, &joined, 1);
	assert_int_equal(heat_split(w->space, BASE), 0);
	look(w->space, &joined, 1);
	assert_int_equal(piece_of(w, 0).n_pages, 512);
	assert_true(piece_of(w, 0).huge);
}

/* Where all that is hot has room, or pages are alike, what the kernel joins stays so. */
static void test_joined_for_good(void **state)
{
	struct world *w = *state;
	struct heat_run small[] = { pages(0, 64, 1, true), pages(64, 448, 1, false) };
	struct heat_run joined = pages(0, 512, 1, true);
	struct policy_settings settings = policy_defaults();

	settings.huge = POLICY_HUGE_SPLIT;
	heat_tenant_settings(w->tenant, &settings);
	w->tiers[0].free_bytes = PLENTY;
	live(w, small, 2);
	joined.flags = HEAT_HUGE;
	look(w->space, &joined, 1);
	make(w);
	assert_int_equal(w->plan.n_moves, 0);
	look(w->space, &joined, 1);
	make(w);
	assert_int_equal(w->plan.n_moves, 1);
	assert_int_equal(w->plan.moves[0].kind, PLAN_PROMOTE);
	assert_int_equal(w->plan.moves[0].n_pages, 512);
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
		TEST(test_joined),
		TEST(test_joined_for_good),
		TEST(test_hit_share),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
