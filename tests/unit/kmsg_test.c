// SPDX-License-Identifier: GPL-2.0-or-later
/* kmsg_test.c -- the driver's own words among the records of the kernel's log. */

#include "kmsg.h"

#include <errno.h>
#include <string.h>

#include "tree.h"

static void test_match(void **state)
{
	char said[64];

	assert_int_equal(kmsg_match("3,914,7000,-;ramify dax0.0: range 0x1-0x2 is in use\n SUBSYSTEM=dax\n",
				    "dax0.0", said, sizeof(said)), 0);
	assert_string_equal(said, "range 0x1-0x2 is in use");
	assert_int_equal(kmsg_match("3,1,1,-;ramify dax0.01: no", "dax0.0", said, sizeof(said)),
			 -ENOENT);
	assert_int_equal(kmsg_match("3,1,1,-;dax dax0.0: no", "dax0.0", said, sizeof(said)), -ENOENT);
	assert_int_equal(kmsg_match("ramify dax0.0: no header", "dax0.0", said, sizeof(said)), -ENOENT);
	assert_int_equal(kmsg_match("", "dax0.0", said, sizeof(said)), -ENOENT);
	assert_int_equal(kmsg_match("3;ramify dax0.0: longer than the buffer", "dax0.0", said, 7), 0);
	assert_string_equal(said, "longer");
}

static void test_open(void **state)
{
	struct tree *tree = *state;
	char said[64];

	assert_int_equal(kmsg_open(tree->ctx), -ENOENT);
	assert_int_equal(kmsg_find(-ENOENT, "dax0.0", said, sizeof(said)), -ENOENT);
	kmsg_close(-ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_match),
		tree_test(test_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
