// SPDX-License-Identifier: GPL-2.0-or-later
/* divide_test.c -- recorded divisions that can be, that are there, and that cannot be. */

#include "divide.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tree.h"

#define MB 0x100000ull
#define GB (1024 * MB)
#define DAX "sys/devices/platform/hmem.0/"

static const struct ramify_region region = {
	.name = "hmem.0", .start = 5 * GB, .size_bytes = 2 * GB, .align_bytes = 2 * MB,
};

static struct divide_piece piece(struct ramify_extent *extents, size_t n)
{
	return (struct divide_piece){ .extents = { extents, n }, .node = DEVNODE_ROOT };
}

static void refuses(struct tree *tree, const struct divide_piece *pieces, size_t n, int err,
		    const char *text)
{
	assert_int_equal(divide_check(tree->ctx, &region, pieces, n), err);
	if (!strstr(ramify_message(tree->ctx), text))
		fail_msg("\"%s\" does not say %s", ramify_message(tree->ctx), text);
}

static void test_check(void **state)
{
	struct ramify_extent low = { 4 * GB, 2 * MB }, odd = { 5 * GB + MB, 2 * MB };
	struct ramify_extent high = { 7 * GB - 2 * MB, 4 * MB }, wrap = { UINT64_MAX, 2 * MB };
	struct ramify_extent two[] = { { 5 * GB, 128 * MB }, { 6 * GB, 128 * MB } };
	struct ramify_extent same = { 6 * GB + 126 * MB, 4 * MB };
	struct tree *tree = *state;
	struct divide_piece pieces[] = { piece(two, 2), piece(&same, 1) };

	assert_int_equal(divide_check(tree->ctx, &region, pieces, 1), 0);
	assert_int_equal(divide_check(tree->ctx, &region, NULL, 0), 0);
	refuses(tree, pieces, 2, -EINVAL, "twice");
	pieces[1] = piece(&low, 1);
	refuses(tree, pieces, 2, -ERANGE, "not in hmem.0");
	pieces[1] = piece(&high, 1);
	refuses(tree, pieces, 2, -ERANGE, "not in hmem.0");
	pieces[1] = piece(&wrap, 1);
	refuses(tree, pieces, 2, -ERANGE, "not in hmem.0");
	pieces[1] = piece(&odd, 1);
	refuses(tree, pieces, 2, -EINVAL, "not aligned to 2 MiB");
	pieces[1] = piece(NULL, 0);
	refuses(tree, pieces, 2, -EINVAL, "without memory");
	pieces[0].color = (struct ramify_color){ 1, 8, GB };
	assert_int_equal(divide_check(tree->ctx, &region, pieces, 1), 0);
	pieces[0].color.index = 2;
	refuses(tree, pieces, 1, -EINVAL, "not all of color 2/8");
	pieces[0].color.index = 9;
	refuses(tree, pieces, 1, -EINVAL, "no possible color");
}

/* What is there already stays, whatever it is used as, and whatever its pieces are called. */
static void test_there_already(void **state)
{
	struct tree *tree = tree_create("multi-extent-6.12");
	struct ramify_extent one = { 5 * GB, 300 * MB };
	struct ramify_extent several[] = {
		{ 5 * GB + 300 * MB, 200 * MB },
		{ 5 * GB + 500 * MB, 200 * MB },
		{ 5 * GB + 900 * MB, 800 * MB },
	};
	struct divide_piece pieces[] = { piece(&one, 1), piece(several, 3) };
	struct op op = { .ctx = tree->ctx };

	tree_write(tree, "run/ramify/x", "");
	assert_int_equal(divide_apply(&op, "hmem.0", pieces, 2), 0);
	assert_string_equal(pieces[0].dax, "dax0.1");
	assert_string_equal(pieces[1].dax, "dax0.2");
	assert_int_equal(divide_apply(&op, "hmem.9", pieces, 2), -ENODEV);
	tree_destroy(tree);
}

static void test_in_the_way(void **state)
{
	struct tree *tree = tree_create("ours-6.12");
	struct ramify_extent half = { 5 * GB, 512 * MB };
	struct divide_piece pieces[] = { piece(&half, 1) };
	struct op op = { .ctx = tree->ctx };

	tree_write(tree, "run/ramify/x", "");
	assert_int_equal(divide_apply(&op, "hmem.0", pieces, 1), -EBUSY);
	assert_non_null(strstr(ramify_message(tree->ctx), "dax0.0 is in the way"));
	assert_string_equal(pieces[0].dax, "");
	tree_destroy(tree);
}

static void test_describe(void **state)
{
	struct tree *tree = tree_create("multi-extent-6.12");
	struct ramify_system *sys = tree_system(tree);
	struct divide_piece got;

	assert_int_equal(divide_describe(tree->ctx, tree_device(sys, "dax0.2"), &got), 0);
	assert_int_equal(got.extents.n, 2);
	assert_true(got.raw);
	assert_int_equal(got.page_bytes, 2 * MB);
	assert_string_equal(got.dax, "dax0.2");
	assert_int_equal(got.node.uid, UINT32_MAX);
	divide_piece_clear(&got);
	tree_write(tree, DAX "dax0.2/align", "x\n");
	assert_int_equal(divide_describe(tree->ctx, tree_device(sys, "dax0.2"), &got), -EBADMSG);
	ramify_system_free(sys);
	tree_destroy(tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		tree_test(test_check),
		cmocka_unit_test(test_there_already),
		cmocka_unit_test(test_in_the_way),
		cmocka_unit_test(test_describe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
