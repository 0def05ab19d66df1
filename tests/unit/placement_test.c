// SPDX-License-Identifier: GPL-2.0-or-later
/* placement_test.c -- tiers by hand, by measure, by what firmware claims, and by distance. */

#include <errno.h>
#include <string.h>

#include "system.h"
#include "tree.h"

#define CONF "etc/ramify/tiers.conf"

struct wanted {
	int node, tier;
	enum ramify_basis basis;
	int demote_to;			/* the first; -1 none */
};

static void expect(struct tree *tree, const struct wanted *wanted, size_t n)
{
	struct ramify_system *sys = tree_system(tree);
	const struct ramify_placement *place = NULL;
	struct ramify_placements *all;

	assert_int_equal(ramify_placements_read(tree->ctx, sys, &all), 0);
	for (size_t i = 0; i < n; i++) {
		place = ramify_next_placement(all, place);
		assert_non_null(place);
		assert_int_equal(place->node, wanted[i].node);
		assert_int_equal(place->tier, wanted[i].tier);
		assert_int_equal(place->basis, wanted[i].basis);
		assert_int_equal(place->n_demote_to ? place->demote_to[0] : -1, wanted[i].demote_to);
	}
	assert_null(ramify_next_placement(all, place));
	ramify_placements_free(all);
	ramify_system_free(sys);
}
#define EXPECT(tree, ...) expect(tree, (const struct wanted[]){ __VA_ARGS__ }, \
	sizeof((const struct wanted[]){ __VA_ARGS__ }) / sizeof(struct wanted))

/* Node 1 is fast, node 2 slow, node 3 slower. */
static void test_hmat(void **state)
{
	struct tree *tree = tree_create("hmat-6.12");

	EXPECT(tree, { 0, 1, RAMIFY_BASIS_HMAT, 2 }, { 1, 0, RAMIFY_BASIS_HMAT, 0 },
	       { 2, 2, RAMIFY_BASIS_HMAT, 3 }, { 3, 3, RAMIFY_BASIS_HMAT, -1 });
	tree_destroy(tree);
}

/* What was measured goes before what is claimed, if DRAM was measured too. */
static void test_measured(void **state)
{
	struct tree *tree = tree_create("hmat-6.12");

	tree_write(tree, CONF, "[measured 1]\nread-latency-ns = 900\nread-mbps = 1000\nwrite-mbps = 500\n");
	EXPECT(tree, { 0, 1, RAMIFY_BASIS_HMAT, 2 }, { 1, 0, RAMIFY_BASIS_HMAT, 0 },
	       { 2, 2, RAMIFY_BASIS_HMAT, 3 }, { 3, 3, RAMIFY_BASIS_HMAT, -1 });
	tree_write(tree, CONF,
		   "[measured 0]\nread-latency-ns = 100\nread-mbps = 20000\nwrite-mbps = 20000\n"
		   "[measured 1]\nread-latency-ns = 900\nread-mbps = 1000\nwrite-mbps = 500\n");
	EXPECT(tree, { 0, 0, RAMIFY_BASIS_MEASURED, 2 }, { 1, 3, RAMIFY_BASIS_MEASURED, -1 },
	       { 2, 1, RAMIFY_BASIS_HMAT, 3 }, { 3, 2, RAMIFY_BASIS_HMAT, 1 });
	tree_destroy(tree);
}

static void test_hand(void **state)
{
	struct tree *tree = tree_create("hmat-6.12");

	tree_write(tree, CONF, "[node 1]\ntier = 5\n[node 0]\ndemote-to = 3,9\n");
	EXPECT(tree, { 0, 0, RAMIFY_BASIS_HMAT, 3 }, { 1, 5, RAMIFY_BASIS_HAND, -1 },
	       { 2, 1, RAMIFY_BASIS_HMAT, 3 }, { 3, 2, RAMIFY_BASIS_HMAT, 1 });
	tree_write(tree, CONF, "[node 0]\ndemote-to = none\n");
	EXPECT(tree, { 0, 1, RAMIFY_BASIS_HMAT, -1 }, { 1, 0, RAMIFY_BASIS_HMAT, 0 },
	       { 2, 2, RAMIFY_BASIS_HMAT, 3 }, { 3, 3, RAMIFY_BASIS_HMAT, -1 });
	tree_destroy(tree);
}

static void test_distance(void **state)
{
	struct tree *tree = tree_create("pmem-kmem-6.12");

	EXPECT(tree, { 0, 0, RAMIFY_BASIS_DISTANCE, 1 }, { 1, 1, RAMIFY_BASIS_DISTANCE, -1 });
	tree_destroy(tree);
}

static void test_circle(void **state)
{
	struct tree *tree = tree_create("hmat-6.12");
	struct ramify_system *sys = tree_system(tree), *again;
	struct ramify_placements *all;

	tree_write(tree, CONF, "[node 0]\ndemote-to = 2\n[node 2]\ntier = 4\n\ndemote-to = 0\n");
	assert_int_equal(ramify_placements_read(tree->ctx, sys, &all), -EBADMSG);
	assert_non_null(strstr(ramify_message(tree->ctx),
			       CONF ", line 6: node 2 is in tier 4, and cannot demote to node 0"));
	/* Then its tiers do not hold either. */
	again = tree_system(tree);
	for (size_t i = 0; i < sys->n_nodes; i++)
		assert_int_equal(again->nodes[i].rank, sys->nodes[i].rank);
	ramify_system_free(again);
	tree_write(tree, CONF, "[node 0]\nfoo = 2\n");
	assert_int_equal(ramify_placements_read(tree->ctx, sys, &all), -EBADMSG);
	ramify_system_free(sys);
	tree_destroy(tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hmat),
		cmocka_unit_test(test_measured),
		cmocka_unit_test(test_hand),
		cmocka_unit_test(test_distance),
		cmocka_unit_test(test_circle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
