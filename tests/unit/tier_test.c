// SPDX-License-Identifier: GPL-2.0-or-later
/* tier_test.c -- ranks: by hand, measured, told, claimed, or near. */

#include <stdio.h>
#include <string.h>

#include "tree.h"

#define CONF "etc/ramify/tiers.conf"
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

static void forget_distance(struct tree *tree, int node)
{
	char path[128];

	snprintf(path, sizeof(path), "sys/devices/system/node/node%d/distance", node);
	tree_write(tree, path, "\n");
}

static void test_speed_unknown(void **state)
{
	struct tree *tree = tree_create("hmat-6.1");

	/* Of node 1 only: it goes by distance, as twice as slow as DRAM. */
	forget_speed(tree, 1);
	expect_ranks(tree, "0 1 2 3 ");
	/* Of the DRAM: then nothing can be set against it, and all are as far. */
	forget_speed(tree, 0);
	expect_ranks(tree, "0 1 1 1 ");
	/* Without tiers, the node with CPUs is DRAM. */
	tree_remove(tree, TIERS);
	expect_ranks(tree, "0 1 1 1 ");
	forget_distance(tree, 0);
	expect_ranks(tree, "0 1 1 1 ");
	tree_destroy(tree);
}

/* As with --adistance: that holds, whatever firmware says. */
static void test_kernel_told(void **state)
{
	struct tree *tree = tree_create("hmat-6.1");

	tree_write(tree, TIERS "/memory_tier22/nodelist", "1-2\n");
	tree_write(tree, TIERS "/memory_tier2/nodelist", "3\n");
	expect_ranks(tree, "2 0 3 1 ");
	tree_destroy(tree);
}

/* By hand goes before all; the numbers have no gap. */
static void test_by_hand(void **state)
{
	struct tree *tree = tree_create("hmat-6.12");

	tree_write(tree, CONF, "[node 1]\ntier = 9\n");
	expect_ranks(tree, "0 3 1 2 ");
	tree_write(tree, CONF, "[node 0]\ntier = 4\n[node 1]\ntier = 4\n"
			       "[node 2]\ntier = 7\n[node 3]\ntier = 2\n");
	expect_ranks(tree, "1 1 2 0 ");
	tree_destroy(tree);
}

static void test_measured(void **state)
{
	struct tree *tree = tree_create("hmat-6.12");

	tree_write(tree, CONF,
		   "[measured 0]\nread-latency-ns = 100\nread-mbps = 20000\nwrite-mbps = 20000\n"
		   "[measured 1]\nread-latency-ns = 900\nread-mbps = 1000\nwrite-mbps = 500\n");
	expect_ranks(tree, "0 3 1 2 ");
	tree_destroy(tree);
}

/* It does not keep anybody from looking. */
static void test_file_with_errors(void **state)
{
	struct tree *tree = tree_create("hmat-6.12");

	tree_write(tree, CONF, "[node 1]\ntier = 9\n[node 2]\ntier = fast\n");
	expect_ranks(tree, "1 0 2 3 ");
	assert_string_equal(ramify_message(tree->ctx), "");
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
		cmocka_unit_test(test_kernel_told),
		cmocka_unit_test(test_by_hand),
		cmocka_unit_test(test_measured),
		cmocka_unit_test(test_file_with_errors),
		cmocka_unit_test(test_absurd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
