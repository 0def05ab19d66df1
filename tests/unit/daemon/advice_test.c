// SPDX-License-Identifier: GPL-2.0-or-later
/* advice_test.c -- what a program said of ranges: the last word holds, and nothing overlaps. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/advice.h"

static struct advice advice;

static void say(uint64_t start, uint64_t end, enum policy_tier tier)
{
	assert_int_equal(advice_set(&advice, start, end, tier), 0);
}

static void is(size_t i, uint64_t start, uint64_t end, enum policy_tier tier)
{
	assert_true(i < advice.n);
	assert_int_equal(advice.items[i].start, start);
	assert_int_equal(advice.items[i].end, end);
	assert_int_equal(advice.items[i].tier, tier);
}

static void last_word(void **state)
{
	uint64_t end = 100;

	say(10, 50, POLICY_TIER_SLOW);
	say(20, 30, POLICY_TIER_FAST);
	assert_int_equal(advice.n, 3);
	is(0, 10, 20, POLICY_TIER_SLOW);
	is(1, 20, 30, POLICY_TIER_FAST);
	is(2, 30, 50, POLICY_TIER_SLOW);
	assert_int_equal(advice_at(&advice, 5, &end), POLICY_TIER_AUTO);
	assert_int_equal(end, 10);
	end = 25;
	assert_int_equal(advice_at(&advice, 20, &end), POLICY_TIER_FAST);
	assert_int_equal(end, 25);
	end = 100;
	assert_int_equal(advice_at(&advice, 50, &end), POLICY_TIER_AUTO);
	assert_int_equal(end, 100);
	say(20, 30, POLICY_TIER_SLOW);
	assert_int_equal(advice.n, 1);
	say(15, 20, POLICY_TIER_AUTO);
	is(0, 10, 15, POLICY_TIER_SLOW);
	is(1, 20, 50, POLICY_TIER_SLOW);
	say(0, 100, POLICY_TIER_AUTO);
	assert_int_equal(advice.n, 0);
	assert_int_equal(advice_at(NULL, 0, &end), POLICY_TIER_AUTO);
	advice_clear(&advice);
}

/* Against a plain array of what was said of each page. */
static void any_order(void **state)
{
	enum policy_tier said[64] = { 0 };
	uint32_t random = 1;

	for (int round = 0; round < 20000; round++) {
		uint64_t start, end, stop;

		random = random * 1664525 + 1013904223;
		start = random >> 8 & 63;
		end = start + 1 + (random >> 14) % (64 - start);
		say(start, end, (random >> 20) % 3);
		for (uint64_t at = start; at < end; at++)
			said[at] = (random >> 20) % 3;
		for (uint64_t at = 0; at < 64; at++) {
			stop = 64;
			assert_int_equal(advice_at(&advice, at, &stop), said[at]);
			for (uint64_t k = at; k < stop; k++)
				assert_int_equal(said[k], said[at]);
		}
		for (size_t i = 1; i < advice.n; i++)
			assert_true(advice.items[i - 1].end <= advice.items[i].start);
	}
	advice_clear(&advice);
}

static void bounds(void **state)
{
	for (uint64_t i = 0; i < ADVICE_MAX; i++)
		say(4 * i, 4 * i + 2, POLICY_TIER_FAST);
	assert_int_equal(advice_set(&advice, 4 * ADVICE_MAX, 4 * ADVICE_MAX + 1, POLICY_TIER_SLOW),
			 -E2BIG);
	assert_int_equal(advice.n, ADVICE_MAX);
	say(0, UINT64_MAX, POLICY_TIER_SLOW);
	assert_int_equal(advice.n, 1);
	advice_clear(&advice);
}

static void image(void **state)
{
	static const char text[] = "7 (a) b) S 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 "
				   "23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40 41 42 43 "
				   "44 45 46 47 48 49";
	uint64_t a, b, c;
	char other[sizeof(text)];

	assert_int_equal(advice_image_parse(text, &a), 0);
	strcpy(other, text);
	memcpy(strstr(other, " 27 "), " 99 ", 4);
	assert_int_equal(advice_image_parse(other, &b), 0);
	assert_true(a == b);
	memcpy(strstr(other, " 28 "), " 99 ", 4);
	assert_int_equal(advice_image_parse(other, &b), 0);
	assert_true(a != b);
	assert_int_equal(advice_image_parse("7 (a) S 4 5", &a), -EPROTO);
	assert_int_equal(advice_image_parse("", &a), -EPROTO);
	assert_int_equal(advice_image(getpid(), &b), 0);
	assert_int_equal(advice_image(getpid(), &c), 0);
	assert_true(b == c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(last_word),
		cmocka_unit_test(any_order),
		cmocka_unit_test(bounds),
		cmocka_unit_test(image),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
