// SPDX-License-Identifier: GPL-2.0-or-later
/* tier_test.c -- ranks, from tiers that are told, the same for all, or not told. */

#include <stdio.h>
#include <string.h>

#include "tree.h"

#define TIERS "sys/devices/virtual/memory_tiering"

static void expect_ranks(struct tree *tree, const char *expected)
{
	struct ramify_system *sys = tree_system(tree);
	const struct ramify_node *node = NULL;
	char ranks[64] = "";

	while ((node = ramify_next_node(sys, node)))
		sprintf(ranks + strlen(ranks), "%d ", node->rank);
	assert_string_equal(ranks, expected);
	ramify_system_free(sys);
}

/* The same machine on two kernels: one tells tiers by speed, one has the same for all. */
static void test_recorded(void **state)
{
	struct tree *old = tree_create("hmat-6.1"), *new = tree_create("hmat-6.12");
	struct ramify_system *sys = tree_system(old);

	assert_int_equal(tree_node(sys, 0)->tier, 4);
	assert_int_equal(tree_node(sys, 3)->tier, 22);
	ramify_system_free(sys);
	expect_ranks(old, "1 0 2 3 ");
	expect_ranks(new, "1 0 2 3 ");
	tree_destroy(old);
	tree_destroy(new);
}

static void forget_speed(struct tree *tree, int node)
{
	char path[128];

	snprintf(path, sizeof(path), "sys/devices/system/node/node%d/access0", node);
	tree_remove(tree, path);
}

static void test_speed_unknown(void **state)
{
	struct tree *tree = tree_create("hmat-6.1");

	/* Of node 1 only: it is taken for as slow as what the kernel's tier stands for. */
	forget_speed(tree, 1);
	expect_ranks(tree, "0 1 1 2 ");
	/* Of the DRAM: then nothing can be set against it. */
	forget_speed(tree, 0);
	expect_ranks(tree, "0 1 1 1 ");
	/* Without tiers, the node with CPUs is DRAM. */
	tree_remove(tree, TIERS);
	expect_ranks(tree, "0 1 1 1 ");
	tree_destroy(tree);
}

/* An administrator has set a tier: that holds, whatever firmware says. */
static void test_set_by_hand(void **state)
{
	struct tree *tree = tree_create("hmat-6.1");

	tree_write(tree, TIERS "/memory_tier22/nodelist", "1-2\n");
	tree_write(tree, TIERS "/memory_tier2/nodelist", "3\n");
	expect_ranks(tree, "2 0 3 1 ");
	tree_destroy(tree);
}

static void test_absurd(void **state)
{
	struct tree *tree = tree_create("hmat-6.1");

	tree_write(tree, TIERS "/memory_tier22/nodelist", "1-\n");
	tree_expect_absurd(tree, "memory_tier22/nodelist");
	tree_write(tree, TIERS "/memory_tier22/nodelist", "1-5000\n");
	tree_expect_absurd(tree, "memory_tier22/nodelist");
	tree_destroy(tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_recorded),
		cmocka_unit_test(test_speed_unknown),
		cmocka_unit_test(test_set_by_hand),
		cmocka_unit_test(test_absurd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
