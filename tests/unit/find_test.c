// SPDX-License-Identifier: GPL-2.0-or-later
/* find_test.c -- the device that a user means. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tree.h"

static int set_up(void **state)
{
	*state = tree_create("nvdimm-6.12");
	return 0;
}

static void expect(struct tree *tree, const char *name, const char *found)
{
	struct ramify_system *sys = tree_system(tree);
	const struct ramify_device *dev = NULL;
	int err = ramify_find_device(tree->ctx, sys, name, &dev);

	if (err)
		fail_msg("%s: %s", name, ramify_message(tree->ctx));
	assert_string_equal(dev->name, found);
	ramify_system_free(sys);
}

static void expect_none(struct tree *tree, const char *name, int expected)
{
	struct ramify_system *sys = tree_system(tree);
	const struct ramify_device *dev = NULL;

	assert_int_equal(ramify_find_device(tree->ctx, sys, name, &dev), expected);
	assert_null(dev);
	assert_true(strlen(ramify_message(tree->ctx)) > 10);
	assert_true(strlen(ramify_message(tree->ctx)) < 500);
	ramify_system_free(sys);
}

static void test_names(void **state)
{
	expect(*state, "dax0.0", "dax0.0");
	expect(*state, "namespace0.0", "dax0.0");
	expect(*state, "namespace0.1", "namespace0.1");
	expect(*state, "pmem0.2s", "namespace0.2");
	expect_none(*state, "dax0.1", -ENODEV);
	expect_none(*state, "", -ENODEV);
	expect_none(*state, "region0", -ENODEV);
}

static void test_paths(void **state)
{
	expect(*state, "/dev/dax0.0", "dax0.0");
	expect(*state, "/dev/pmem0.1", "namespace0.1");
	tree_write(*state, "dev/pmem0.1", "");
	tree_link(*state, "dev/disk/by-id/pmem-123", "../../pmem0.1");
	expect(*state, "/dev/disk/by-id/pmem-123", "namespace0.1");
	expect_none(*state, "/dev/sda", -ENODEV);
	expect_none(*state, "/", -ENODEV);
	expect_none(*state, "/dev/", -ENODEV);
}

static void test_labels(void **state)
{
	struct tree *tree = *state;
	struct ramify_system *sys = tree_system(tree);
	char uuid[64];

	strcpy(uuid, tree_device(sys, "dax0.0")->uuid);
	ramify_system_free(sys);
	expect(tree, uuid, "dax0.0");
	for (char *c = uuid; *c; c++)
		*c = *c >= 'a' ? *c - 'a' + 'A' : *c;
	expect(tree, uuid, "dax0.0");
	/* The serial is that of the DIMM, with several namespaces on it. */
	tree_write(tree, "sys/bus/nd/devices/nmem0/nfit/serial", "0x1234abcd\n");
	expect_none(tree, "0x1234abcd", -ENOTUNIQ);
	assert_non_null(strstr(ramify_message(tree->ctx), "namespace0.1"));
}

static void test_too_long(void **state)
{
	char *name = malloc(10001);

	memset(name, 'a', 10000);
	name[10000] = '\0';
	expect_none(*state, name, -ENAMETOOLONG);
	name[0] = '/';
	expect_none(*state, name, -ENAMETOOLONG);
	name[255] = '\0';
	expect_none(*state, name, -ENODEV);
	free(name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_names, set_up, tree_tear_down),
		cmocka_unit_test_setup_teardown(test_paths, set_up, tree_tear_down),
		cmocka_unit_test_setup_teardown(test_labels, set_up, tree_tear_down),
		cmocka_unit_test_setup_teardown(test_too_long, set_up, tree_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
