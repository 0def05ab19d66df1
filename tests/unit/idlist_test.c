// SPDX-License-Identifier: GPL-2.0-or-later
/* idlist_test.c -- lists of numbers. */

#include "idlist.h"

#include <errno.h>
#include <string.h>

#include "tree.h"

static void test_next(void **state)
{
	const char *text = "0-3,8,10-10";
	unsigned int first, last;

	assert_int_equal(idlist_next(&text, &first, &last), 1);
	assert_int_equal(first, 0);
	assert_int_equal(last, 3);
	assert_int_equal(idlist_next(&text, &first, &last), 1);
	assert_int_equal(first, 8);
	assert_int_equal(last, 8);
	assert_int_equal(idlist_next(&text, &first, &last), 1);
	assert_int_equal(idlist_next(&text, &first, &last), 0);
}

static void test_wrong(void **state)
{
	static const char *const wrong[] = {
		",", "1,", ",1", "1,,2", "a", "1-", "-1", "3-1", "1-2-3", "1 2", " 1", "0x1",
		"99999999999999999999", "1-99999999999",
	};
	struct node_set nodes;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(idlist_nodes(wrong[i], &nodes), -EINVAL);
	assert_int_equal(idlist_nodes("1024", &nodes), -ERANGE);
	assert_int_equal(idlist_nodes("0-1024", &nodes), -ERANGE);
}

static void test_nodes(void **state)
{
	struct node_set nodes;

	assert_int_equal(idlist_nodes("", &nodes), 0);
	assert_false(nodes.has[0]);
	assert_int_equal(idlist_nodes("1,3-1023", &nodes), 0);
	assert_false(nodes.has[0] || nodes.has[2]);
	assert_true(nodes.has[1] && nodes.has[3] && nodes.has[1023]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_next),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_nodes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
