// SPDX-License-Identifier: GPL-2.0-or-later
/* ranges_test.c -- which mappings are managed. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/ranges.h"

static struct policies set;
static struct objects objects;
static struct ranges ranges;
static const struct advice *advice;
static struct policy_error error;
static int me, other;

static const struct policy *policy(const char *mapping, const char *more)
{
	policies_free(&set);
	assert_int_equal(policies_add(&set, "p", "f", 1, &error), 0);
	if (mapping)
		assert_int_equal(policies_set(&set, "mapping", mapping, "f", 2, &error), 0);
	if (more)
		assert_int_equal(policies_set(&set, "mapping", more, "f", 3, &error), 0);
	return &set.items[0];
}

static int read_as(const void *owner, const struct policy *p, const char *text)
{
	FILE *maps = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
	int err = ranges_read(maps, p, advice, &objects, owner, &ranges);

	fclose(maps);
	return err;
}

static void is(size_t i, uint64_t start, uint64_t end, enum policy_tier tier, bool shared)
{
	assert_true(i < ranges.n);
	assert_int_equal(ranges.items[i].start, start);
	assert_int_equal(ranges.items[i].end, end);
	assert_int_equal(ranges.items[i].tier, tier);
	assert_int_equal(ranges.items[i].shared, shared);
}

static const char maps[] =
	"00400000-00500000 r-xp 00000000 08:01 1234                       /usr/bin/x y\n"
	"00600000-00601000 rw-p 00000000 00:00 0                          [heap]\n"
	"00601000-00700000 rw-p 00000000 00:00 0 \n"
	"10000000-10200000 rw-s 00000000 00:01 77                         /memfd:my data (deleted)\n"
	"20000000-20200000 rw-s 00000000 00:01 78                         /dev/zero (deleted)\n"
	"30000000-30200000 rw-s 00000000 00:0f 79                         /anon_hugepage (deleted)\n"
	"40000000-40200000 rw-s 00000000 00:06 80                         /dev/dax0.0\n"
	"7ffc00000000-7ffc00021000 rw-p 00000000 00:00 0                  [stack]\n"
	"7ffc000fe000-7ffc00100000 r-xp 00000000 00:00 0                  [vdso]\n"
	"ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0          [vsyscall]\n";

static void usual(void **state)
{
	assert_int_equal(read_as(&me, policy(NULL, NULL), maps), 0);
	assert_int_equal(ranges.n, 4);
	is(0, 0x600000, 0x700000, POLICY_TIER_AUTO, false);
	is(1, 0x10000000, 0x10200000, POLICY_TIER_AUTO, true);
	is(2, 0x20000000, 0x20200000, POLICY_TIER_AUTO, true);
	is(3, 0x7ffc00000000, 0x7ffc00021000, POLICY_TIER_AUTO, false);
	assert_ptr_equal(ranges_find(&ranges, 0x10000000), &ranges.items[1]);
	assert_ptr_equal(ranges_find(&ranges, 0x101fffff), &ranges.items[1]);
	assert_null(ranges_find(&ranges, 0x10200000));
	assert_null(ranges_find(&ranges, 0));
	assert_null(ranges_find(&ranges, UINT64_MAX));
}

static void spans(void **state)
{
	uint64_t start = 0, end = 0;

	assert_int_equal(read_as(&me, policy(NULL, NULL), maps), 0);
	assert_true(ranges_span(&ranges, 1ULL << 30, &start, &end));
	assert_int_equal(start, 0x600000);
	assert_int_equal(end, 0x20200000);
	start = 0x10100000;
	assert_true(ranges_span(&ranges, 1ULL << 20, &start, &end));
	assert_int_equal(start, 0x10100000);
	assert_int_equal(end, 0x10200000);
	start = 0x20200000;
	assert_true(ranges_span(&ranges, 1ULL << 30, &start, &end));
	assert_int_equal(start, 0x7ffc00000000);
	start = end;
	assert_false(ranges_span(&ranges, 1ULL << 30, &start, &end));
}

static void by_lines(void **state)
{
	assert_int_equal(read_as(&me, policy("memfd:my* slow", "stack leave"), maps), 0);
	is(1, 0x10000000, 0x10200000, POLICY_TIER_SLOW, true);
	assert_int_equal(ranges.n, 3);
	assert_int_equal(read_as(&me, policy("file:/usr/bin/* fast", "range:0x600000-0x601000 slow"),
				 maps), 0);
	is(0, 0x400000, 0x500000, POLICY_TIER_FAST, false);
	is(1, 0x600000, 0x601000, POLICY_TIER_SLOW, false);
	is(2, 0x601000, 0x700000, POLICY_TIER_AUTO, false);
}

/* What the program said holds where the policy says auto. */
static void by_advice(void **state)
{
	struct advice said = { 0 };

	assert_int_equal(advice_set(&said, 0x601000, 0x602000, POLICY_TIER_FAST), 0);
	assert_int_equal(advice_set(&said, 0x10000000, 0x10200000, POLICY_TIER_FAST), 0);
	assert_int_equal(advice_set(&said, 0x400000, 0x500000, POLICY_TIER_FAST), 0);
	advice = &said;
	assert_int_equal(read_as(&me, policy("memfd:my* slow", NULL), maps), 0);
	is(0, 0x600000, 0x601000, POLICY_TIER_AUTO, false);
	is(1, 0x601000, 0x602000, POLICY_TIER_FAST, false);
	is(2, 0x602000, 0x700000, POLICY_TIER_AUTO, false);
	is(3, 0x10000000, 0x10200000, POLICY_TIER_SLOW, true);
	advice = NULL;
	advice_clear(&said);
}

/* An object is looked at and moved by one of those that map it. */
static void objects_once(void **state)
{
	objects_clear(&objects);
	assert_int_equal(read_as(&me, policy(NULL, NULL), maps), 0);
	assert_int_equal(ranges.n, 4);
	assert_int_equal(read_as(&other, policy(NULL, NULL), maps), 0);
	assert_int_equal(ranges.n, 2);
	for (uint64_t i = 0; i < 1000; i++)
		assert_ptr_equal(objects_claim(&objects, 5, i + 1, &me), &me);
	for (uint64_t i = 0; i < 1000; i++)
		assert_ptr_equal(objects_claim(&objects, 5, i + 1, &other), &me);
	objects_clear(&objects);
}

static void locked(void **state)
{
	static const char smaps[] =
		"00600000-00601000 rw-p 00000000 00:00 0\n"
		"Size:                  4 kB\nAnonHugePages:         0 kB\n"
		"VmFlags: rd wr mr mw me ac sd \n"
		"00601000-00603000 rw-p 00000000 00:00 0\n"
		"VmFlags: rd wr mr mw me lo ac sd \n"
		"00603000-00604000 rw-p 00000000 00:00 0\n"
		"VmFlags: rd wr mr mw me ac sd \n";

	assert_int_equal(read_as(&me, policy(NULL, NULL), smaps), 0);
	assert_int_equal(ranges.n, 2);
	is(0, 0x600000, 0x601000, POLICY_TIER_AUTO, false);
	is(1, 0x603000, 0x604000, POLICY_TIER_AUTO, false);
	assert_int_equal(ranges.locked_bytes, 0x2000);
}

static void nonsense(void **state)
{
	assert_int_equal(read_as(&me, policy(NULL, NULL), "0-1 rw\n"), -EPROTO);
	assert_int_equal(read_as(&me, policy(NULL, NULL), "2000-1000 rw-p 0 00:00 0\n"), -EPROTO);
	assert_int_equal(read_as(&me, policy(NULL, NULL), "1000-1800 rw-p 0 00:00 0\n"), -EPROTO);
	assert_int_equal(read_as(&me, policy(NULL, NULL),
				 "4000-5000 rw-p 0 00:00 0\n1000-2000 rw-p 0 00:00 0\n"),
			 -EPROTO);
	assert_int_equal(ranges.n, 0);
}

static int finish(void **state)
{
	policies_free(&set);
	objects_clear(&objects);
	ranges_free(&ranges);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(usual),    cmocka_unit_test(spans),	cmocka_unit_test(by_lines),
		cmocka_unit_test(by_advice),
		cmocka_unit_test(objects_once), cmocka_unit_test(locked),
		cmocka_unit_test(nonsense),
	};

	return cmocka_run_group_tests(tests, NULL, finish);
}
