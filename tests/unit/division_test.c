// SPDX-License-Identifier: GPL-2.0-or-later
/* division_test.c -- a region as it is divided. */

#include "division.h"

#include <errno.h>
#include <string.h>

#include "tree.h"

#define MB 0x100000ull
#define GB (1024 * MB)
#define DAX "sys/devices/platform/hmem.0/"

static int open_region(struct tree *tree, const char *region, struct division *division)
{
	struct ramify_system *sys = tree_system(tree);
	int err = division_open(tree->ctx, sys, tree_region(sys, region), division);

	ramify_system_free(sys);
	return err;
}

static void test_open(void **state)
{
	struct tree *tree = tree_create("multi-extent-6.12");
	struct division d;

	assert_int_equal(open_region(tree, "hmem.0", &d), 0);
	assert_true(d.range.start == 5 * GB && d.range.size_bytes == 2 * GB);
	assert_int_equal(d.align_bytes, 2 * MB);
	assert_string_equal(d.anchor, "dax0.0");
	assert_int_equal(d.taken.n, 4);
	assert_true(d.taken.items[1].start == 5 * GB + 300 * MB);
	division_close(&d);
	tree_destroy(tree);
}

static void test_refused(void **state)
{
	struct tree *tree = tree_create("pmem-6.12");
	struct division d;

	assert_int_equal(open_region(tree, "region0", &d), -EOPNOTSUPP);
	assert_non_null(strstr(ramify_message(tree->ctx), "cannot be divided"));
	tree_destroy(tree);
	tree = tree_create("multi-extent-6.12");
	tree_write(tree, DAX "dax_region/align", "0\n");
	assert_int_equal(open_region(tree, "hmem.0", &d), -EBADMSG);
	tree_write(tree, DAX "dax_region/align", "3\n");
	assert_int_equal(open_region(tree, "hmem.0", &d), -EBADMSG);
	tree_destroy(tree);
	/* As without privilege. */
	tree = tree_create("multi-extent-6.12");
	tree_remove(tree, DAX "dax0.2/mapping1/start");
	tree_remove(tree, DAX "dax0.2/resource");
	assert_int_equal(open_region(tree, "hmem.0", &d), -EPERM);
	tree_destroy(tree);
}

/* By content, not by address, which need not be the same. */
static void test_extents(void **state)
{
	struct tree *tree = tree_create("multi-extent-6.12");
	struct state_ranges extents;

	assert_int_equal(division_extents(tree->ctx, "dax0.2", &extents), 0);
	assert_int_equal(extents.n, 2);
	assert_true(extents.items[0].size_bytes == 400 * MB);
	ranges_clear(&extents);
	tree_write(tree, DAX "dax0.2/mapping0/page_offset", "0x32000\n");
	tree_write(tree, DAX "dax0.2/mapping1/page_offset", "0x0\n");
	assert_int_equal(division_extents(tree->ctx, "dax0.2", &extents), 0);
	assert_true(extents.items[0].size_bytes == 800 * MB);
	ranges_clear(&extents);
	assert_int_equal(division_extents(tree->ctx, "dax0.0", &extents), 0);
	assert_int_equal(extents.n, 0);
	ranges_clear(&extents);
	tree_write(tree, DAX "dax0.2/mapping0/end", "0x0\n");
	assert_int_equal(division_extents(tree->ctx, "dax0.2", &extents), -EBADMSG);
	tree_destroy(tree);
}

static void test_seed(void **state)
{
	struct tree *tree = tree_create("multi-extent-6.12");
	char dax[NAME_BYTES];
	struct division d;

	assert_int_equal(open_region(tree, "hmem.0", &d), 0);
	assert_int_equal(division_seed(&d, dax), 0);
	assert_string_equal(dax, "dax0.0");
	/* None without memory: the kernel is asked for one, and names it. */
	tree_write(tree, DAX "dax0.0/size", "2097152\n");
	tree_write(tree, DAX "dax_region/create", "");
	assert_int_equal(division_seed(&d, dax), -ENXIO);
	tree_remove(tree, DAX "dax_region/create");
	assert_int_equal(division_seed(&d, dax), -ENOENT);
	division_close(&d);
	tree_destroy(tree);
}

/* A kernel that takes what is written, and gives nothing. */
static void test_shape_fails(void **state)
{
	struct tree *tree = tree_create("multi-extent-6.12");
	struct ramify_extent extent = { 5 * GB, 2 * MB };
	struct state_ranges extents = { &extent, 1 };

	tree_write(tree, DAX "dax0.1/mapping", "");
	assert_int_equal(division_shape(tree->ctx, "dax0.1", &extents), -EIO);
	assert_non_null(strstr(ramify_message(tree->ctx), "has none now"));
	assert_int_equal(division_set_page(tree->ctx, "dax0.9", 4096), -ENOENT);
	assert_non_null(strstr(ramify_message(tree->ctx), "pages of 4 KiB"));
	tree_destroy(tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_open),  cmocka_unit_test(test_refused),
		cmocka_unit_test(test_extents), cmocka_unit_test(test_seed),
		cmocka_unit_test(test_shape_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
