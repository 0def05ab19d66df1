// SPDX-License-Identifier: GPL-2.0-or-later
/* zone_test.c -- /proc/zoneinfo. */

#include "zone.h"

#include <errno.h>
#include <string.h>

#include "tree.h"

static void test_parse(void **state)
{
	static const char *const wrong[] = {
		"Node ", "Node 0", "Node x, zone Normal", "Node 1024, zone Normal",
		"Node 0 zone Normal", "Node 0000000000, zone Normal",
	};
	struct zone_walk walk = { .node = -1 };
	uint64_t pages = 0;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(zone_parse(wrong[i], &walk, &pages), -EINVAL);
	assert_int_equal(zone_parse("        present  1", &walk, &pages), -EINVAL);
	assert_int_equal(zone_parse("Node 2, zone  Movable", &walk, &pages), 0);
	assert_int_equal(walk.node, 2);
	assert_true(walk.movable);
	assert_int_equal(zone_parse("        spanned  7", &walk, &pages), 0);
	assert_int_equal(zone_parse("        present  229376", &walk, &pages), 1);
	assert_int_equal(pages, 229376);
	assert_int_equal(zone_parse("        present  -1", &walk, &pages), -EINVAL);
	assert_int_equal(zone_parse("Node 0, zone    DMA32", &walk, &pages), 0);
	assert_false(walk.movable);
}

static void test_sums(void **state)
{
	struct tree *tree = tree_create("pmem-kmem-6.1");
	struct ramify_system *sys = tree_system(tree);

	assert_int_equal(tree_node(sys, 1)->movable_bytes, 768ull << 20);
	assert_int_equal(tree_node(sys, 1)->present_bytes, 768ull << 20);
	assert_int_equal(tree_node(sys, 0)->movable_bytes, 0);
	assert_true(tree_node(sys, 0)->present_bytes > tree_node(sys, 0)->total_bytes);
	ramify_system_free(sys);
	tree_remove(tree, "proc/zoneinfo");
	sys = tree_system(tree);
	assert_true(tree_node(sys, 0)->movable_bytes == RAMIFY_UNKNOWN);
	ramify_system_free(sys);
	tree_write(tree, "proc/zoneinfo", "Node 0, zone DMA\n  present 99999999999999999\n");
	tree_expect_absurd(tree, "proc/zoneinfo, line 2");
	tree_destroy(tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_sums),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
