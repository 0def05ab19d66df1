// SPDX-License-Identifier: GPL-2.0-or-later
/* block_test.c -- memory blocks, their states and zones. */

#include "block.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tree.h"

#define BLOCK 0x8000000ull

static void add_block(struct tree *tree, int number, const char *block_state, const char *zones)
{
	char path[128];

	snprintf(path, sizeof(path), BLOCK_DIR "/memory%d/state", number);
	tree_write(tree, path, block_state);
	snprintf(path, sizeof(path), BLOCK_DIR "/memory%d/valid_zones", number);
	tree_write(tree, path, zones);
}

static void expect_absurd_size(struct tree *tree, const char *size)
{
	struct block_map map;

	tree_write(tree, BLOCK_DIR "/block_size_bytes", size);
	assert_int_equal(block_map_read(tree->ctx, &map), -EBADMSG);
	assert_non_null(strstr(ramify_message(tree->ctx), "block_size_bytes"));
}

static void test_size(void **state)
{
	struct tree *tree = *state;
	struct block_map map;

	assert_int_equal(block_map_read(tree->ctx, &map), 0);
	assert_true(map.block_bytes == RAMIFY_UNKNOWN);
	expect_absurd_size(tree, "0\n");
	expect_absurd_size(tree, "8000001\n");
	expect_absurd_size(tree, "800\n");
	expect_absurd_size(tree, "\n");
	tree_write(tree, BLOCK_DIR "/block_size_bytes", "8000000\n");
	assert_int_equal(block_map_read(tree->ctx, &map), 0);
	assert_int_equal(map.block_bytes, BLOCK);
	assert_int_equal(map.n, 0);
	block_map_free(&map);
}

static void test_tally(void **state)
{
	struct tree *tree = *state;
	struct ramify_extent extent = { 10 * BLOCK + 1, 5 * BLOCK };
	struct block_tally tally = { 0 };
	struct block_map map;

	tree_write(tree, BLOCK_DIR "/block_size_bytes", "8000000\n");
	add_block(tree, 9, "online\n", "Normal\n");
	add_block(tree, 10, "online\n", "Normal\n");
	add_block(tree, 11, "online\n", "Movable\n");
	add_block(tree, 12, "offline\n", "Normal Movable\n");
	add_block(tree, 14, "going-offline\n", "Movable\n");
	add_block(tree, 15, "online\n", "Normal\n");
	assert_int_equal(block_map_read(tree->ctx, &map), 0);
	assert_int_equal(map.n, 6);
	assert_int_equal(block_tally_add(tree->ctx, &map, &extent, &tally), 0);
	assert_int_equal(tally.present_bytes, 3 * BLOCK);
	assert_int_equal(tally.online_bytes, 2 * BLOCK);
	assert_int_equal(block_tally_zone(&tally), RAMIFY_ZONE_MOVABLE);
	extent = (struct ramify_extent){ 0, UINT64_MAX };
	assert_int_equal(block_tally_add(tree->ctx, &map, &extent, &tally), 0);
	assert_int_equal(tally.present_bytes, 9 * BLOCK);
	assert_int_equal(block_tally_zone(&tally), RAMIFY_ZONE_MIXED);
	block_map_free(&map);
}

/* A block may go between the listing and the look at it. */
static void test_vanished(void **state)
{
	struct tree *tree = *state;
	struct ramify_extent extent = { 0, 4 * BLOCK };
	struct block_tally tally = { 0 };
	struct block_map map;

	tree_write(tree, BLOCK_DIR "/block_size_bytes", "8000000\n");
	add_block(tree, 1, "online\n", "DMA32\n");
	add_block(tree, 2, "online\n", "Normal\n");
	assert_int_equal(block_map_read(tree->ctx, &map), 0);
	tree_remove(tree, BLOCK_DIR "/memory2");
	assert_int_equal(block_tally_add(tree->ctx, &map, &extent, &tally), 0);
	assert_int_equal(tally.present_bytes, BLOCK);
	assert_int_equal(block_tally_zone(&tally), RAMIFY_ZONE_KERNEL);
	block_map_free(&map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		tree_test(test_size), tree_test(test_tally), tree_test(test_vanished),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
