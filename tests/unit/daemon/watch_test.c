// SPDX-License-Identifier: GPL-2.0-or-later
/* watch_test.c -- each chunk has its turn, and is armed before it is read. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "daemon/watch.h"

#define MIB (1ull << 20)

static void all_have_a_turn(void **state)
{
	struct watch_turn turn = { 0 }, before = { 0 };
	uint64_t read = 0;

	for (uint32_t looks = 0; looks < 2 * WATCH_EVERY; looks++) {
		watch_next(&turn, looks, 1ull << 40, true);
		assert_int_equal(turn.every, WATCH_EVERY);
		assert_int_equal(turn.begins, looks % 2 == 0);
		if (!turn.begins) {
			assert_int_equal(turn.phase, before.phase);
			read |= 1ull << turn.phase;
		}
		before = turn;
	}
	assert_true(read == UINT64_MAX);
}

static void little_memory(void **state)
{
	struct watch_turn turn = { 0 };

	watch_next(&turn, 0, 5 * MIB, true);
	assert_int_equal(turn.every, 3);
	/* It has grown, but this is what was armed. */
	watch_next(&turn, 1, 500 * MIB, true);
	assert_int_equal(turn.every, 3);
	assert_false(turn.begins);
	watch_next(&turn, 2, 500 * MIB, true);
	assert_int_equal(turn.every, WATCH_EVERY);
	assert_int_equal(turn.phase, 1);
}

static void wanted_or_not(void **state)
{
	struct watch_turn turn = { 0 };

	watch_next(&turn, 7, 5 * MIB, true);
	assert_true(turn.begins);
	watch_next(&turn, 8, 5 * MIB, false);
	assert_int_equal(turn.every, 0);
	watch_next(&turn, 9, 5 * MIB, true);
	assert_true(turn.begins && turn.every == 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_have_a_turn),
		cmocka_unit_test(little_memory),
		cmocka_unit_test(wanted_or_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
