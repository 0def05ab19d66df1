// SPDX-License-Identifier: GPL-2.0-or-later
/* tiers_test.c -- for how many reads a write counts. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "daemon/tiers.h"

static void write_weight(void **state)
{
	/* A read gains 170 ns, a write 510. */
	assert_int_equal(tiers_write_weight(80, 90, 250, 600), 3);
	assert_int_equal(tiers_write_weight(80, 80, 250, 250), 1);
	assert_int_equal(tiers_write_weight(80, 80, 250, 100), 1);
	assert_int_equal(tiers_write_weight(80, 80, 90, 5000), 8);
	assert_int_equal(tiers_write_weight(80, 0, 250, 600), 1);
	assert_int_equal(tiers_write_weight(0, 0, 0, 0), 1);
	/* The slow one is not slow. */
	assert_int_equal(tiers_write_weight(250, 90, 80, 600), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(write_weight),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
