// SPDX-License-Identifier: GPL-2.0-or-later
/* export_test.c -- block devices under the kernel's targets, in a made configfs. */

#include "export.h"

#include <errno.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "tree.h"

#define NVMET "sys/kernel/config/nvmet/subsystems/nqn.2026-11.org:a b/namespaces/1/"
#define SCSI "sys/kernel/config/target/core/fileio_0/disk/"

static int check(struct tree *tree)
{
	return export_check(tree->ctx, "pmem0", makedev(259, 0));
}

static void test_nothing(void **state)
{
	struct tree *tree = *state;

	assert_int_equal(check(tree), 0);
	tree_write(tree, "sys/kernel/config/nvmet/subsystems/odd", "a file\n");
	tree_write(tree, "sys/kernel/config/nvmet/subsystems/empty/attr_model", "x\n");
	assert_int_equal(check(tree), 0);
}

static void test_nvme(void **state)
{
	struct tree *tree = *state;

	tree_write(tree, NVMET "device_path", "/dev/pmem0\n");
	tree_write(tree, NVMET "enable", "0\n");
	assert_int_equal(check(tree), 0);
	tree_write(tree, NVMET "enable", "1\n");
	assert_int_equal(check(tree), -EBUSY);
	assert_non_null(strstr(ramify_message(tree->ctx), "served to others"));
	assert_non_null(strstr(ramify_message(tree->ctx), "org:a b/namespaces/1 apart"));
	tree_write(tree, NVMET "device_path", "/dev/pmem01\n");
	assert_int_equal(check(tree), 0);
	/* Set up, and never given a device. */
	tree_write(tree, NVMET "device_path", "(null)\n");
	assert_int_equal(check(tree), 0);
	tree_write(tree, NVMET "device_path", "\n");
	assert_int_equal(check(tree), 0);
}

static void test_scsi(void **state)
{
	struct tree *tree = *state;

	tree_write(tree, SCSI "udev_path", "/dev/pmem0\n");
	tree_write(tree, SCSI "enable", "1\n");
	tree_write(tree, "sys/kernel/config/target/core/alua/lu_gps/default", "\n");
	assert_int_equal(check(tree), -EBUSY);
	assert_non_null(strstr(ramify_message(tree->ctx), "SCSI target"));
	/* Who cannot tell is taken at its word. */
	tree_remove(tree, SCSI "enable");
	assert_int_equal(check(tree), -EBUSY);
	tree_write(tree, SCSI "udev_path", "/dev/sda\n");
	assert_int_equal(check(tree), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		tree_test(test_nothing),
		tree_test(test_nvme),
		tree_test(test_scsi),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
