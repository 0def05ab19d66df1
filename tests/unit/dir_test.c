// SPDX-License-Identifier: GPL-2.0-or-later
/* dir_test.c -- names in a directory. */

#include "dir.h"

#include <errno.h>

#include "tree.h"

static void test_list(void **state)
{
	struct tree *tree = *state;
	struct dir_list list;

	tree_write(tree, "d/dax10.0", "");
	tree_write(tree, "d/dax2.0", "");
	tree_write(tree, "d/dax_region0", "");
	tree_write(tree, "d/dax", "");
	tree_write(tree, "d/region0", "");
	assert_int_equal(dir_list_read(tree->ctx, "d", "dax", &list), 0);
	assert_int_equal(list.n, 2);
	assert_string_equal(list.names[0], "dax2.0");
	assert_string_equal(list.names[1], "dax10.0");
	dir_list_free(&list);
	assert_int_equal(dir_list_read(tree->ctx, "none", "dax", &list), 0);
	assert_int_equal(list.n, 0);
	assert_int_equal(dir_list_read(tree->ctx, "d/dax", "dax", &list), 0);
	assert_int_equal(list.n, 0);
	tree_link(tree, "loop", "loop");
	assert_int_equal(dir_list_read(tree->ctx, "loop", "dax", &list), 0);
	assert_int_equal(list.n, 0);
	dir_list_free(&list);
}

static void test_number(void **state)
{
	uint64_t number = 0;

	assert_int_equal(dir_number("node12", "node", &number), 0);
	assert_int_equal(number, 12);
	assert_int_equal(dir_number("node", "node", &number), -EINVAL);
	assert_int_equal(dir_number("node1x", "node", &number), -EINVAL);
	assert_int_equal(dir_number("mode1", "node", &number), -EINVAL);
	assert_int_equal(dir_number("node99999999999999999999", "node", &number), -ERANGE);
}

static void test_pair(void **state)
{
	assert_true(dir_is_pair("dax0.12", "dax"));
	assert_false(dir_is_pair("dax0", "dax"));
	assert_false(dir_is_pair("dax0.", "dax"));
	assert_false(dir_is_pair("dax.0", "dax"));
	assert_false(dir_is_pair("dax0.0/..", "dax"));
	assert_false(dir_is_pair("dax_region0.0", "dax"));
	assert_false(dir_is_pair("pfn0.0", "dax"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		tree_test(test_list),
		cmocka_unit_test(test_number),
		cmocka_unit_test(test_pair),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
