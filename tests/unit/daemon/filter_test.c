// SPDX-License-Identifier: GPL-2.0-or-later
/* filter_test.c -- what is not managed is told as if it were not there. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/filter.h"

#define PAGE 4096ULL
#define MIB2 (512 * PAGE)

static struct heat_run got[4096];
static size_t n_got;

static int keep(void *arg, const struct heat_run *runs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		got[n_got++] = runs[i];
	return 0;
}

static int refuse(void *arg, const struct heat_run *runs, size_t n)
{
	return -ENOMEM;
}

static struct range items[] = { { 2 * PAGE, 4 * PAGE }, { MIB2, 2 * MIB2 + PAGE } };
static const struct ranges ranges = { .items = items, .n = 2 };
static struct filter filter;

static void begin(bool first)
{
	memset(&filter, 0, sizeof(filter));
	filter.ranges = &ranges;
	filter.first = first;
	filter.fold = keep;
	n_got = 0;
}

static void is(size_t i, uint64_t start, uint64_t pages, enum heat_state state)
{
	assert_true(i < n_got);
	assert_int_equal(got[i].start, start);
	assert_int_equal(got[i].n_pages, pages);
	assert_int_equal(got[i].state, state);
}

static void cut(void **state)
{
	struct heat_run runs[] = {
		{ .start = 0, .n_pages = 512, .state = HEAT_PRESENT, .rate = 255 },
		{ .start = MIB2, .n_pages = 512, .state = HEAT_PRESENT, .flags = HEAT_HUGE },
	};
	struct heat_run more = { .start = 2 * MIB2, .n_pages = 512, .state = HEAT_PRESENT,
				 .flags = HEAT_HUGE };

	begin(false);
	assert_int_equal(filter_fold(&filter, runs, 2), 0);
	assert_int_equal(filter_fold(&filter, &more, 1), 0);
	assert_int_equal(n_got, 6);
	is(0, 0, 2, HEAT_ABSENT);
	is(1, 2 * PAGE, 2, HEAT_PRESENT);
	assert_int_equal(got[1].rate, 255);
	is(2, 4 * PAGE, 508, HEAT_ABSENT);
	is(3, MIB2, 512, HEAT_PRESENT);
	assert_int_equal(got[3].flags, HEAT_HUGE);
	is(4, 2 * MIB2, 1, HEAT_PRESENT);
	assert_int_equal(got[4].flags, 0);
	is(5, 2 * MIB2 + PAGE, 511, HEAT_ABSENT);
}

static void many(void **state)
{
	struct heat_run runs[1500];

	for (size_t i = 0; i < 1500; i++)
		runs[i] = (struct heat_run){ .start = i * PAGE, .n_pages = 1, .rate = 255,
					     .state = HEAT_PRESENT };
	begin(true);
	assert_int_equal(filter_fold(&filter, runs, 1500), 0);
	assert_int_equal(n_got, 1500);
	for (size_t i = 0; i < 1500; i++) {
		assert_int_equal(got[i].start, i * PAGE);
		assert_int_equal(got[i].rate, 0);
	}
	begin(false);
	filter.fold = refuse;
	assert_int_equal(filter_fold(&filter, runs, 1500), -ENOMEM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cut),
		cmocka_unit_test(many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
