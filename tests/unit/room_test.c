// SPDX-License-Identifier: GPL-2.0-or-later
/* room_test.c -- what cgroups leave us, and the nodes that a cpuset allows. */

#include "room.h"

#include <errno.h>
#include <string.h>

#include "tree.h"

#define CGROUP "sys/fs/cgroup/"

static void test_cgroup(void **state)
{
	struct tree *tree = *state;
	uint64_t room;

	assert_int_equal(room_in_cgroup(tree->ctx, &room), 0);
	assert_true(room == RAMIFY_UNKNOWN);
	tree_write(tree, "proc/self/cgroup", "1:name=systemd:/x\n0::/a/b/c\n");
	assert_int_equal(room_in_cgroup(tree->ctx, &room), 0);
	assert_true(room == RAMIFY_UNKNOWN);
	tree_write(tree, CGROUP "a/b/c/memory.max", "max\n");
	tree_write(tree, CGROUP "a/b/memory.max", "1000000\n");
	tree_write(tree, CGROUP "a/b/memory.current", "400000\n");
	tree_write(tree, CGROUP "a/memory.max", "900000\n");
	tree_write(tree, CGROUP "a/memory.current", "800000\n");
	assert_int_equal(room_in_cgroup(tree->ctx, &room), 0);
	assert_int_equal(room, 100000);
	tree_write(tree, CGROUP "a/memory.current", "1800000\n");
	assert_int_equal(room_in_cgroup(tree->ctx, &room), 0);
	assert_int_equal(room, 0);
	tree_write(tree, CGROUP "a/memory.max", "much\n");
	assert_int_equal(room_in_cgroup(tree->ctx, &room), -EBADMSG);
}

static void test_permitted(void **state)
{
	struct tree *tree = *state;

	assert_int_equal(room_permitted(tree->ctx, 3), 0);
	tree_write(tree, "proc/self/status", "Name:\tx\nMems_allowed_list:\t0,2-3\n");
	assert_int_equal(room_permitted(tree->ctx, 3), 0);
	assert_int_equal(room_permitted(tree->ctx, 1), -EPERM);
	assert_non_null(strstr(ramify_message(tree->ctx), "nodes 0,2-3 only, not of node 1"));
	tree_write(tree, "proc/self/status", "Mems_allowed_list:\tall\n");
	assert_int_equal(room_permitted(tree->ctx, 1), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		tree_test(test_cgroup),
		tree_test(test_permitted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
