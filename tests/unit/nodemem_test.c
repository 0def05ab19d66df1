// SPDX-License-Identifier: GPL-2.0-or-later
/* nodemem_test.c -- what must move, and where there is room for it. */

#include "nodemem.h"

#include <errno.h>

#include "tree.h"

#define MIB (UINT64_C(1) << 20)

static void test_must_move(void **state)
{
	struct tree *tree = *state;
	uint64_t bytes;

	assert_int_equal(nodemem_used(tree->ctx, 1, &bytes), -ENOENT);
	tree_write(tree, "sys/devices/system/node/node1/meminfo",
		   "Node 1 MemTotal:       1048576 kB\nNode 1 MemFree:         524288 kB\n"
		   "Node 1 FilePages:            0 kB\n");
	assert_int_equal(nodemem_read(tree->ctx, 1, "MemTotal", &bytes), 0);
	assert_int_equal(bytes, 1024 * MIB);
	assert_int_equal(nodemem_read(tree->ctx, 1, "Mem", &bytes), -ENOENT);
	assert_int_equal(nodemem_used(tree->ctx, 1, &bytes), 0);
	assert_int_equal(bytes, 512 * MIB);
	/* All of it leaves; or so little that what is in use may be in the rest. */
	assert_int_equal(nodemem_must_move(tree->ctx, 1, 1024 * MIB, &bytes), 0);
	assert_int_equal(bytes, 512 * MIB);
	assert_int_equal(nodemem_must_move(tree->ctx, 1, 768 * MIB, &bytes), 0);
	assert_int_equal(bytes, 256 * MIB);
	assert_int_equal(nodemem_must_move(tree->ctx, 1, 256 * MIB, &bytes), 0);
	assert_int_equal(bytes, 0);
}

static void test_room(void **state)
{
	struct tree *tree = tree_create("soft-reserved-6.12");
	struct ramify_system *sys;
	uint64_t room, bytes;

	tree_write(tree, "proc/meminfo", "MemTotal: 1 kB\nSwapFree:       0 kB\n");
	assert_int_equal(ramify_system_read(tree->ctx, &sys), 0);
	room = nodemem_room(tree->ctx, sys, 1, 1024 * MIB);
	assert_int_equal(nodemem_read(tree->ctx, 0, "MemFree", &bytes), 0);
	assert_true(room >= bytes);
	tree_write(tree, "proc/meminfo", "MemTotal: 1 kB\nSwapFree:       1024 kB\n");
	assert_int_equal(nodemem_room(tree->ctx, sys, 1, 1024 * MIB) - room, MIB);
	ramify_system_free(sys);
	tree_destroy(tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		tree_test(test_must_move),
		cmocka_unit_test(test_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
