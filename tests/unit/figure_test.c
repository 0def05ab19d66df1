// SPDX-License-Identifier: GPL-2.0-or-later
/* figure_test.c -- medians, and how far runs are apart. */

#include "figure.h"

#include "tree.h"

static void expect(double *runs, size_t n, double median, double spread)
{
	struct ramify_figure figure = figure_of(runs, n);

	assert_float_equal(figure.median, median, 1e-9);
	assert_float_equal(figure.spread, spread, 1e-9);
}

static void test_figures(void **state)
{
	expect((double[]){ 7 }, 1, 7, 0);
	expect((double[]){ 3, 1 }, 2, 2, 1);
	expect((double[]){ 90, 100, 110, 1000, 95 }, 5, 100, 9.1);
	expect((double[]){ 0, 0, 0 }, 3, 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_figures) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
