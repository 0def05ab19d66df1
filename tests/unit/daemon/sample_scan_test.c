// SPDX-License-Identifier: GPL-2.0-or-later
/* sample_scan_test.c -- ramify_scan's runs become the core's, and nonsense is refused. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <cmocka.h>

#include "daemon/sample_scan.h"
#include "include/uapi/ramify_scan.h"

#define MIB2 (2ULL << 20)

static struct heat_run got[4096];
static size_t n_got;
static int fold_error;

static int fold(void *arg, const struct heat_run *runs, size_t n)
{
	for (size_t i = 0; i < n && n_got < sizeof(got) / sizeof(got[0]); i++)
		got[n_got++] = runs[i];
	return fold_error;
}

static const uint8_t ranks[] = {0, 1};
static const struct sample_request request = {.ranks = ranks, .n_ranks = 2, .fold = fold};
static struct runs runs;

static int decode(const uint64_t *words, size_t n, uint64_t start, uint64_t end)
{
	int err;

	n_got = 0;
	runs_begin(&runs, &request);
	err = scan_decode(&runs, words, n, start, end);
	return err ? err : runs_end(&runs);
}

static void expect(size_t i, uint64_t start, uint32_t pages, int state, int rank, int rate, int flags)
{
	assert_true(i < n_got);
	assert_int_equal(got[i].start, start);
	assert_int_equal(got[i].n_pages, pages);
	assert_int_equal(got[i].state, state);
	assert_int_equal(got[i].rank, rank);
	assert_int_equal(got[i].rate, rate);
	assert_int_equal(got[i].flags, flags);
}

static void test_states(void **state)
{
	const uint64_t words[] = {
		0x10000,
		0x11000 | RAMIFY_RUN_PRESENT | 1,
		0x13000 | RAMIFY_RUN_PRESENT | RAMIFY_RUN_ACCESSED,
		0x14000 | RAMIFY_RUN_SPECIAL,
		0x15000 | RAMIFY_RUN_PRESENT | 7,
		MIB2 | RAMIFY_RUN_IDLE,
		2 * MIB2 | RAMIFY_RUN_PRESENT | RAMIFY_RUN_HUGE | RAMIFY_RUN_ACCESSED | 1,
	};

	assert_int_equal(decode(words, 7, 0x10000, 3 * MIB2), 0);
	assert_int_equal(n_got, 7);
	expect(0, 0x10000, 1, HEAT_ABSENT, 0, 0, 0);
	expect(1, 0x11000, 2, HEAT_PRESENT, 1, 0, 0);
	expect(2, 0x13000, 1, HEAT_PRESENT, 0, 255, 0);
	expect(3, 0x14000, 1, HEAT_ABSENT, 0, 0, 0);
	expect(4, 0x15000, (MIB2 - 0x15000) / 4096, HEAT_BLIND, 0, 0, 0);
	expect(5, MIB2, 512, HEAT_IDLE, 0, 0, 0);
	expect(6, 2 * MIB2, 512, HEAT_PRESENT, 1, 255, HEAT_HUGE);
	assert_int_equal(runs.present_pages, 2 + 1 + 512);
	assert_int_equal(runs.used_pages, 1 + 512);
}

static void test_writes(void **state)
{
	const uint64_t words[] = {
		0x1000 | RAMIFY_RUN_PRESENT | RAMIFY_RUN_WATCHED,
		0x2000 | RAMIFY_RUN_PRESENT | RAMIFY_RUN_WATCHED | RAMIFY_RUN_DIRTY,
		0x3000 | RAMIFY_RUN_PRESENT | RAMIFY_RUN_DIRTY,
	};

	assert_int_equal(decode(words, 3, 0x1000, 0x4000), 0);
	assert_int_equal(n_got, 3);
	expect(0, 0x1000, 1, HEAT_PRESENT, 0, 0, HEAT_WRITES_KNOWN);
	expect(1, 0x2000, 1, HEAT_PRESENT, 0, 0, HEAT_WRITES_KNOWN | HEAT_WRITTEN);
	expect(2, 0x3000, 1, HEAT_PRESENT, 0, 0, 0);
}

/* Clean and dirty pages are alike where writes are not watched: neighbours become one run, across calls too. */
static void test_merge(void **state)
{
	const uint64_t words[] = {
		0x1000 | RAMIFY_RUN_PRESENT,
		0x2000 | RAMIFY_RUN_PRESENT | RAMIFY_RUN_DIRTY,
	};

	assert_int_equal(decode(words, 2, 0x1000, 0x3000), 0);
	assert_int_equal(n_got, 1);
	expect(0, 0x1000, 2, HEAT_PRESENT, 0, 0, 0);

	n_got = 0;
	runs_begin(&runs, &request);
	assert_int_equal(scan_decode(&runs, words, 2, 0x1000, 0x3000), 0);
	assert_int_equal(scan_decode(&runs, (const uint64_t[]){0x3000 | RAMIFY_RUN_PRESENT}, 1,
				     0x3000, 0x9000), 0);
	assert_int_equal(runs_end(&runs), 0);
	assert_int_equal(n_got, 1);
	expect(0, 0x1000, 8, HEAT_PRESENT, 0, 0, 0);
}

static void test_long(void **state)
{
	assert_int_equal(decode((const uint64_t[]){0}, 1, 0, 0x7ffffffff000), 0);
	assert_int_equal(n_got, 16);
	expect(15, 15 * (1ULL << 43), 0x7fffffff, HEAT_ABSENT, 0, 0, 0);
}

static void test_batches(void **state)
{
	static uint64_t words[3000];

	for (size_t i = 0; i < 3000; i++)
		words[i] = (i + 1) << 12 | (i % 2 ? RAMIFY_RUN_PRESENT : 0);
	assert_int_equal(decode(words, 3000, 0x1000, 3001 << 12), 0);
	assert_int_equal(n_got, 3000);
	for (size_t i = 0; i < 3000; i++)
		expect(i, (i + 1) << 12, 1, i % 2 ? HEAT_PRESENT : HEAT_ABSENT, 0, 0, 0);
}

static void test_fold_fails(void **state)
{
	fold_error = -ENOMEM;
	assert_int_equal(decode((const uint64_t[]){0x1000}, 1, 0x1000, 0x3000), -ENOMEM);
	fold_error = 0;
}

static void test_nonsense(void **state)
{
	assert_int_equal(decode((const uint64_t[]){0x1000}, 1, 0x2000, 0x3000), -EPROTO);
	assert_int_equal(decode((const uint64_t[]){0x2000, 0x2000}, 2, 0x2000, 0x3000), -EPROTO);
	assert_int_equal(decode((const uint64_t[]){0x2000, 0x1000}, 2, 0x2000, 0x3000), -EPROTO);
	assert_int_equal(decode((const uint64_t[]){0x2000, 0x4000}, 2, 0x2000, 0x3000), -EPROTO);
	assert_int_equal(decode((const uint64_t[]){0x2000}, 1, 0x2000, 0x2000), -EPROTO);
	assert_int_equal(decode(NULL, 0, 0x2000, 0x3000), -EPROTO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_writes),
		cmocka_unit_test(test_merge),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_batches),
		cmocka_unit_test(test_fold_fails),
		cmocka_unit_test(test_nonsense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
