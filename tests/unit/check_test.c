// SPDX-License-Identifier: GPL-2.0-or-later
/* check_test.c -- what must hold before a device becomes RAM, on recorded systems. */

#include "check.h"

#include <errno.h>
#include <string.h>

#include "extent.h"
#include "tree.h"

#define GIB (UINT64_C(1) << 30)

static struct add_plan plan_on(struct tree *tree, const char *device)
{
	struct add_plan plan = { .options = RAMIFY_ADD_DEFAULTS };

	assert_int_equal(target_open(tree->ctx, device, &plan.target), 0);
	return plan;
}

static void expect_message(struct tree *tree, const char *text)
{
	if (!strstr(ramify_message(tree->ctx), text))
		fail_msg("not in \"%s\": %s", ramify_message(tree->ctx), text);
}

static void test_node(void **state)
{
	struct tree *tree = tree_create("pmem-nonode-6.12");
	struct add_plan plan = plan_on(tree, "namespace0.0");

	assert_int_equal(check_node(tree->ctx, &plan), -ENODEV);
	expect_message(tree, "firmware gave it no NUMA node");
	plan.options.node = 1000;
	assert_int_equal(check_node(tree->ctx, &plan), -ENODEV);
	expect_message(tree, "node 1000 cannot be on this machine");
	plan.options.node = 0;
	assert_int_equal(check_node(tree->ctx, &plan), 0);
	assert_int_equal(plan.told.node, 0);
	add_plan_clear(&plan);
	tree_destroy(tree);
}

static void test_skip(void **state)
{
	struct tree *tree = tree_create("multi-extent-6.12");
	struct ramify_system *sys = tree_system(tree);
	const struct ramify_device *dev = NULL;
	struct ramify_extent skip[2] = { { 0 }, { 0x1000, 0x1000 } };

	while ((dev = ramify_next_device(sys, dev))) {
		if (dev->n_extents > 1)
			break;
	}
	assert_non_null(dev);
	skip[0] = dev->extents[0];
	assert_int_equal(check_skip(tree->ctx, dev, skip, 1), 0);
	assert_int_equal(check_skip(tree->ctx, dev, skip, 2), -ERANGE);
	expect_message(tree, "nothing of 0x1000-0x1fff");
	expect_message(tree, "has pieces of 0x");
	/* Its last byte counts, and the hole behind it does not. */
	skip[1] = (struct ramify_extent){ extent_last(&skip[0]), 1 };
	assert_int_equal(check_skip(tree->ctx, dev, skip, 2), 0);
	skip[1].start++;
	assert_int_equal(check_skip(tree->ctx, dev, skip, 2), -ERANGE);
	ramify_system_free(sys);
	tree_destroy(tree);
}

/* DRAM is 3 GiB there. */
static void test_ratio(void **state)
{
	struct tree *tree = tree_create("soft-reserved-6.12");
	struct add_plan plan = plan_on(tree, "dax0.0");

	plan.told.added_bytes = 8 * GIB;
	assert_int_equal(check_ratio(tree->ctx, &plan), 0);
	assert_string_equal(plan.warning, "");
	plan.told.added_bytes = 20 * GIB;
	assert_int_equal(check_ratio(tree->ctx, &plan), 0);
	assert_non_null(strstr(plan.warning, "times what the kernel can use"));
	plan.told.added_bytes = 80 * GIB;
	assert_int_equal(check_ratio(tree->ctx, &plan), -ENOMEM);
	expect_message(tree, "more than 16 times");
	plan.options.ratio = 100;
	assert_int_equal(check_ratio(tree->ctx, &plan), 0);
	plan.options.ratio = 1;
	plan.told.added_bytes = 4 * GIB;
	assert_int_equal(check_ratio(tree->ctx, &plan), -ENOMEM);
	plan.options.zone = RAMIFY_ZONE_KERNEL;
	assert_int_equal(check_ratio(tree->ctx, &plan), 0);
	assert_true(plan.told.kernel_bytes > 6 * GIB);
	add_plan_clear(&plan);
	tree_destroy(tree);
}

static void test_memmap(void **state)
{
	struct tree *tree = tree_create("soft-reserved-6.12");
	struct add_plan plan = plan_on(tree, "dax0.0");
	const char *path = "sys/module/memory_hotplug/parameters/memmap_on_memory";

	tree_write(tree, path, "N\n");
	assert_int_equal(check_memmap(tree->ctx, &plan), 0);
	plan.options.memmap = RAMIFY_MEMMAP_DEVICE;
	assert_int_equal(check_memmap(tree->ctx, &plan), -EOPNOTSUPP);
	expect_message(tree, "memory_hotplug.memmap_on_memory=1");
	tree_write(tree, path, "Y\n");
	assert_int_equal(check_memmap(tree->ctx, &plan), 0);
	tree_write(tree, path, "force\n");
	assert_int_equal(check_memmap(tree->ctx, &plan), 0);
	tree_remove(tree, path);
	assert_int_equal(check_memmap(tree->ctx, &plan), -EOPNOTSUPP);
	add_plan_clear(&plan);
	tree_destroy(tree);
}

/* The kernel's list of bad blocks, cut at a page. */
static void test_bad(void **state)
{
	struct tree *tree = tree_create("pmem-6.12");
	struct add_plan plan = plan_on(tree, "namespace0.0");
	char list[4097] = "";

	assert_int_equal(check_bad(tree->ctx, &plan), 0);
	add_plan_clear(&plan);
	while (strlen(list) < 4096)
		strcat(list, "9 1\n");
	tree_write(tree, "sys/bus/nd/devices/region0/badblocks", list);
	plan = plan_on(tree, "namespace0.0");
	assert_int_equal(check_bad(tree->ctx, &plan), -EIO);
	expect_message(tree, "ndctl clear-errors namespace0.0");
	add_plan_clear(&plan);
	tree_destroy(tree);
}

static void test_stock(void **state)
{
	struct tree *tree = tree_create("soft-reserved-6.12");
	struct add_plan plan = plan_on(tree, "dax0.0");
	const char *policy = "sys/devices/system/memory/auto_online_blocks";

	tree_write(tree, policy, "online\n");
	assert_int_equal(check_stock(tree->ctx, &plan), 0);
	plan.options.stock = true;
	assert_int_equal(check_stock(tree->ctx, &plan), -EBUSY);
	tree_write(tree, policy, "online_movable\n");
	assert_int_equal(check_stock(tree->ctx, &plan), 0);
	plan.options.zone = RAMIFY_ZONE_KERNEL;
	assert_int_equal(check_stock(tree->ctx, &plan), -EBUSY);
	tree_write(tree, policy, "offline\n");
	assert_int_equal(check_stock(tree->ctx, &plan), 0);
	assert_non_null(strstr(plan.warning, "nothing is scrubbed"));
	plan.options.scrub = true;
	assert_int_equal(check_stock(tree->ctx, &plan), -EOPNOTSUPP);
	add_plan_clear(&plan);
	tree_destroy(tree);
}

static void test_mode(void **state)
{
	struct tree *tree = tree_create("pmem-kmem-6.12");
	const struct ramify_device *dev = NULL;
	struct add_plan plan;
	struct ramify_system *sys = tree_system(tree);

	while ((dev = ramify_next_device(sys, dev)))
		if (dev->mode == RAMIFY_MODE_RAM)
			break;
	assert_non_null(dev);
	plan = plan_on(tree, dev->name);
	assert_int_equal(check_mode(tree->ctx, &plan), -EBUSY);
	expect_message(tree, "is RAM already (driver kmem)");
	add_plan_clear(&plan);
	tree_remove(tree, "sys/bus/dax/devices/dax0.0/driver");
	plan = plan_on(tree, "dax0.0");
	assert_true(target_is_stuck(&plan.target));
	assert_int_equal(check_mode(tree->ctx, &plan), -EBUSY);
	expect_message(tree, "stuck until a reboot");
	expect_message(tree, "768 of 896 MiB online");
	add_plan_clear(&plan);
	ramify_system_free(sys);
	tree_destroy(tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_node),
		cmocka_unit_test(test_skip),
		cmocka_unit_test(test_ratio),
		cmocka_unit_test(test_memmap),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_stock),
		cmocka_unit_test(test_mode),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
