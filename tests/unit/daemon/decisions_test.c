// SPDX-License-Identifier: GPL-2.0-or-later
/* decisions_test.c -- what was planned lately: one line for what belongs together, and bounded. */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/decisions.h"

#define SPACES 3000

static struct decisions decisions;
static struct tenant tenant = { .name = "gold" };
static struct process processes[SPACES];
static struct heat_space *spaces[SPACES];
static struct heat *heat;

static int setup(void **state)
{
	struct heat_tenant *gold;

	if (heat_create(&heat) || heat_tenant_add(heat, &tenant, &gold))
		return -1;
	for (int i = 0; i < SPACES; i++) {
		processes[i] = (struct process){ .pid = i + 1, .tenant = &tenant };
		if (heat_space_add(gold, &processes[i], &spaces[i]))
			return -1;
	}
	return 0;
}

static int teardown(void **state)
{
	heat_destroy(heat);
	return 0;
}

static struct plan_move move_of(int space, uint64_t start, uint8_t reason)
{
	return (struct plan_move){ .space = spaces[space],
				   .start = start,
				   .n_pages = 4,
				   .kind = PLAN_PROMOTE,
				   .reason = reason,
				   .from = 1,
				   .level = (uint8_t)(start >> 12) };
}

static void take(struct plan_move *moves, size_t n, uint32_t round)
{
	struct plan plan = { .moves = moves, .n_moves = n };

	decisions_take(&decisions, &plan, round, false, false);
}

/* Why it is not done stays told, when that is no longer so. */
static void test_what_is_not_done(void **state)
{
	struct plan_move move = move_of(0, 0x8000, PLAN_HOT);
	struct plan plan = { .moves = &move, .n_moves = 1 };

	decisions_take(&decisions, &plan, 5, false, true);
	move.dry_run = true;
	decisions_take(&decisions, &plan, 6, false, false);
	move.dry_run = false;
	decisions_take(&decisions, &plan, 7, true, false);
	assert_true(decisions_back(&decisions, 2)->paused && !decisions_back(&decisions, 2)->dry_run);
	assert_true(decisions_back(&decisions, 1)->dry_run && !decisions_back(&decisions, 1)->paused);
	assert_true(decisions_back(&decisions, 0)->dry_run && !decisions_back(&decisions, 0)->paused);
	decisions_clear(&decisions);
}

static void test_what_belongs_together(void **state)
{
	struct plan_move moves[] = { move_of(0, 0x8000, PLAN_HOT), move_of(1, 0x1000, PLAN_HOT),
				     move_of(0, 0x2000, PLAN_HOT), move_of(0, 0x3000, PLAN_MINIMUM) };
	const struct decision *d;

	take(moves, 4, 7);
	assert_int_equal(decisions.n, 3);
	d = decisions_back(&decisions, 2);
	assert_int_equal(d->pid, 1);
	assert_int_equal(d->pages, 8);
	assert_int_equal(d->start, 0x2000);
	assert_int_equal(d->end, 0xc000);
	assert_int_equal(d->level_min, 2);
	assert_int_equal(d->level_max, 8);
	assert_string_equal(d->tenant, "gold");
	assert_int_equal(decisions_back(&decisions, 0)->reason, PLAN_MINIMUM);
	assert_null(decisions_back(&decisions, 3));
	/* Another round is another decision. */
	take(moves, 1, 8);
	assert_int_equal(decisions.n, 4);
	assert_int_equal(decisions_back(&decisions, 0)->round, 8);
	decisions_clear(&decisions);
}

/* Each move's outcome goes to the decision that it is a part of, in this plan. */
static void test_outcomes(void **state)
{
	struct plan_move moves[] = { move_of(0, 0x8000, PLAN_HOT), move_of(1, 0x1000, PLAN_HOT),
				     move_of(0, 0x2000, PLAN_HOT), move_of(0, 0x3000, PLAN_MINIMUM) };
	static struct plan_move many[2 * DECISIONS_MAX];

	for (uint32_t round = 1; round <= 2; round++) {
		take(moves, 4, round);
		for (unsigned int i = 0; i < 4; i++)
			decisions_outcome(&decisions, &moves[i])->fates[MOVE_MOVED] += i + 1;
		decisions_outcome(&decisions, &moves[2])->put_off += 5;
		assert_int_equal(decisions_back(&decisions, 2)->outcome.fates[MOVE_MOVED], 1 + 3);
		assert_int_equal(decisions_back(&decisions, 2)->outcome.put_off, 5);
		assert_int_equal(decisions_back(&decisions, 1)->outcome.fates[MOVE_MOVED], 2);
		assert_int_equal(decisions_back(&decisions, 0)->outcome.fates[MOVE_MOVED], 4);
	}
	/* More than are remembered: of the first ones nothing is told any more. */
	for (int i = 0; i < 2 * DECISIONS_MAX; i++)
		many[i] = move_of(i, 0x1000, PLAN_HOT);
	take(many, 2 * DECISIONS_MAX, 3);
	assert_null(decisions_outcome(&decisions, &many[DECISIONS_MAX - 1]));
	assert_ptr_equal(decisions_outcome(&decisions, &many[DECISIONS_MAX]),
			 &decisions_back(&decisions, DECISIONS_MAX - 1)->outcome);
	assert_int_equal(decisions_back(&decisions, 0)->outcome.fates[MOVE_MOVED], 0);
	decisions_clear(&decisions);
}

static void test_bounded(void **state)
{
	static struct plan_move moves[2 * SPACES];
	uint64_t pages = 0;
	size_t n = 0;

	for (int i = 0; i < 2 * SPACES; i++)
		moves[i] = move_of(i / 2, (uint64_t)i << 13, PLAN_HOT);
	take(moves, 2 * SPACES, 9);
	while (decisions_back(&decisions, n))
		pages += decisions_back(&decisions, n++)->pages;
	assert_int_equal(n, DECISIONS_MAX);
	assert_int_equal(decisions_back(&decisions, 0)->pid, SPACES);
	/* Two moves each, also where there are more than are remembered. */
	assert_int_equal(pages, 8 * DECISIONS_MAX);
	decisions_clear(&decisions);
	assert_null(decisions_back(&decisions, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_belongs_together),
		cmocka_unit_test(test_what_is_not_done),
		cmocka_unit_test(test_outcomes),
		cmocka_unit_test(test_bounded),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
