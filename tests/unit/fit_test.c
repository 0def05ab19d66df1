// SPDX-License-Identifier: GPL-2.0-or-later
/* fit_test.c -- what is had and what is lost, and where a converted namespace's data begins. */

#include "fit.h"

#include "namespace.h"
#include "tree.h"

#define MB 0x100000ull
#define BLOCK (128 * MB)

static void expect(struct fit fit, uint64_t added, uint64_t align, uint64_t skip)
{
	assert_int_equal(fit.added_bytes, added);
	assert_int_equal(fit.lost_align_bytes, align);
	assert_int_equal(fit.lost_skip_bytes, skip);
}

static void test_fit(void **state)
{
	struct ramify_extent one = { 0x100a00000, 502 * MB };
	struct ramify_extent two[] = { { 10 * BLOCK, 2 * BLOCK }, { 20 * BLOCK + 1, BLOCK } };
	struct ramify_extent bad[] = { { 10 * BLOCK + 5, 1 }, { 10 * BLOCK + 7, 1 } };
	struct state_ranges none = { 0 }, skip = { bad, 2 };

	expect(fit_blocks(&one, 1, &none, BLOCK), 384 * MB, 118 * MB, 0);
	expect(fit_blocks(&one, 1, &none, 2048 * MB), 0, 502 * MB, 0);
	expect(fit_blocks(two, 2, &none, BLOCK), 2 * BLOCK, BLOCK, 0);
	expect(fit_blocks(two, 2, &skip, BLOCK), BLOCK, BLOCK, BLOCK);
	expect(fit_blocks(NULL, 0, &none, BLOCK), 0, 0, 0);
}

static void test_memmap(void **state)
{
	assert_int_equal(fit_memmap_bytes(1024 * MB), 16 * MB);
}

/* As the kernel was seen to place it. */
static void test_offset(void **state)
{
	assert_int_equal(namespace_devdax_offset(0x140000000, 1024 * MB, false), 18 * MB);
	assert_int_equal(namespace_devdax_offset(0x140000000, 1024 * MB, true), 2 * MB);
	assert_int_equal(namespace_devdax_offset(0x140000000, 512 * MB, false), 10 * MB);
	assert_int_equal(namespace_devdax_offset(0x140000000 + MB, 512 * MB, true), MB);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fit),
		cmocka_unit_test(test_memmap),
		cmocka_unit_test(test_offset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
