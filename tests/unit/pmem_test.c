// SPDX-License-Identifier: GPL-2.0-or-later
/* pmem_test.c -- namespaces that are no DAX device. */

#include <string.h>

#include "tree.h"

static void expect(const struct ramify_system *sys, const char *name, const char *mode,
		   const char *block_device, enum ramify_mode use)
{
	const struct ramify_device *dev = tree_device(sys, name);

	assert_non_null(dev);
	assert_string_equal(dev->namespace_name, name);
	assert_string_equal(dev->namespace_mode, mode);
	assert_string_equal(dev->region, "region0");
	assert_int_equal(dev->mode, use);
	assert_int_equal(dev->node, 1);
	assert_non_null(dev->uuid);
	assert_true(dev->lost_bytes == RAMIFY_UNKNOWN);
	if (block_device)
		assert_string_equal(dev->block_device, block_device);
	else
		assert_null(dev->block_device);
}

static void look_at(const char *name)
{
	struct tree *tree = tree_create(name);
	struct ramify_system *sys = tree_system(tree);

	expect(sys, "namespace0.1", "fsdax", "pmem0.1", RAMIFY_MODE_RAW);
	expect(sys, "namespace0.2", "sector", "pmem0.2s", RAMIFY_MODE_RAW);
	expect(sys, "namespace0.3", "raw", "pmem0.3", RAMIFY_MODE_RAW);
	expect(sys, "namespace0.4", "devdax", NULL, RAMIFY_MODE_IDLE);
	/* Of the devdax namespace there is the DAX device, and seeds are nothing. */
	assert_null(tree_device(sys, "namespace0.0"));
	assert_string_equal(tree_device(sys, "dax0.0")->namespace_name, "namespace0.0");
	assert_string_equal(tree_device(sys, "dax0.0")->namespace_mode, "devdax");
	assert_null(tree_device(sys, "namespace0.5"));
	ramify_system_free(sys);
	tree_destroy(tree);
}

static void test_recorded(void **state)
{
	look_at("nvdimm-6.1");
	look_at("nvdimm-6.12");
}

/* Enabled, but the module that makes a DAX device of it is not there. */
static void test_no_dax_device(void **state)
{
	struct tree *tree = tree_create("pmem-6.12");
	struct ramify_system *sys;
	const struct ramify_device *dev;

	tree_remove(tree, "sys/bus/dax/devices/dax0.0");
	sys = tree_system(tree);
	dev = tree_device(sys, "namespace0.0");
	assert_string_equal(dev->namespace_mode, "devdax");
	assert_non_null(dev->uuid);
	ramify_system_free(sys);
	tree_destroy(tree);
}

static void test_absurd(void **state)
{
	struct tree *tree = tree_create("nvdimm-6.12");

	tree_write(tree, "sys/bus/nd/devices/namespace0.3/size", "lots\n");
	tree_expect_absurd(tree, "namespace0.3/size");
	tree_write(tree, "sys/bus/nd/devices/namespace0.3/size", "0\n");
	tree_write(tree, "sys/bus/nd/devices/namespace0.1/resource", "0xffffffffff000000\n");
	tree_expect_absurd(tree, "namespace0.1");
	tree_destroy(tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_recorded),
		cmocka_unit_test(test_no_dax_device),
		cmocka_unit_test(test_absurd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
