// SPDX-License-Identifier: GPL-2.0-or-later
/* budget_test.c -- no window of time ever costs more than the share. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "daemon/budget.h"

#define SECOND 1000000000ULL
#define STEPS 20000

static uint64_t state = 1;

static uint64_t next(uint64_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % below;
}

/* Looks of any size at any time, each cut to what is allowed: every window of 60 s is looked at. */
static void test_window(void **unused)
{
	static uint64_t when[STEPS], cost[STEPS];
	struct budget b;
	uint64_t now = 5 * SECOND, in_window = 0;
	size_t first = 0;

	budget_init(&b, 10000, now);
	budget_fill(&b);
	for (size_t i = 0; i < STEPS; i++) {
		uint64_t allowed, wish = next(4) ? next(10000000) : next(SECOND);

		now += next(8) ? next(SECOND / 10) : next(90 * SECOND);
		allowed = budget_allows(&b, now);
		cost[i] = wish < allowed ? wish : allowed;
		when[i] = now;
		budget_spend(&b, cost[i]);
		in_window += cost[i];
		while (when[first] + BUDGET_WINDOW_NS < now)
			in_window -= cost[first++];
		assert_true(in_window <= BUDGET_WINDOW_NS / 100);
	}
}

/* Who always has something to look at gets three quarters of the share. */
static void test_busy(void **unused)
{
	struct budget b;
	uint64_t now = 0, spent = 0;

	budget_init(&b, 10000, now);
	for (int i = 0; i < 6000; i++) {
		uint64_t allowed = budget_allows(&b, now += SECOND / 10);

		budget_spend(&b, allowed);
		spent += allowed;
	}
	assert_in_range(spent, 4499 * SECOND / 1000, 4500 * SECOND / 1000);
}

/* Asking a thousand times a second must not lose what a nanosecond's share is too little for. */
static void test_often(void **unused)
{
	struct budget b;
	uint64_t now = 0;

	budget_init(&b, 10000, now);
	for (int i = 0; i < 1000000; i++)
		budget_allows(&b, ++now);
	assert_in_range(budget_allows(&b, now), 7400, 7500);
}

static void test_overspent(void **unused)
{
	struct budget b;

	budget_init(&b, 10000, 0);
	assert_int_equal(budget_allows(&b, 0), 0);
	budget_spend(&b, SECOND / 10);
	assert_int_equal(budget_allows(&b, SECOND), 0);
	/* 0.1 s is paid off at 0.75 % after 13.3 s. */
	assert_in_range(budget_wait(&b, 1), 12 * SECOND, 13 * SECOND);
	assert_true(budget_allows(&b, 14 * SECOND) > 0);
	assert_int_equal(budget_wait(&b, 0), 0);
}

static void test_nothing(void **unused)
{
	struct budget b;

	budget_init(&b, 0, 0);
	assert_int_equal(budget_allows(&b, 1000 * SECOND), 0);
	assert_true(budget_wait(&b, 1) == UINT64_MAX);
}

static const struct pace_wish wish = {
	.period_ns = SECOND,
	.period_max_ns = 30 * SECOND,
	.cpu_ns = SECOND / 1000,
	.stall_ppm = 2000,
};

static void test_pace_free(void **unused)
{
	struct pace pace = budget_pace(10000, &wish);

	assert_int_equal(pace.period_ns, SECOND);
	assert_int_equal(pace.coverage_ppm, 1000000);
	assert_int_equal(pace.limit, PACE_FREE);
}

static void test_pace_cpu(void **unused)
{
	struct pace_wish w = wish;
	struct pace pace;

	w.cpu_ns = SECOND / 10;
	pace = budget_pace(10000, &w);
	assert_in_range(pace.period_ns, 13 * SECOND, 14 * SECOND);
	assert_int_equal(pace.coverage_ppm, 1000000);
	assert_int_equal(pace.limit, PACE_CPU);

	w.cpu_ns = SECOND;
	pace = budget_pace(10000, &w);
	assert_int_equal(pace.period_ns, 30 * SECOND);
	assert_in_range(pace.coverage_ppm, 224990, 225000);
	pace = budget_pace(0, &w);
	assert_int_equal(pace.coverage_ppm, 0);
}

/* 45 ms of stall for 5 GiB: at most 0.2 % of the time. */
static void test_pace_stall(void **unused)
{
	struct pace_wish w = wish;
	struct pace pace;

	w.stall_ns = 45 * SECOND / 1000;
	pace = budget_pace(10000, &w);
	assert_in_range(pace.period_ns, 22 * SECOND, 23 * SECOND);
	assert_int_equal(pace.limit, PACE_STALL);
	w.stall_ns = SECOND;
	pace = budget_pace(10000, &w);
	assert_in_range(pace.period_ns, 500 * SECOND, 501 * SECOND);
	assert_int_equal(pace.coverage_ppm, 1000000);
}

/* What a cut leaves goes on as soon as it may, not a period later; and no later than the period's end. */
static void test_resume(void **unused)
{
	uint64_t now = SECOND, end = now + 100 * SECOND, at;
	struct budget b;

	budget_init(&b, 10000, now);
	assert_true(budget_allows(&b, now += 40 * SECOND) > 100000000);
	assert_int_equal(budget_resume(&b, now, 100000000, end), now);
	/* All of it is spent in part of a look: 30 ms are left. */
	budget_spend(&b, budget_allows(&b, now));
	at = budget_resume(&b, now, 30000000, end);
	assert_in_range(at - now, 3990 * SECOND / 1000, 4010 * SECOND / 1000);
	assert_true(budget_allows(&b, at - SECOND / 100) < 30000000);
	assert_true(budget_allows(&b, at) >= 30000000);
	/* Not in crumbs. */
	budget_spend(&b, budget_allows(&b, at));
	assert_true(budget_resume(&b, at, 1, end) >= at + SECOND / 10);
	/* More than can be saved up: as much as can be. */
	assert_true(budget_resume(&b, at, 100 * SECOND, UINT64_MAX) <= at + 21 * SECOND);
	assert_int_equal(budget_resume(&b, at, 100 * SECOND, at + SECOND), at + SECOND);
	assert_int_equal(budget_resume(&b, at, 0, at), at);
	assert_int_equal(budget_resume(&b, at, 0, at - 1), at - 1);
	budget_init(&b, 0, now);
	assert_int_equal(budget_resume(&b, now, 1, end), end);
}

/* A round: find, look if anything is left, set the pace. How many of 100 rounds could look? */
static unsigned int rounds_with_a_look(uint64_t finding_ns, uint64_t look_ns)
{
	uint64_t now = SECOND, looking_ns = 0;
	struct pace_wish w = wish;
	unsigned int looks = 0;
	struct budget b;

	budget_init(&b, 10000, 0);
	for (int i = 0; i < 100; i++) {
		uint64_t spent_ns;

		budget_allows(&b, now);
		budget_spend(&b, finding_ns);
		spent_ns = budget_allows(&b, now);
		if (spent_ns > look_ns)
			spent_ns = look_ns;
		budget_spend(&b, spent_ns);
		looks += spent_ns > 0;
		looking_ns = budget_learn(looking_ns, spent_ns, finding_ns, !spent_ns);
		w.cpu_ns = finding_ns + looking_ns;
		now += budget_pace(10000, &w).period_ns;
	}
	return looks;
}

/* On a slow machine finding processes alone may cost all that a second brings in. */
static void test_finding_starves_nobody(void **unused)
{
	assert_in_range(rounds_with_a_look(9000000, 2000000), 50, 100);
	assert_in_range(rounds_with_a_look(90000000, 2000000), 50, 100);
	assert_in_range(rounds_with_a_look(9000000, 90000000), 50, 100);
	assert_in_range(rounds_with_a_look(100000, 2000000), 95, 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_resume),
		cmocka_unit_test(test_window),
		cmocka_unit_test(test_busy),
		cmocka_unit_test(test_often),
		cmocka_unit_test(test_overspent),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_pace_free),
		cmocka_unit_test(test_pace_cpu),
		cmocka_unit_test(test_pace_stall),
		cmocka_unit_test(test_finding_starves_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
