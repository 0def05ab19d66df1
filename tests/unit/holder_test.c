// SPDX-License-Identifier: GPL-2.0-or-later
/* holder_test.c -- volumes and arrays upon a block device, as sysfs showed them. */

#include "holder.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tree.h"

#define PMEM "sys/class/block/pmem0"

static void hold(struct tree *tree, const char *holder)
{
	char path[96];

	snprintf(path, sizeof(path), PMEM "/holders/%s", holder);
	tree_link(tree, path, "../../whatever");
}

static void expect(struct tree *tree, const char *text)
{
	assert_int_equal(holder_check(tree->ctx, PMEM, "pmem0"), -EBUSY);
	assert_string_equal(ramify_message(tree->ctx), text);
}

static void test_none(void **state)
{
	struct tree *tree = *state;

	assert_int_equal(holder_check(tree->ctx, PMEM, "pmem0"), 0);
	hold(tree, "x");
	tree_remove(tree, PMEM "/holders/x");
	assert_int_equal(holder_check(tree->ctx, PMEM, "pmem0"), 0);
}

static void test_volumes(void **state)
{
	static const struct { const char *name, *uuid, *message; } cases[] = {
		{ "vg0-lv--home\n", "LVM-cIWmpRSR0NcnMHqRbrtyZC3kYc2Nkyr8n6w2f7Ck8Ae2oYdKR4mfPjJZP8lFjTcv\n",
		  "/dev/pmem0 is part of the logical volume vg0-lv--home (dm-3); nothing was changed; lvchange -an /dev/mapper/vg0-lv--home first" },
		{ "secret\n", "CRYPT-LUKS2-5a1c9f0c6f0b4f0d8e0a3c2b1d4e5f60-secret\n",
		  "/dev/pmem0 is part of the encrypted volume secret (dm-3); nothing was changed; cryptsetup close secret first" },
		{ "mpatha\n", "mpath-3600508b400105e210000900000490000\n",
		  "/dev/pmem0 is part of the multipath device mpatha (dm-3); nothing was changed; multipath -f mpatha first" },
		{ "mine\n", "\n",
		  "/dev/pmem0 is part of the device-mapper volume mine (dm-3); nothing was changed; dmsetup remove mine first" },
	};
	struct tree *tree = *state;

	hold(tree, "dm-3");
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		tree_write(tree, "sys/class/block/dm-3/dm/name", cases[i].name);
		tree_write(tree, "sys/class/block/dm-3/dm/uuid", cases[i].uuid);
		expect(tree, cases[i].message);
	}
	tree_remove(tree, "sys/class/block/dm-3/dm/uuid");
	expect(tree, cases[3].message);
}

static void test_array(void **state)
{
	struct tree *tree = *state;

	hold(tree, "md127");
	tree_write(tree, "sys/class/block/md127/md/level", "raid0\n");
	expect(tree, "/dev/pmem0 is part of the array md127; nothing was changed; mdadm --stop /dev/md127 first");
}

/* A kind that is not known, or one that is on its way out, or that lies about its name. */
static void test_unknown(void **state)
{
	const char *plain = "/dev/pmem0 is part of dm-3; nothing was changed; take that apart first";
	struct tree *tree = *state;
	char name[4096];

	hold(tree, "dm-3");
	expect(tree, plain);
	tree_write(tree, "sys/class/block/dm-3/dm/name", "\n");
	expect(tree, plain);
	memset(name, 'x', sizeof(name));
	tree_write_bytes(tree, "sys/class/block/dm-3/dm/name", name, sizeof(name));
	expect(tree, plain);
	tree_write_bytes(tree, "sys/class/block/dm-3/dm/name", "a\0b", 3);
	expect(tree, plain);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		tree_test(test_none),
		tree_test(test_volumes),
		tree_test(test_array),
		tree_test(test_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
