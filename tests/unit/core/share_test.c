// SPDX-License-Identifier: GPL-2.0-or-later
/* share_test.c -- how a capacity is shared out: examples, and what holds for any claims. */

#include "core/share.h"

#include "random.h"

#define GIB (1ull << 30)

static uint64_t smaller(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static void test_weight(void **state)
{
	struct share_claim claims[] = {
		{ .max = 100, .resident = 100, .wanted = 100, .weight = 1 },
		{ .max = 100, .resident = 100, .wanted = 100, .weight = 3 },
	};
	struct share_result result;
	uint64_t granted[2];

	share_divide(claims, 2, 40, granted, &result);
	assert_int_equal(granted[0], 10);
	assert_int_equal(granted[1], 30);
	assert_false(result.scaled);
	assert_int_equal(result.granted, 40);
}

/* A share that is not used is lent, and given back when it is wanted. */
static void test_lent(void **state)
{
	struct share_claim claims[] = {
		{ .max = GIB, .resident = GIB, .wanted = 0, .weight = 1 },
		{ .max = GIB, .resident = GIB, .wanted = GIB, .weight = 1 },
	};
	struct share_result result;
	uint64_t granted[2];

	share_divide(claims, 2, GIB, granted, &result);
	assert_int_equal(granted[0], 0);
	assert_int_equal(granted[1], GIB);

	claims[0].wanted = GIB;
	share_divide(claims, 2, GIB, granted, &result);
	assert_int_equal(granted[0], GIB / 2);
	assert_int_equal(granted[1], GIB / 2);
}

static void test_minimum_before_weight(void **state)
{
	struct share_claim claims[] = {
		{ .min = 60, .max = 100, .resident = 100, .wanted = 0, .weight = 1 },
		{ .max = 100, .resident = 100, .wanted = 100, .weight = 10000 },
		{ .min = 60, .max = 100, .resident = 10, .wanted = 10, .weight = 1 },
	};
	struct share_result result;
	uint64_t granted[3];

	share_divide(claims, 3, 100, granted, &result);
	assert_int_equal(granted[0], 60);
	assert_int_equal(granted[1], 30);
	assert_int_equal(granted[2], 10);
	assert_int_equal(result.minima, 70);
}

static void test_minima_too_large(void **state)
{
	struct share_claim claims[] = {
		{ .min = 100, .max = 200, .resident = 200, .wanted = 200, .weight = 1 },
		{ .min = 300, .max = 400, .resident = 400, .wanted = 0, .weight = 9 },
	};
	struct share_result result;
	uint64_t granted[2];

	share_divide(claims, 2, 200, granted, &result);
	assert_int_equal(granted[0], 50);
	assert_int_equal(granted[1], 150);
	assert_true(result.scaled);
	assert_int_equal(result.minima, 400);
}

/* What is cold stays where it is, unless somebody wants the room. */
static void test_held(void **state)
{
	struct share_claim claims[] = {
		{ .max = 100, .resident = 100, .wanted = 10, .held = 80, .weight = 1 },
		{ .max = 100, .resident = 100, .wanted = 20, .held = 20, .weight = 1 },
	};
	struct share_result result;
	uint64_t granted[2];

	share_divide(claims, 2, 100, granted, &result);
	assert_int_equal(granted[0], 80);
	assert_int_equal(granted[1], 20);
	claims[1].wanted = 70;
	share_divide(claims, 2, 100, granted, &result);
	assert_int_equal(granted[0], 30);
	assert_int_equal(granted[1], 70);
	claims[0].max = 5;
	share_divide(claims, 2, 100, granted, &result);
	assert_int_equal(granted[0], 5);
}

static void test_nobody(void **state)
{
	struct share_result result;

	share_divide(NULL, 0, GIB, NULL, &result);
	assert_int_equal(result.granted, 0);
	assert_false(result.scaled);
}

#define CLAIMS_MAX 12

static uint64_t any_size(uint64_t *state)
{
	return random_below(state, 4) ?
		       random_next(state) >> (24 + random_below(state, 39)) :
		       0;
}

static void any_claims(uint64_t *state, struct share_claim *claims, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		claims[i] = (struct share_claim){
			.min = any_size(state),
			.max = random_below(state, 3) ? any_size(state) : UINT64_MAX,
			.resident = any_size(state),
			.wanted = any_size(state),
			.weight = 1 + random_below(state, 10000),
		};
		claims[i].held = random_below(state, claims[i].resident + 1);
	}
}

static uint64_t minimum(const struct share_claim *claim)
{
	return smaller(smaller(claim->min, claim->resident), claim->max);
}

static uint64_t wanted(const struct share_claim *claim)
{
	return smaller(smaller(claim->wanted, claim->resident), claim->max);
}

/* Does @a, which wants more, have less for its weight than @b has beyond its minimum? A byte
 * of rounding on either side is nobody's. */
static bool envies(const struct share_claim *a, uint64_t a_granted,
		   const struct share_claim *b, uint64_t b_granted)
{
	unsigned __int128 mine = a_granted - minimum(a), theirs = b_granted - minimum(b);

	return a_granted + 1 < wanted(a) && b_granted > minimum(b) + 1 &&
	       (mine + 2) * b->weight < (theirs - 1) * a->weight;
}

static bool holds(const struct share_claim *claims, size_t n, uint64_t capacity,
		  const uint64_t *granted, const struct share_result *result)
{
	uint64_t sum = 0, could = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t most = minimum(&claims[i]);

		if (granted[i] > claims[i].max)
			return false;
		if (!result->scaled && granted[i] < most)
			return false;
		if (wanted(&claims[i]) > most)
			most = wanted(&claims[i]);
		if (smaller(claims[i].held, claims[i].max) > most)
			most = smaller(claims[i].held, claims[i].max);
		could += most;
		sum += granted[i];
		for (size_t j = 0; j < n && !result->scaled; j++) {
			/* What is left to those who hold it is nobody's want. */
			if (granted[j] <= wanted(&claims[j]) &&
			    envies(&claims[i], granted[i], &claims[j], granted[j]))
				return false;
		}
	}
	return sum == result->granted && sum <= capacity &&
	       sum + 2 * n + 2 >= smaller(capacity, could);
}

static bool any_share_holds(uint64_t seed)
{
	struct share_claim claims[CLAIMS_MAX];
	uint64_t granted[CLAIMS_MAX], capacity;
	struct share_result result;
	uint64_t state = seed;
	size_t n = random_below(&state, CLAIMS_MAX + 1);

	any_claims(&state, claims, n);
	capacity = any_size(&state);
	share_divide(claims, n, capacity, granted, &result);
	return holds(claims, n, capacity, granted, &result);
}

static void test_any(void **state)
{
	check_property(any_share_holds, 20000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_weight),
		cmocka_unit_test(test_lent),
		cmocka_unit_test(test_minimum_before_weight),
		cmocka_unit_test(test_minima_too_large),
		cmocka_unit_test(test_held),
		cmocka_unit_test(test_nobody),
		cmocka_unit_test(test_any),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
