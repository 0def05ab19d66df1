// SPDX-License-Identifier: GPL-2.0-or-later
/* settled_test.c -- a device is settled until it is another of the same name. */

#include "settled.h"

#include <errno.h>

#include "tree.h"

static void test_settled(void **state)
{
	struct tree *tree = *state;

	tree_write(tree, "run/x", "");
	tree_write(tree, "sys/bus/dax/devices/dax0.0/size", "1");
	tree_write(tree, "sys/bus/nd/devices/namespace0.0/size", "1");
	assert_int_equal(SETTLED_NOT, settled_as(tree->ctx, "dax0.0"));
	settled_note(tree->ctx, "dax0.0", 0);
	assert_int_equal(SETTLED_DONE, settled_as(tree->ctx, "dax0.0"));
	assert_int_equal(SETTLED_NOT, settled_as(tree->ctx, "namespace0.0"));
	settled_note(tree->ctx, "namespace0.0", 0);
	assert_int_equal(SETTLED_DONE, settled_as(tree->ctx, "namespace0.0"));

	/* A failure is remembered as one, until somebody is at it again. */
	settled_note(tree->ctx, "dax0.0", -EBUSY);
	assert_int_equal(SETTLED_FAILED, settled_as(tree->ctx, "dax0.0"));
	settled_note(tree->ctx, "dax0.0", 0);
	assert_int_equal(SETTLED_DONE, settled_as(tree->ctx, "dax0.0"));

	/* What is in its place is new. */
	tree_write(tree, "sys/bus/dax/devices/dax0.1/size", "1");
	tree_remove(tree, "sys/bus/dax/devices/dax0.0");
	tree_link(tree, "sys/bus/dax/devices/dax0.0", "dax0.1");
	assert_int_equal(SETTLED_NOT, settled_as(tree->ctx, "dax0.0"));
}

static void test_odd_names(void **state)
{
	struct tree *tree = *state;

	settled_note(tree->ctx, "0x140000000-0x17fffffff", 0);
	settled_note(tree->ctx, "../../etc", 0);
	assert_int_equal(SETTLED_NOT, settled_as(tree->ctx, "dax0.0"));
	tree_write(tree, "sys/bus/dax/devices/dax0.0/size", "1");
	tree_write(tree, "run/ramify/dax0.0.settled", "rubbish");
	assert_int_equal(SETTLED_NOT, settled_as(tree->ctx, "dax0.0"));
	tree_write(tree, "run/ramify/dax0.0.settled", " failed");
	assert_int_equal(SETTLED_NOT, settled_as(tree->ctx, "dax0.0"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		tree_test(test_settled),
		tree_test(test_odd_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
