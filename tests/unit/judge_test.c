// SPDX-License-Identifier: GPL-2.0-or-later
/* judge_test.c -- recorded numbers against what firmware claims, and against the order of tiers. */

#include <stdio.h>
#include <string.h>

#include "tree.h"

struct heard {
	int n;
	char text[8][320];
};

static void hear(void *arg, const char *text)
{
	struct heard *heard = arg;

	assert_true(heard->n < 8);
	snprintf(heard->text[heard->n++], sizeof(heard->text[0]), "%s", text);
}

static struct ramify_speed speed(int node, double ns, double read, double write)
{
	return (struct ramify_speed){
		.node = node,
		.read_latency_ns = { ns, 0.01 },
		.read_mbps = { read, 0.01 },
		.write_mbps = { write, 0.01 },
		.copy_mbps = { read / 2, 0.01 },
	};
}

/* The tree's HMAT claims 100 ns and 20 GiB/s for node 0; 50, 80; 250, 10; 450, 5 for the others. */
static struct heard judge(const char *tree_name, struct ramify_speed *speeds, size_t n)
{
	struct tree *tree = tree_create(tree_name);
	struct ramify_system *sys = tree_system(tree);
	struct heard heard = { 0 };

	ramify_judge(sys, speeds, n, hear, &heard);
	ramify_system_free(sys);
	tree_destroy(tree);
	return heard;
}

static void test_agrees(void **state)
{
	struct ramify_speed speeds[] = {
		speed(0, 125, 20480 * 0.76, 20480 * 1.24),
		speed(1, 38, 81920, 81920),
		speed(2, 250, 10240, 10240),
		speed(3, 450, 5120, 5120),
	};

	assert_int_equal(judge("hmat-6.12", speeds, 4).n, 0);
}

static void test_differs(void **state)
{
	struct ramify_speed speeds[] = {
		speed(0, 126, 20480, 20480),
		speed(2, 250, 10240, 10240 * 0.3),
	};
	struct heard heard = judge("hmat-6.12", speeds, 2);

	assert_int_equal(heard.n, 2);
	assert_string_equal(heard.text[0],
			    "node 0: read latency is 126 ns, and firmware claims 100 ns");
	assert_string_equal(heard.text[1],
			    "node 2: write bandwidth is 3.072 GB/s, and firmware claims 10.24 GB/s");
}

/* Firmware that claims nothing is not contradicted; the order of the kernel's tiers may be. */
static void test_order(void **state)
{
	struct ramify_speed speeds[] = { speed(0, 300, 8000, 8000), speed(1, 80, 20000, 20000) };
	struct heard heard = judge("pmem-kmem-6.12", speeds, 2);

	assert_int_equal(heard.n, 1);
	assert_string_equal(heard.text[0],
			    "node 0 is in tier 0, and slower than node 1 in tier 1: 300 ns and 8 GB/s against 80 ns and 20 GB/s");
	speeds[0] = speed(0, 90, 20000, 20000);
	assert_int_equal(judge("pmem-kmem-6.12", speeds, 2).n, 0);
}

static void test_deviation(void **state)
{
	struct ramify_figure figure = { 130, 0 };

	assert_float_equal(ramify_deviation(&figure, 100), 0.3, 1e-9);
	assert_float_equal(ramify_deviation(&figure, 260), -0.5, 1e-9);
	assert_float_equal(ramify_deviation(&figure, RAMIFY_UNKNOWN), 0, 1e-9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_agrees),
		cmocka_unit_test(test_differs),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_deviation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
