// SPDX-License-Identifier: GPL-2.0-or-later
/* device_test.c -- DAX devices: extents, use, losses. */

#include "device.h"

#include <stdio.h>
#include <string.h>

#include "tree.h"

#define MB (1ull << 20)
#define DAX0 "sys/bus/dax/devices/dax0.0/"

static void test_raw(void **state)
{
	struct tree *tree = tree_create("pmem-6.12");
	struct ramify_system *sys = tree_system(tree);
	const struct ramify_device *dev = tree_device(sys, "dax0.0");

	assert_int_equal(dev->mode, RAMIFY_MODE_RAW);
	assert_int_equal(dev->state, RAMIFY_STATE_IDLE);
	assert_string_equal(dev->driver, "device_dax");
	assert_string_equal(dev->region, "region0");
	assert_int_equal(dev->node, 1);
	assert_int_equal(dev->size_bytes, 1006 * MB);
	assert_int_equal(dev->n_extents, 1);
	assert_int_equal(dev->lost_bytes, 110 * MB);
	assert_int_equal(dev->bad_bytes, 0);
	assert_int_equal(dev->added_bytes, 0);
	assert_true(dev->used_bytes == RAMIFY_UNKNOWN);
	ramify_system_free(sys);
	tree_destroy(tree);
}

static void test_extents(void **state)
{
	struct tree *tree = tree_create("multi-extent-6.12");
	struct ramify_system *sys = tree_system(tree);
	const struct ramify_device *dev = tree_device(sys, "dax0.2");

	assert_int_equal(dev->n_extents, 2);
	assert_int_equal(dev->extents[0].size_bytes + dev->extents[1].size_bytes,
			 dev->size_bytes);
	assert_true(dev->extents[0].start < dev->extents[1].start);
	/* 300M..700M and 900M..1700M of the region, in blocks of 128M. */
	assert_int_equal(dev->lost_bytes, 1200 * MB - 256 * MB - 640 * MB);
	/* The seed that is left of the whole region is no device. */
	assert_null(tree_device(sys, "dax0.0"));
	ramify_system_free(sys);
	tree_destroy(tree);
}

static void test_kmem(void **state)
{
	struct tree *tree = tree_create("pmem-kmem-6.1");
	struct ramify_system *sys = tree_system(tree);
	const struct ramify_device *dev = tree_device(sys, "dax0.0");

	assert_int_equal(dev->mode, RAMIFY_MODE_RAM);
	assert_int_equal(dev->state, RAMIFY_STATE_PARTIAL);
	assert_int_equal(dev->zone, RAMIFY_ZONE_MOVABLE);
	assert_int_equal(dev->memmap, RAMIFY_MEMMAP_DRAM);
	assert_int_equal(dev->added_bytes, 896 * MB);
	assert_int_equal(dev->online_bytes, 768 * MB);
	assert_int_equal(dev->lost_bytes, 110 * MB);
	assert_int_equal(dev->used_bytes, 0);
	ramify_system_free(sys);
	tree_destroy(tree);
}

/* Unbound while blocks were online, the memory stays: that is no free device. */
static void test_stuck(void **state)
{
	struct tree *tree = tree_create("pmem-kmem-6.12");
	struct ramify_system *sys;
	const struct ramify_device *dev;

	tree_remove(tree, "sys/devices/platform/e820_pmem/ndbus0/region0/dax0.0/dax0.0/driver");
	sys = tree_system(tree);
	dev = tree_device(sys, "dax0.0");
	assert_null(dev->driver);
	assert_int_equal(dev->mode, RAMIFY_MODE_RAM);
	assert_int_equal(dev->added_bytes, 896 * MB);
	ramify_system_free(sys);
	tree_destroy(tree);
}

static void write_ours(struct tree *tree, const char *name, const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), DAX0 "ramify/%s", name);
	tree_write(tree, path, text);
}

static void test_ours(void **state)
{
	struct tree *tree = tree_create("pmem-kmem-6.12");
	struct ramify_system *sys;
	const struct ramify_device *dev;

	tree_link(tree, DAX0 "driver", "../../../../../../../bus/dax/drivers/ramify");
	write_ours(tree, "state", "scrubbing\n");
	write_ours(tree, "node", "5\n");
	write_ours(tree, "zone", "kernel\n");
	write_ours(tree, "memmap", "device\n");
	write_ours(tree, "added_bytes", "805306368\n");
	write_ours(tree, "online_bytes", "0\n");
	write_ours(tree, "lost_align_bytes", "115343360\n");
	write_ours(tree, "lost_skip_bytes", "134217728\n");
	sys = tree_system(tree);
	dev = tree_device(sys, "dax0.0");
	assert_int_equal(dev->mode, RAMIFY_MODE_RAM);
	assert_int_equal(dev->state, RAMIFY_STATE_SCRUBBING);
	assert_int_equal(dev->zone, RAMIFY_ZONE_KERNEL);
	assert_int_equal(dev->memmap, RAMIFY_MEMMAP_DEVICE);
	assert_int_equal(dev->node, 5);
	assert_int_equal(dev->added_bytes, 768 * MB);
	assert_int_equal(dev->lost_bytes, 238 * MB);
	assert_int_equal(dev->bad_bytes, 128 * MB);
	/* A node that is not online may be the device's all the same. */
	assert_non_null(tree_node(sys, 5));
	ramify_system_free(sys);
	write_ours(tree, "added_bytes", "-5\n");
	tree_expect_absurd(tree, "ramify/added_bytes");
	tree_destroy(tree);
}

static void test_bad(void **state)
{
	struct tree *tree = tree_create("pmem-6.12");
	struct ramify_system *sys;
	const struct ramify_device *dev;

	/* In the metadata before the device, and twice in its second whole block. */
	tree_write(tree, "sys/bus/nd/devices/region0/badblocks", "8 1\n600000 8\n620000 1\n");
	sys = tree_system(tree);
	dev = tree_device(sys, "dax0.0");
	assert_int_equal(dev->n_bad, 2);
	assert_int_equal(dev->bad[0].start, tree_region(sys, "region0")->start + 600000 * 512);
	assert_int_equal(dev->bad_bytes, 128 * MB);
	assert_int_equal(dev->lost_bytes, 238 * MB);
	ramify_system_free(sys);
	tree_destroy(tree);
}

/* What a user without privilege sees: sizes, but no addresses. */
static void test_unprivileged(void **state)
{
	struct tree *tree = tree_create("pmem-kmem-6.12");
	struct ramify_system *sys;
	const struct ramify_device *dev;

	tree_remove(tree, DAX0 "mapping0/start");
	tree_remove(tree, DAX0 "resource");
	tree_remove(tree, "sys/bus/nd/devices/region0/resource");
	sys = tree_system(tree);
	dev = tree_device(sys, "dax0.0");
	assert_int_equal(dev->mode, RAMIFY_MODE_RAM);
	assert_int_equal(dev->state, RAMIFY_STATE_UNKNOWN);
	assert_int_equal(dev->n_extents, 0);
	assert_true(dev->added_bytes == RAMIFY_UNKNOWN);
	assert_true(dev->lost_bytes == RAMIFY_UNKNOWN);
	assert_int_equal(dev->size_bytes, 1006 * MB);
	ramify_system_free(sys);
	tree_destroy(tree);
}

static void test_absurd(void **state)
{
	struct tree *tree = tree_create("multi-extent-6.12");

	tree_write(tree, "sys/bus/dax/devices/dax0.2/mapping0/end", "0x1\n");
	tree_expect_absurd(tree, "dax0.2/mapping0");
	tree_write(tree, "sys/bus/dax/devices/dax0.2/mapping0/end", "0x1ffffffff\n");
	tree_expect_absurd(tree, "dax0.2");
	tree_write(tree, "sys/bus/dax/devices/dax0.3/size", "");
	tree_remove(tree, "sys/bus/dax/devices/dax0.2/size");
	tree_expect_absurd(tree, "dax0.3/size");
	tree_destroy(tree);
}

/* A device may have vanished between the listing and the look at it. */
static void test_vanished(void **state)
{
	struct tree *tree = tree_create("multi-extent-6.12");
	struct ramify_system *sys;

	tree_remove(tree, "sys/devices/platform/hmem.0/dax0.2");
	sys = tree_system(tree);
	assert_null(tree_device(sys, "dax0.2"));
	assert_non_null(tree_device(sys, "dax0.3"));
	ramify_system_free(sys);
	tree_destroy(tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_raw),
		cmocka_unit_test(test_extents),
		cmocka_unit_test(test_kmem),
		cmocka_unit_test(test_stuck),
		cmocka_unit_test(test_ours),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_unprivileged),
		cmocka_unit_test(test_absurd),
		cmocka_unit_test(test_vanished),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
