// SPDX-License-Identifier: GPL-2.0-or-later
/* hugetlb_test.c -- huge pages that were set aside on a node. */

#include "hugetlb.h"

#include "context.h"
#include "tree.h"

#define POOLS "sys/devices/system/node/node1/hugepages/"

static void make_pools(struct tree *tree, const char *count, const char *unused)
{
	tree_write(tree, POOLS "hugepages-2048kB/nr_hugepages", count);
	tree_write(tree, POOLS "hugepages-2048kB/free_hugepages", unused);
	tree_write(tree, POOLS "hugepages-1048576kB/nr_hugepages", "1\n");
	tree_write(tree, POOLS "hugepages-1048576kB/free_hugepages", "1\n");
	tree_write(tree, POOLS "hugepages-xkB/nr_hugepages", "7\n");
}

static void test_read(void **state)
{
	struct tree *tree = *state;
	struct hugetlb pools;

	hugetlb_read(tree->ctx, 1, &pools);
	assert_int_equal(pools.n, 0);
	assert_int_equal(hugetlb_unused_bytes(&pools), 0);
	make_pools(tree, "16\n", "10\n");
	hugetlb_read(tree->ctx, 1, &pools);
	assert_int_equal(pools.n, 2);
	assert_int_equal(pools.sizes[0].page_kib, 2048);
	assert_int_equal(pools.sizes[0].count, 16);
	assert_int_equal(hugetlb_unused_bytes(&pools), (20u << 20) + (1u << 30));
	tree_write(tree, POOLS "hugepages-2048kB/free_hugepages", "absurd\n");
	hugetlb_read(tree->ctx, 1, &pools);
	assert_int_equal(pools.n, 1);
}

static void test_restore(void **state)
{
	struct tree *tree = *state;
	struct hugetlb before;
	uint64_t now;

	make_pools(tree, "16\n", "10\n");
	hugetlb_read(tree->ctx, 1, &before);
	tree_write(tree, POOLS "hugepages-2048kB/nr_hugepages", "6\n");
	/* More than there were is somebody's wish. */
	tree_write(tree, POOLS "hugepages-1048576kB/nr_hugepages", "2\n");
	assert_true(hugetlb_restore(tree->ctx, 1, &before));
	assert_int_equal(attr_read_u64(tree->ctx, POOLS "hugepages-2048kB/nr_hugepages", &now), 0);
	assert_int_equal(now, 16);
	assert_int_equal(attr_read_u64(tree->ctx, POOLS "hugepages-1048576kB/nr_hugepages", &now),
			 0);
	assert_int_equal(now, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		tree_test(test_read),
		tree_test(test_restore),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
