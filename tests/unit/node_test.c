// SPDX-License-Identifier: GPL-2.0-or-later
/* node_test.c -- nodes: their memory, CPUs and speed, and those that are yet to come. */

#include "node.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tree.h"

#define NODE0 "sys/devices/system/node/node0/"

static void test_parse(void **state)
{
	static const char *const wrong[] = {
		"", "MemTotal: 1 kB", "Node 0", "Node 0 MemTotal", "Node 0 MemTotal: ",
		"Node 0 MemTotal: 1", "Node 0 MemTotal: 1 kBs", "Node 0 MemTotal: -1 kB",
		"Node 0 MemFree: x kB", "Node 0 MemFree: 1 MB",
	};
	struct ramify_node node = { .total_bytes = 7 };

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(node_parse_meminfo(wrong[i], &node), -EINVAL);
	assert_int_equal(node_parse_meminfo("Node 0 MemTotal: 18446744073709551615 kB", &node),
			 -ERANGE);
	assert_int_equal(node.total_bytes, 7);
	assert_int_equal(node_parse_meminfo("Node 0 MemTotal:    2983472 kB", &node), 0);
	assert_int_equal(node.total_bytes, 2983472ull * 1024);
	assert_int_equal(node_parse_meminfo("Node 0 MemFree: 3 kB", &node), 0);
	assert_int_equal(node.free_bytes, 3072);
	assert_int_equal(node_parse_meminfo("Node 0 HugePages_Total:     0", &node), 0);
}

static void test_recorded(void **state)
{
	struct tree *tree = tree_create("hmat-6.12");
	struct ramify_system *sys = tree_system(tree);
	const struct ramify_node *node = tree_node(sys, 0);

	assert_true(node->online);
	assert_string_equal(node->cpus, "0-1");
	assert_int_equal(node->read_latency_ns, 100);
	assert_int_equal(node->write_bandwidth_mbps, 20480);
	assert_int_equal(node->movable_bytes, 0);
	node = tree_node(sys, 3);
	assert_string_equal(node->cpus, "");
	assert_int_equal(node->total_bytes, 896ull << 20);
	assert_int_equal(node->present_bytes, 896ull << 20);
	assert_int_equal(node->movable_bytes, 896ull << 20);
	assert_null(tree_node(sys, 4));
	ramify_system_free(sys);
	tree_destroy(tree);
}

/* Firmware that tells nothing leaves no files, or zeros. */
static void test_speed_unknown(void **state)
{
	struct tree *tree = tree_create("none-6.12");
	struct ramify_system *sys = tree_system(tree);

	assert_true(tree_node(sys, 0)->read_latency_ns == RAMIFY_UNKNOWN);
	ramify_system_free(sys);
	tree_write(tree, NODE0 "access0/initiators/read_latency", "0\n");
	tree_write(tree, NODE0 "access0/initiators/write_latency", "7\n");
	sys = tree_system(tree);
	assert_true(tree_node(sys, 0)->read_latency_ns == RAMIFY_UNKNOWN);
	assert_int_equal(tree_node(sys, 0)->write_latency_ns, 7);
	ramify_system_free(sys);
	tree_destroy(tree);
}

static void test_target_offline(void **state)
{
	struct tree *tree = tree_create("soft-reserved-6.12");
	struct ramify_system *sys = tree_system(tree);
	const struct ramify_node *node = tree_node(sys, 1);

	assert_false(node->online);
	assert_int_equal(node->total_bytes, 0);
	assert_int_equal(node->rank, -1);
	assert_int_equal(node->tier, -1);
	assert_string_equal(node->cpus, "");
	ramify_system_free(sys);
	tree_destroy(tree);
}

static void test_absurd(void **state)
{
	struct tree *tree = tree_create("none-6.12");

	tree_write(tree, NODE0 "cpulist", "0-\n");
	tree_expect_absurd(tree, "node0/cpulist");
	tree_write(tree, NODE0 "cpulist", "\n");
	tree_write(tree, NODE0 "meminfo", "Node 0 MemTotal:  29834");
	tree_expect_absurd(tree, "node0/meminfo, line 1");
	tree_write(tree, NODE0 "meminfo", "Node 0 MemTotal: 5 kB\nNode 0 MemFree: 6 kB\n");
	tree_expect_absurd(tree, "node0/meminfo");
	tree_destroy(tree);
}

/* No node twice, whatever the directory's names; and one that goes is no failure. */
static void test_odd_names(void **state)
{
	struct tree *tree = tree_create("none-6.12");
	struct ramify_system *sys;
	size_t n = 0;

	tree_write(tree, "sys/devices/system/node/node00/meminfo", "Node 0 MemTotal: 5 kB\n");
	tree_write(tree, "sys/devices/system/node/node1024/meminfo", "Node 1 MemTotal: 5 kB\n");
	tree_write(tree, "sys/devices/system/node/node2/cpulist", "\n");
	sys = tree_system(tree);
	for (const struct ramify_node *node = NULL; (node = ramify_next_node(sys, node));)
		n++;
	assert_int_equal(n, 1);
	ramify_system_free(sys);
	tree_destroy(tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_recorded),
		cmocka_unit_test(test_speed_unknown),
		cmocka_unit_test(test_target_offline),
		cmocka_unit_test(test_absurd),
		cmocka_unit_test(test_odd_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
