// SPDX-License-Identifier: GPL-2.0-or-later
/* initiator_test.c -- the nearest CPUs: a node's own, those that firmware names, or by distance. */

#include "initiator.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tree.h"

#define NODES "sys/devices/system/node/"

static void make_node(struct tree *tree, int node, const char *cpus, const char *distances)
{
	char path[96], meminfo[128];

	snprintf(path, sizeof(path), NODES "node%d/meminfo", node);
	snprintf(meminfo, sizeof(meminfo), "Node %d MemTotal: 1024 kB\nNode %d MemFree: 512 kB\n", node,
		 node);
	tree_write(tree, path, meminfo);
	snprintf(path, sizeof(path), NODES "node%d/cpulist", node);
	tree_write(tree, path, cpus);
	snprintf(path, sizeof(path), NODES "node%d/distance", node);
	tree_write(tree, path, distances);
}

/* Two sockets, 0 and 2, and two nodes without CPUs. */
static struct ramify_system *make_system(struct tree *tree)
{
	make_node(tree, 0, "0-3\n", "10 17 21 28\n");
	make_node(tree, 1, "\n", "17 10 28 28\n");
	make_node(tree, 2, "4-7\n", "21 28 10 17\n");
	make_node(tree, 5, "\n", "28 28 17 10\n");
	return tree_system(tree);
}

static void expect(struct tree *tree, const struct ramify_system *sys, int node, int wanted)
{
	int found;

	assert_int_equal(initiator_find(tree->ctx, sys, node, &found), 0);
	assert_int_equal(found, wanted);
}

static void test_distance(void **state)
{
	struct tree *tree = *state;
	struct ramify_system *sys = make_system(tree);
	int distance;

	expect(tree, sys, 0, 0);
	expect(tree, sys, 2, 2);
	expect(tree, sys, 1, 0);
	expect(tree, sys, 5, 2);
	assert_int_equal(initiator_distance(tree->ctx, sys, 2, 5, &distance), 0);
	assert_int_equal(distance, 17);
	assert_int_equal(initiator_distance(tree->ctx, sys, 0, 9, &distance), 0);
	assert_int_equal(distance, -1);
	ramify_system_free(sys);
}

/* Class 1 goes before class 0; one without CPUs is passed over. */
static void test_told(void **state)
{
	struct tree *tree = *state;
	struct ramify_system *sys = make_system(tree);

	tree_link(tree, NODES "node1/access0/initiators/node2", "../../node2");
	expect(tree, sys, 1, 2);
	tree_link(tree, NODES "node1/access1/initiators/node0", "../../node0");
	expect(tree, sys, 1, 0);
	tree_link(tree, NODES "node5/access1/initiators/node1", "../../node1");
	expect(tree, sys, 5, 2);
	ramify_system_free(sys);
}

static void test_wrong(void **state)
{
	struct tree *tree = *state;
	struct ramify_system *sys;
	int found = 7;

	make_node(tree, 0, "\n", "10\n");
	sys = tree_system(tree);
	assert_int_equal(initiator_find(tree->ctx, sys, 0, &found), -ENODEV);
	assert_int_equal(found, 7);
	ramify_system_free(sys);
	make_node(tree, 0, "0\n", "10 20\n");
	make_node(tree, 1, "\n", "20 10\n");
	sys = tree_system(tree);
	tree_write(tree, NODES "node0/distance", "10 x\n");
	assert_int_equal(initiator_find(tree->ctx, sys, 1, &found), -EBADMSG);
	assert_non_null(strstr(ramify_message(tree->ctx), "node0/distance"));
	tree_remove(tree, NODES "node0/distance");
	expect(tree, sys, 1, 0);
	ramify_system_free(sys);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		tree_test(test_distance),
		tree_test(test_told),
		tree_test(test_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
