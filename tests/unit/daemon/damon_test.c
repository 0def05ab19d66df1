// SPDX-License-Identifier: GPL-2.0-or-later
/* damon_test.c -- lines of the kernel's trace. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "daemon/damon.h"

static void test_event(void **state)
{
	struct damon_event e;

	assert_true(damon_parse(
		"       kdamond.0-1234  [001] .....  12.345678: damon_aggregated: target_id=0 nr_regions=9 139999999950848-140000002048000: 7 3",
		&e));
	assert_int_equal(e.kdamond, 1234);
	assert_int_equal(e.start, 139999999950848);
	assert_int_equal(e.end, 140000002048000);
	assert_int_equal(e.accesses, 7);
}

static void test_other(void **state)
{
	struct damon_event e = {.kdamond = 77};
	const char *lines[] = {
		"",
		"CPU:0 [LOST 12 EVENTS]",
		"damon_aggregated: target_id=0 nr_regions=9 1-2: 7 3",
		" kdamond.0-x [001] ..... 1.2: damon_aggregated: target_id=0 nr_regions=9 1-2: 7 3",
		" kdamond.0-5 [001] ..... 1.2: damon_aggregated: target_id=0 nr_regions=9 2-2: 7 3",
		" kdamond.0-5 [001] ..... 1.2: damon_aggregated: target_id=0 nr_regions=9 1-2",
		" kdamond.0-0 [001] ..... 1.2: damon_aggregated: target_id=0 nr_regions=9 1-2: 3 3",
		" kdamond.0-5 [001] ..... 1.2: damon_other: target_id=0 nr_regions=9 1-2: 3 3",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_false(damon_parse(lines[i], &e));
	assert_int_equal(e.kdamond, 77);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_event),
		cmocka_unit_test(test_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
