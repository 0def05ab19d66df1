// SPDX-License-Identifier: GPL-2.0-or-later
/* blockset_test.c -- sets of memory blocks: from ranges, by their state, and back. */

#include "blockset.h"

#include <errno.h>

#include "tree.h"

#define BLOCK 0x8000000ull
#define DIR "sys/devices/system/memory/"

static void test_inside(void **state)
{
	struct ramify_extent items[] = { { 2 * BLOCK, 3 * BLOCK }, { 10 * BLOCK + 1, 2 * BLOCK } };
	struct state_ranges ranges = { items, 2 }, back;
	struct blockset set;

	assert_int_equal(blockset_inside(&ranges, 0, &set), -EINVAL);
	assert_int_equal(blockset_inside(&ranges, RAMIFY_UNKNOWN, &set), -EINVAL);
	assert_int_equal(blockset_inside(&ranges, BLOCK, &set), 0);
	assert_int_equal(set.n, 4);
	assert_int_equal(set.numbers[0], 2);
	assert_int_equal(set.numbers[3], 11);
	assert_int_equal(blockset_bytes(&set), 4 * BLOCK);
	assert_int_equal(blockset_ranges(&set, &back), 0);
	assert_int_equal(back.n, 2);
	assert_int_equal(back.items[0].size_bytes, 3 * BLOCK);
	ranges_clear(&back);
	blockset_clear(&set);
}

static void test_select(void **state)
{
	struct tree *tree = *state;
	struct ramify_extent items[] = { { 0, 4 * BLOCK } };
	struct state_ranges ranges = { items, 1 };
	struct blockset set, online, offline;

	tree_write(tree, DIR "memory0/state", "online\n");
	tree_write(tree, DIR "memory1/state", "offline\n");
	tree_write(tree, DIR "memory2/state", "going-offline\n");
	tree_write(tree, DIR "memory0/valid_zones", "Movable\n");
	tree_write(tree, DIR "memory1/valid_zones", "Normal Movable\n");
	tree_write(tree, DIR "memory2/valid_zones", "none\n");
	assert_int_equal(blockset_inside(&ranges, BLOCK, &set), 0);
	assert_int_equal(blockset_select(tree->ctx, &set, true, &online), 0);
	assert_int_equal(online.n, 2);
	assert_int_equal(blockset_select(tree->ctx, &set, false, &offline), 0);
	assert_int_equal(offline.n, 1);
	assert_int_equal(offline.numbers[0], 1);
	assert_int_equal(block_zone(tree->ctx, 0), RAMIFY_ZONE_MOVABLE);
	assert_int_equal(block_zone(tree->ctx, 1), RAMIFY_ZONE_KERNEL);
	assert_int_equal(block_zone(tree->ctx, 2), RAMIFY_ZONE_UNKNOWN);
	assert_int_equal(block_zone(tree->ctx, 3), RAMIFY_ZONE_UNKNOWN);
	blockset_clear(&set);
	blockset_clear(&online);
	blockset_clear(&offline);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_inside),
		tree_test(test_select),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
