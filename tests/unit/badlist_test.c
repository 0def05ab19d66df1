// SPDX-License-Identifier: GPL-2.0-or-later
/* badlist_test.c -- memory that somebody says is bad: read, remembered, left out, shown. */

#include "badlist.h"

#include <errno.h>
#include <string.h>

#include "check.h"
#include "poison.h"
#include "tree.h"

#define BLOCK (UINT64_C(128) << 20)
#define START UINT64_C(0x140000000)

static void test_parse(void **state)
{
	struct tree *tree = *state;
	struct bad_ranges bad;

	assert_int_equal(badlist_parse(tree->ctx, "x", "[bad]\nrange = 0x2000-0x2fff\nrange = 1-2\n", &bad), 0);
	assert_int_equal(bad.n, 2);
	assert_int_equal(bad.ranges[0].start, 1);
	assert_int_equal(bad.ranges[1].size_bytes, 0x1000);
	badblocks_free(&bad);
}

static void refuses(struct tree *tree, const char *text, const char *why)
{
	struct bad_ranges bad;

	assert_int_equal(badlist_parse(tree->ctx, "x", text, &bad), -EBADMSG);
	if (!strstr(ramify_message(tree->ctx), why))
		fail_msg("%s", ramify_message(tree->ctx));
}

static void test_refused(void **state)
{
	refuses(*state, "[bad]\nrange = 2-1\n", "line 2: range = 2-1 ends before it starts");
	refuses(*state, "[bad]\nrange = 0-0xffffffffffffffff\n", "line 2: range is");
	refuses(*state, "[bad]\nrange\n", "line 2 is neither");
	refuses(*state, "range = 1-2\n", "line 1: only [bad]");
	refuses(*state, "[bad]\nblock = 1-2\n", "line 2: only [bad]");
	refuses(*state, "[bad]\n[worse]\n", "line 2: only [bad] is known, not [worse]");
}

static void test_remember(void **state)
{
	static const struct ramify_extent found[] = { { 0x3000, 4096 }, { 0x1000, 4096 } };
	struct tree *tree = *state;
	struct bad_ranges bad;

	tree_write(tree, "var/lib/x", "");
	assert_int_equal(badlist_remember(tree->ctx, found, 2), 0);
	assert_int_equal(badlist_remember(tree->ctx, found, 2), 0);
	tree_write(tree, BADLIST_ETC, "[bad]\nrange = 0x5000-0x8fff\n");
	assert_int_equal(badlist_remember(tree->ctx, &(struct ramify_extent){ 0x6000, 4096 }, 1), 0);
	assert_int_equal(badlist_read(tree->ctx, &bad), 0);
	assert_int_equal(bad.n, 3);
	assert_int_equal(bad.ranges[0].start, 0x1000);
	assert_int_equal(bad.ranges[2].start, 0x5000);
	badblocks_free(&bad);
	/* That of the administrator makes no sense: ours is kept nevertheless. */
	tree_write(tree, BADLIST_ETC, "rubbish");
	assert_int_equal(badlist_remember(tree->ctx, found, 1), 0);
	/* One that cannot be read is not written over. */
	tree_write(tree, BADLIST_VAR, "rubbish");
	assert_int_equal(badlist_remember(tree->ctx, found, 1), -EBADMSG);
}

/* On a recorded system: block by block, and the file is named if it makes no sense. */
static void test_device(void **state)
{
	struct tree *tree = tree_create("soft-reserved-6.12");
	const struct ramify_device *dev;
	struct ramify_system *sys;

	tree_write(tree, BADLIST_ETC,
		   "[bad]\nrange = 0x140001000-0x140001fff\nrange = 0x140003000-0x140003fff\n"
		   "range = 0x14fffffff-0x150000000\nrange = 0x1000-0x1fff\n");
	sys = tree_system(tree);
	dev = tree_device(sys, "dax0.0");
	assert_int_equal(dev->extents[0].start, START);
	assert_int_equal(dev->n_bad, 3);
	assert_int_equal(dev->bad_bytes, 3 * BLOCK);
	assert_int_equal(dev->lost_bytes, 3 * BLOCK);
	assert_null(ramify_warning(sys));
	ramify_system_free(sys);
	tree_destroy(tree);
}

/* A file that makes no sense: all else is told, and nothing is added. */
static void test_absurd(void **state)
{
	struct tree *tree = tree_create("soft-reserved-6.12");
	struct add_plan plan = { .options = RAMIFY_ADD_DEFAULTS };
	struct ramify_system *sys;

	tree_write(tree, BADLIST_ETC, "[bad]\nrange = all\n");
	sys = tree_system(tree);
	assert_non_null(strstr(ramify_warning(sys), "badmemory.conf, line 2: range is START-END"));
	assert_string_equal(ramify_message(tree->ctx), "");
	assert_int_equal(tree_device(sys, "dax0.0")->bad_bytes, RAMIFY_UNKNOWN);
	assert_int_equal(tree_device(sys, "dax0.0")->lost_bytes, RAMIFY_UNKNOWN);
	ramify_system_free(sys);
	assert_int_equal(target_open(tree->ctx, "dax0.0", &plan.target), 0);
	assert_int_equal(check_bad(tree->ctx, &plan), -EBADMSG);
	assert_non_null(strstr(ramify_message(tree->ctx), "line 2: range is START-END"));
	assert_non_null(strstr(ramify_message(tree->ctx), "nothing was changed"));
	add_plan_clear(&plan);
	tree_destroy(tree);
}

/* /proc/kpageflags has 8 bytes a page, and bit 19 is poison. */
static void test_poison(void **state)
{
	struct tree *tree = *state;
	const struct ramify_extent extent = { 0x2000, 0x4000 };
	uint64_t flags[16] = { [1] = 1 << 19, [3] = 1 << 19, [4] = 1 << 19 | 1, [8] = 1 << 19 };
	struct bad_ranges bad;

	tree_write_bytes(tree, "proc/kpageflags", flags, sizeof(flags));
	assert_int_equal(poison_find(tree->ctx, &extent, 1, &bad), 0);
	assert_int_equal(bad.n, 0);
	tree_write(tree, "proc/meminfo", "MemTotal: 1 kB\nHardwareCorrupted:    16 kB\n");
	assert_int_equal(poison_find(tree->ctx, &extent, 1, &bad), 0);
	assert_int_equal(bad.n, 1);
	assert_int_equal(bad.ranges[0].start, 0x3000);
	assert_int_equal(bad.ranges[0].size_bytes, 0x2000);
	badblocks_free(&bad);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		tree_test(test_parse),
		tree_test(test_refused),
		tree_test(test_remember),
		cmocka_unit_test(test_device),
		cmocka_unit_test(test_absurd),
		tree_test(test_poison),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
