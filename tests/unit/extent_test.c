// SPDX-License-Identifier: GPL-2.0-or-later
/* extent_test.c -- ranges at both ends of the addresses, and whole blocks in them. */

#include "extent.h"

#include "tree.h"

#define MB 0x100000ull
#define BLOCK (128 * MB)

static void expect(struct ramify_extent extent, uint64_t start, uint64_t size)
{
	assert_true(extent.size_bytes == size);
	if (size)
		assert_true(extent.start == start);
}

static struct ramify_extent blocks(uint64_t start, uint64_t size)
{
	return extent_blocks(&(struct ramify_extent){ start, size }, BLOCK);
}

static void test_valid(void **state)
{
	assert_true(extent_valid(&(struct ramify_extent){ 0, 1 }));
	assert_true(extent_valid(&(struct ramify_extent){ UINT64_MAX, 1 }));
	assert_true(extent_valid(&(struct ramify_extent){ 1, UINT64_MAX }));
	assert_false(extent_valid(&(struct ramify_extent){ 2, UINT64_MAX }));
	assert_false(extent_valid(&(struct ramify_extent){ 5, 0 }));
}

static void test_blocks(void **state)
{
	expect(blocks(0, BLOCK), 0, BLOCK);
	expect(blocks(0, BLOCK - 1), 0, 0);
	expect(blocks(1, BLOCK), 0, 0);
	expect(blocks(1, 2 * BLOCK - 1), BLOCK, BLOCK);
	expect(blocks(1, 2 * BLOCK - 2), 0, 0);
	expect(blocks(10 * MB, 502 * MB), BLOCK, 384 * MB);
	expect(blocks(UINT64_MAX - BLOCK + 1, BLOCK), UINT64_MAX - BLOCK + 1, BLOCK);
	expect(blocks(UINT64_MAX - BLOCK + 2, BLOCK - 1), 0, 0);
	expect(blocks(0, UINT64_MAX), 0, UINT64_MAX - BLOCK + 1);
	expect(blocks(BLOCK, 0), 0, 0);
}

static void test_overlap(void **state)
{
	struct ramify_extent a = { 100, 50 }, b = { 150, 10 }, c = { 149, 1 }, none = { 120, 0 };

	assert_false(extent_overlaps(&a, &b));
	assert_true(extent_overlaps(&a, &c));
	assert_true(extent_holds(&a, &c));
	assert_false(extent_holds(&c, &a));
	assert_false(extent_overlaps(&a, &none));
	assert_false(extent_holds(&a, &none));
	expect(extent_clip(&a, &c), 149, 1);
	expect(extent_clip(&a, &b), 0, 0);
	expect(extent_clip(&(struct ramify_extent){ 90, 20 }, &a), 100, 10);
}

static void test_bad(void **state)
{
	struct ramify_extent whole = { 10 * MB, 1014 * MB };
	/* One in the part that is lost anyway, two in one block, one over two blocks. */
	struct ramify_extent bad[] = {
		{ 20 * MB, 512 }, { 300 * MB, 512 }, { 310 * MB, 1024 }, { 639 * MB, 2 * MB },
	};

	assert_int_equal(extent_bad_bytes(&whole, BLOCK, bad, 0), 0);
	assert_int_equal(extent_bad_bytes(&whole, BLOCK, bad, 1), 0);
	assert_int_equal(extent_bad_bytes(&whole, BLOCK, bad, 2), BLOCK);
	assert_int_equal(extent_bad_bytes(&whole, BLOCK, bad, 3), BLOCK);
	assert_int_equal(extent_bad_bytes(&whole, BLOCK, bad, 4), 3 * BLOCK);
}

/* A range that covers others, and all of the memory. */
static void test_bad_overlapping(void **state)
{
	struct ramify_extent whole = { 0, 4 * BLOCK };
	struct ramify_extent bad[] = {
		{ 0, 2 * BLOCK }, { 10, 10 }, { BLOCK, 10 }, { 3 * BLOCK, 5 * BLOCK },
	};

	assert_int_equal(extent_bad_bytes(&whole, BLOCK, bad, 4), 3 * BLOCK);
	bad[0].size_bytes = UINT64_MAX;
	assert_int_equal(extent_bad_bytes(&whole, BLOCK, bad, 4), 4 * BLOCK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_valid),
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_overlap),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_bad_overlapping),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
