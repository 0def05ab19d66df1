// SPDX-License-Identifier: GPL-2.0-or-later
/* region_test.c -- regions of each source. */

#include "region.h"

#include <stdio.h>
#include <string.h>

#include "tree.h"

#define GB (1ull << 30)
#define REGION0 "sys/bus/nd/devices/region0/"

static void test_pmem(void **state)
{
	struct tree *tree = tree_create("nvdimm-6.12");
	struct ramify_system *sys = tree_system(tree);
	const struct ramify_region *region = tree_region(sys, "region0");

	assert_int_equal(region->source, RAMIFY_PMEM);
	assert_true(region->persistent);
	assert_int_equal(region->size_bytes, GB);
	assert_int_equal(region->available_bytes, 64ull << 20);
	assert_int_equal(region->align_bytes, 16ull << 20);
	assert_int_equal(region->node, 1);
	assert_int_equal(region->n_bad, 0);
	assert_int_equal(region->bad_bytes, 0);
	assert_null(ramify_next_region(sys, region));
	ramify_system_free(sys);
	tree_destroy(tree);
}

static void test_soft_reserved(void **state)
{
	struct tree *tree = tree_create("multi-extent-6.12");
	struct ramify_system *sys = tree_system(tree);
	const struct ramify_region *region = tree_region(sys, "hmem.0");

	assert_int_equal(region->source, RAMIFY_SOFT_RESERVED);
	assert_false(region->persistent);
	assert_int_equal(region->start, 5 * GB);
	assert_int_equal(region->size_bytes, 2 * GB);
	assert_int_equal(region->available_bytes, 348ull << 20);
	assert_int_equal(region->node, 1);
	ramify_system_free(sys);
	/* Where nothing tells, it is not known; but a device without memory does. */
	tree_remove(tree, "proc/iomem");
	sys = tree_system(tree);
	assert_int_equal(tree_region(sys, "hmem.0")->start, 5 * GB);
	ramify_system_free(sys);
	tree_remove(tree, "sys/bus/dax/devices/dax0.0");
	sys = tree_system(tree);
	assert_true(tree_region(sys, "hmem.0")->start == RAMIFY_UNKNOWN);
	ramify_system_free(sys);
	tree_destroy(tree);
}

/* A region whose only device is all of it. */
static void test_start_from_device(void **state)
{
	struct tree *tree = tree_create("soft-reserved-6.12");
	struct ramify_system *sys;

	tree_remove(tree, "proc/iomem");
	sys = tree_system(tree);
	assert_int_equal(tree_region(sys, "hmem.0")->start, 5 * GB);
	ramify_system_free(sys);
	tree_destroy(tree);
}

static void test_bad(void **state)
{
	struct tree *tree = tree_create("nvdimm-6.12");
	struct ramify_system *sys;
	const struct ramify_region *region;

	tree_write(tree, REGION0 "badblocks", "2048 8\n16 1\n");
	sys = tree_system(tree);
	region = tree_region(sys, "region0");
	assert_int_equal(region->n_bad, 2);
	assert_int_equal(region->bad[0].start, region->start + 16 * 512);
	assert_int_equal(region->bad_bytes, 9 * 512);
	ramify_system_free(sys);
	tree_write(tree, REGION0 "badblocks", "2048 8\n16");
	tree_expect_absurd(tree, "region0/badblocks");
	tree_destroy(tree);
}

static void test_serial(void **state)
{
	struct tree *tree = tree_create("nvdimm-6.12");
	struct ramify_system *sys;

	tree_write(tree, "sys/bus/nd/devices/nmem0/nfit/serial", "0x1234abcd\n");
	sys = tree_system(tree);
	assert_string_equal(tree_region(sys, "region0")->serial, "0x1234abcd");
	ramify_system_free(sys);
	/* Interleaved over two DIMMs: neither's serial names it. */
	tree_write(tree, REGION0 "mappings", "2\n");
	sys = tree_system(tree);
	assert_null(tree_region(sys, "region0")->serial);
	ramify_system_free(sys);
	tree_write(tree, REGION0 "mappings", "1\n");
	tree_write(tree, REGION0 "mapping0", "nmem/../../etc,0,0,0\n");
	sys = tree_system(tree);
	assert_null(tree_region(sys, "region0")->serial);
	ramify_system_free(sys);
	tree_destroy(tree);
}

static void write_root(struct tree *tree, const char *name, const char *text)
{
	char path[256];

	snprintf(path, sizeof(path), "sys/devices/platform/ACPI0017:00/root0/%s", name);
	tree_write(tree, path, text);
}

/* Volatile CXL memory, laid out as drivers/cxl does. No emulated device here has any. */
static struct tree *create_volatile_cxl(void)
{
	struct tree *tree = tree_create("cxl-6.12");

	tree_link(tree, "sys/bus/dax/devices/dax5.0",
		  "../../../devices/platform/ACPI0017:00/root0/decoder0.0/region5/dax_region5/dax5.0");
	write_root(tree, "decoder0.0/region5/interleave_ways", "1\n");
	write_root(tree, "decoder0.0/region5/target0", "decoder2.0\n");
	write_root(tree, "decoder0.0/region5/dax_region5/dax_region/size", "268435456\n");
	write_root(tree, "decoder0.0/region5/dax_region5/dax_region/available_size", "0\n");
	write_root(tree, "decoder0.0/region5/dax_region5/dax5.0/size", "268435456\n");
	write_root(tree, "decoder0.0/region5/dax_region5/dax5.0/resource", "0x300000000\n");
	write_root(tree, "decoder0.0/region5/dax_region5/dax5.0/target_node", "2\n");
	write_root(tree, "port1/endpoint2/uport/serial", "0xc0ffee\n");
	return tree;
}

static void test_cxl(void **state)
{
	struct tree *tree = create_volatile_cxl();
	struct ramify_system *sys = tree_system(tree);
	const struct ramify_region *region = tree_region(sys, "dax_region5");

	assert_int_equal(region->source, RAMIFY_CXL);
	assert_false(region->persistent);
	assert_int_equal(region->node, 2);
	assert_int_equal(region->start, 0x300000000);
	assert_string_equal(region->serial, "0xc0ffee");
	assert_string_equal(tree_device(sys, "dax5.0")->serial, "0xc0ffee");
	region = tree_region(sys, "region0");
	assert_int_equal(region->source, RAMIFY_CXL);
	assert_true(region->persistent);
	/* A serial of 0 is none. */
	assert_null(region->serial);
	ramify_system_free(sys);
	tree_destroy(tree);
}

static void test_absurd(void **state)
{
	struct tree *tree = tree_create("nvdimm-6.12");

	tree_write(tree, REGION0 "resource", "0xfffffffff0000000\n");
	tree_expect_absurd(tree, "region0");
	tree_write(tree, REGION0 "resource", "0x\n");
	tree_expect_absurd(tree, "region0/resource");
	tree_write(tree, REGION0 "resource", "0x140000000\n");
	tree_write(tree, REGION0 "size", "10737");
	tree_write(tree, REGION0 "target_node", "one\n");
	tree_expect_absurd(tree, "region0/target_node");
	tree_destroy(tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pmem),
		cmocka_unit_test(test_soft_reserved),
		cmocka_unit_test(test_start_from_device),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_serial),
		cmocka_unit_test(test_cxl),
		cmocka_unit_test(test_absurd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
