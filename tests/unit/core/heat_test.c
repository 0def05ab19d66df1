// SPDX-License-Identifier: GPL-2.0-or-later
/* heat_test.c -- what looks tell, and what it takes to keep it. */

#include <errno.h>

#include "heat_world.h"

/* Of a tenant, for each rank in which it has had pages. */
#define ROW_BYTES (HEAT_LEVELS * 8 + 16)

static void test_present(void **state)
{
	struct world *w = *state;
	struct heat_run runs[] = {
		run(BASE, 10, HEAT_PRESENT, true),
		run(BASE + 20 * KIB4, 600, HEAT_PRESENT, false),
	};

	runs[1].rank = 1;
	look(w, runs, 2);
	assert_int_equal(pages_at(w, 0), 10);
	assert_int_equal(pages_at(w, 1), 600);
	assert_int_equal(heat_resident_bytes(w->tenant), 610 * KIB4);
	assert_int_equal(piece_at(w, BASE).n_pages, 10);
	assert_int_equal(piece_at(w, BASE + 12 * KIB4).n_pages, 0);
	assert_int_equal(level_at(w, BASE + 20 * KIB4), HEAT_LEVEL_COLD);
	assert_true(level_at(w, BASE) > HEAT_LEVEL_COLD);
}

/* A page used in every look is hot; one that was used once among many is not. */
static void test_habit_and_burst(void **state)
{
	struct world *w = *state;
	struct heat_run runs[] = {
		run(BASE, 1, HEAT_PRESENT, true),
		run(BASE + KIB4, 1, HEAT_PRESENT, false),
		run(BASE + 2 * KIB4, 510, HEAT_PRESENT, false),
	};

	for (int i = 0; i < 40; i++) {
		runs[1].rate = i == 35 ? 255 : 0;
		look(w, runs, 3);
	}
	assert_true(level_at(w, BASE) >= 18);
	assert_true(level_at(w, BASE + KIB4) <= 5);
	assert_int_equal(level_at(w, BASE + 2 * KIB4), HEAT_LEVEL_COLD);
}

/* After eight looks a page that has become hot is above one that has become cold. */
static void test_change(void **state)
{
	struct world *w = *state;
	struct heat_run runs[] = {
		run(BASE, 256, HEAT_PRESENT, true),
		run(BASE + 256 * KIB4, 256, HEAT_PRESENT, false),
	};

	for (int i = 0; i < 60; i++)
		look(w, runs, 2);
	runs[0].rate = 0;
	runs[1].rate = 255;
	for (int i = 0; i < 8; i++)
		look(w, runs, 2);
	assert_true(level_at(w, BASE + 256 * KIB4) > level_at(w, BASE));
}

static uint64_t warm_pages(struct world *w)
{
	struct heat_stat stat;
	uint64_t pages = 0;

	heat_stat(w->tenant, &stat);
	for (unsigned int level = HEAT_LEVEL_COLD + 1; level < HEAT_LEVELS; level++)
		pages += stat.pages[0][level];
	return pages;
}

/* Skipped as a whole, it cools as if each page had been looked at; and then it is small. */
static void test_idle(void **state)
{
	struct world *w = *state;
	struct heat_run used = run(BASE, 64 * 512, HEAT_PRESENT, true);
	struct heat_run idle = run(BASE, 64 * 512, HEAT_IDLE, false);
	size_t before = heat_size_bytes(w->heat);

	for (int i = 0; i < 40; i++)
		look(w, &used, 1);
	for (int i = 0; i < 8; i++)
		look(w, &idle, 1);
	assert_int_equal(warm_pages(w), 64 * 512);
	assert_true(level_at(w, BASE) < 17);
	for (int i = 0; i < 120; i++)
		look(w, &idle, 1);
	assert_int_equal(warm_pages(w), 0);
	assert_int_equal(pages_at(w, 0), 64 * 512);
	assert_true(heat_size_bytes(w->heat) - before <= ROW_BYTES + 64 * 24 + 2 * 120);
}

/* A process that sleeps cools as if all of it had been looked at; what was not seen stays so. */
static void test_rest(void **state)
{
	struct world *w = *state;
	struct heat_run used[] = { run(BASE, 64 * 512, HEAT_PRESENT, true),
				   run(BASE + (1ull << 40), 512, HEAT_BLIND, false) };
	struct heat_run idle = run(BASE, 64 * 512, HEAT_IDLE, false);
	uint64_t levels[2];
	struct heat_stat stat;

	for (int way = 0; way < 2; way++) {
		for (int i = 0; i < 40; i++)
			look(w, used, 2);
		for (int i = 0; i < 8; i++) {
			if (way)
				assert_int_equal(heat_rest(w->space), 0);
			else
				look(w, &idle, 1);
		}
		levels[way] = level_at(w, BASE);
	}
	assert_int_equal(levels[0], levels[1]);
	heat_stat(w->tenant, &stat);
	assert_int_equal(stat.blind_pages, 512);
	for (int i = 0; i < 120; i++)
		assert_int_equal(heat_rest(w->space), 0);
	assert_int_equal(warm_pages(w), 0);
	assert_int_equal(pages_at(w, 0), 64 * 512);
}

static uint64_t wanted(struct world *w)
{
	struct plan_tier tiers[] = { { .free_bytes = 1 << 30, .read_ns = 80, .write_ns = 80 },
				     { .free_bytes = 1 << 30, .read_ns = 250, .write_ns = 250 } };
	struct plan_input input = { .tiers = tiers, .n_tiers = 2, .interval_ms = 1000 };
	struct plan plan = { 0 };
	uint64_t bytes;

	assert_int_equal(plan_make(w->heat, &input, &plan), 0);
	bytes = plan.tenants[0].wanted_bytes;
	plan_free(&plan);
	return bytes;
}

/* A tenant that rests wants nothing soon, also if looks at it are cut off, and parts are empty or cold. */
static void test_rest_in_parts(void **state)
{
	struct world *w = *state;
	struct heat_run runs[] = { run(BASE, 512, HEAT_PRESENT, true),
				   run(BASE + (1ull << 32), 512, HEAT_PRESENT, false),
				   run(BASE + (1ull << 33), 512, HEAT_ABSENT, false) };
	struct heat_look part = { .confidence = 255, .grain_shift = 12 };

	for (int i = 0; i < 40; i++)
		look(w, runs, 3);
	assert_int_equal(wanted(w), 512 * HEAT_PAGE);
	runs[0].rate = 0;
	for (int i = 0; i < 3; i++) {
		for (int k = 0; k < 3; k++) {
			part.goes_on = k;
			heat_look_begin(w->space, &part);
			assert_int_equal(heat_fold(w->space, &runs[k], 1), 0);
			heat_look_end(w->space);
			if (i)
				assert_int_equal(wanted(w), 0);
		}
	}
	runs[0].rate = 255;
	look(w, runs, 3);
	assert_int_equal(wanted(w), 512 * HEAT_PAGE);
}

static void test_blind_keeps(void **state)
{
	struct world *w = *state;
	struct heat_run runs[] = { run(BASE, 512, HEAT_PRESENT, true) };
	struct heat_stat stat;
	unsigned int level;

	look(w, runs, 1);
	level = level_at(w, BASE);
	runs[0].state = HEAT_BLIND;
	for (int i = 0; i < 50; i++)
		look(w, runs, 1);
	assert_int_equal(level_at(w, BASE), level);
	heat_stat(w->tenant, &stat);
	assert_int_equal(stat.blind_pages, 512);
}

static void test_absent(void **state)
{
	struct world *w = *state;
	struct heat_run used = run(BASE, 100 * 512, HEAT_PRESENT, true);
	struct heat_run gone = run(BASE + 256 * KIB4, 99 * 512, HEAT_ABSENT, false);
	size_t before = heat_size_bytes(w->heat);

	look(w, &used, 1);
	look(w, &gone, 1);
	assert_int_equal(pages_at(w, 0), 512);
	assert_int_equal(heat_forget(w->space, 0, UINT64_MAX), 0);
	assert_int_equal(pages_at(w, 0), 0);
	/* But for the room for pointers to groups. */
	assert_true(heat_size_bytes(w->heat) <= before + ROW_BYTES + 8 * 8);
}

static void test_decree(void **state)
{
	struct world *w = *state;
	struct heat_run runs[] = { run(BASE, 1024, HEAT_PRESENT, true) };
	struct policy_settings settings = policy_defaults();

	look(w, runs, 1);
	assert_int_equal(heat_place(w->space, BASE + 16 * KIB4, BASE + 32 * KIB4,
				    POLICY_TIER_SLOW),
			 0);
	assert_int_equal(heat_place(w->space, BASE + 24 * KIB4, BASE + 600 * KIB4,
				    POLICY_TIER_FAST),
			 0);
	assert_true(level_at(w, BASE) > HEAT_LEVEL_COLD);
	assert_int_equal(level_at(w, BASE + 16 * KIB4), HEAT_LEVEL_SLOW);
	assert_int_equal(level_at(w, BASE + 24 * KIB4), HEAT_LEVEL_FAST);
	assert_int_equal(level_at(w, BASE + 599 * KIB4), HEAT_LEVEL_FAST);
	assert_true(level_at(w, BASE + 600 * KIB4) < HEAT_LEVEL_FAST);

	settings.tier = POLICY_TIER_SLOW;
	heat_tenant_settings(w->tenant, &settings);
	assert_int_equal(level_at(w, BASE), HEAT_LEVEL_SLOW);
	assert_int_equal(level_at(w, BASE + 24 * KIB4), HEAT_LEVEL_FAST);
	assert_int_equal(heat_place(w->space, BASE, BASE + 512 * KIB4, POLICY_TIER_LEAVE),
			 0);
	assert_int_equal(pages_at(w, 0), 512);
	assert_int_equal(heat_place(w->space, 5, 8192, POLICY_TIER_SLOW), -EINVAL);
	assert_int_equal(heat_place(w->space, 8192, 8192, POLICY_TIER_SLOW), -EINVAL);
}

static void test_writes(void **state)
{
	struct world *w = *state;
	struct heat_run runs[] = {
		run(BASE, 256, HEAT_PRESENT, true),
		run(BASE + 256 * KIB4, 256, HEAT_PRESENT, true),
	};
	struct policy_settings settings = policy_defaults();

	runs[0].flags = HEAT_WRITES_KNOWN | HEAT_WRITTEN;
	runs[1].flags = HEAT_WRITES_KNOWN;
	look(w, runs, 2);
	assert_true(piece_at(w, BASE).written);
	assert_int_equal(level_at(w, BASE), level_at(w, BASE + 256 * KIB4));
	settings.write_weight = 0;
	heat_tenant_settings(w->tenant, &settings);
	heat_measured_write_weight(w->heat, 3);
	assert_int_equal(level_at(w, BASE), level_at(w, BASE + 256 * KIB4) + 4);
	/* Not known is not clean. */
	runs[0].flags = 0;
	look(w, runs, 2);
	assert_true(piece_at(w, BASE).written);
}

static void test_moved(void **state)
{
	struct world *w = *state;
	struct heat_run runs[] = { run(BASE, 1024, HEAT_PRESENT, true) };
	struct heat_stat stat;

	runs[0].rank = 1;
	look(w, runs, 1);
	assert_int_equal(heat_moved(w->space, BASE + 500 * KIB4, 24, 0), 0);
	assert_int_equal(pages_at(w, 0), 24);
	assert_int_equal(heat_moved(w->space, BASE + 500 * KIB4, 24, 1), 0);
	assert_int_equal(pages_at(w, 0), 0);
	heat_stat(w->tenant, &stat);
	assert_int_equal(stat.moved_pages, 48);
	assert_int_equal(stat.bounced_pages, 24);
	/* A trifle, of 1024. */
	heat_round(w->heat);
	heat_stat(w->tenant, &stat);
	assert_int_equal(stat.left_alone, 0);
	assert_int_equal(heat_moved(w->space, BASE, 64, 0), 0);
	assert_int_equal(heat_moved(w->space, BASE, 64, 1), 0);
	for (int i = 0; i < 8; i++)
		heat_round(w->heat);
	heat_stat(w->tenant, &stat);
	assert_int_equal(stat.left_alone, 8);
	for (int i = 0; i < 100; i++)
		heat_round(w->heat);
	heat_stat(w->tenant, &stat);
	assert_int_equal(stat.left_alone, 0);
}

/* The kernel puts small pages together: what is hot in them makes all of it hot, and it moves as one. */
static void test_becomes_huge(void **state)
{
	struct world *w = *state;
	struct heat_run runs[512], whole = run(BASE, 512, HEAT_PRESENT, true);
	unsigned int hottest;

	for (int n = 0; n < 40; n++) {
		for (uint32_t i = 0; i < 512; i++)
			runs[i] = run(BASE + i * KIB4, 1, HEAT_PRESENT, n % (1 + i % 20) == 0);
		look(w, runs, 512);
	}
	hottest = level_at(w, BASE);
	assert_true(hottest > level_at(w, BASE + 19 * KIB4));
	whole.flags = HEAT_HUGE;
	look(w, &whole, 1);
	assert_true(piece_at(w, BASE).huge);
	assert_int_equal(piece_at(w, BASE).n_pages, 512);
	assert_int_equal(level_at(w, BASE), hottest);
}

static void test_bad_runs(void **state)
{
	struct world *w = *state;
	struct heat_run good = run(BASE, 8, HEAT_PRESENT, true);
	struct heat_run bad[] = {
		run(BASE + 4 * KIB4, 8, HEAT_PRESENT, true), /* overlaps */
		run(BASE + 9 * KIB4 + 1, 8, HEAT_PRESENT, true),
		run(BASE + 9 * KIB4, 0, HEAT_PRESENT, true),
		run(1ull << 56, 8, HEAT_PRESENT, true),
		run((1ull << 56) - KIB4, 2, HEAT_PRESENT, true),
		run(UINT64_MAX & ~4095ull, 8, HEAT_PRESENT, true),
		run(BASE + 9 * KIB4, 8, 4, true),
		run(BASE + 9 * KIB4, 8, HEAT_PRESENT, true), /* rank */
		run(BASE + 9 * KIB4, 512, HEAT_PRESENT, true), /* huge */
	};

	bad[7].rank = HEAT_RANKS_MAX;
	bad[8].flags = HEAT_HUGE;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct heat_run runs[] = { good, bad[i] };

		heat_look_begin(w->space, &exact);
		assert_int_equal(heat_fold(w->space, runs, 2), -EINVAL);
		heat_look_end(w->space);
		assert_int_equal(pages_at(w, 0), 8);
	}
}

/* 0.1 % of what is tracked are 4.19 bytes a page; of these, heat may have half and a bit. */
static void test_memory(void **state)
{
	struct world *w = *state;
	static struct heat_run runs[64 * 512];
	uint64_t seed = 1;
	size_t before = heat_size_bytes(w->heat);

	for (int k = 0; k < 20; k++) {
		for (size_t i = 0; i < 64 * 512; i++)
			runs[i] = run(BASE + i * KIB4, 1, HEAT_PRESENT,
				      random_below(&seed, 2));
		look(w, runs, 64 * 512);
	}
	assert_true(heat_size_bytes(w->heat) - before <= 64 * 512 * 21 / 10);
}

/* Which pages moved is remembered as long as they can come back, and no longer. */
static void test_moves_are_forgotten(void **state)
{
	struct world *w = *state;
	struct heat_run used = run(BASE, 512, HEAT_PRESENT, true);
	size_t before;

	look(w, &used, 1);
	assert_int_equal(heat_moved(w->space, BASE, 512, 1), 0);
	heat_round(w->heat);
	before = heat_size_bytes(w->heat);
	for (int i = 0; i < 50; i++)
		heat_round(w->heat);
	assert_int_equal(before - heat_size_bytes(w->heat), 1024);
	/* As for the first time. */
	assert_int_equal(heat_moved(w->space, BASE, 512, 0), 0);
	assert_int_equal(heat_size_bytes(w->heat), before);
	assert_int_equal(pages_at(w, 0), 512);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_present, setup, teardown),
		cmocka_unit_test_setup_teardown(test_habit_and_burst, setup, teardown),
		cmocka_unit_test_setup_teardown(test_change, setup, teardown),
		cmocka_unit_test_setup_teardown(test_idle, setup, teardown),
		cmocka_unit_test_setup_teardown(test_rest, setup, teardown),
		cmocka_unit_test_setup_teardown(test_rest_in_parts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_blind_keeps, setup, teardown),
		cmocka_unit_test_setup_teardown(test_absent, setup, teardown),
		cmocka_unit_test_setup_teardown(test_decree, setup, teardown),
		cmocka_unit_test_setup_teardown(test_writes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_moved, setup, teardown),
		cmocka_unit_test_setup_teardown(test_becomes_huge, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bad_runs, setup, teardown),
		cmocka_unit_test_setup_teardown(test_memory, setup, teardown),
		cmocka_unit_test_setup_teardown(test_moves_are_forgotten, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
