// SPDX-License-Identifier: GPL-2.0-or-later
/* badblocks_test.c -- lists of bad blocks: empty, long, cut. */

#include "badblocks.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tree.h"

static void test_parse(void **state)
{
	static const char *const wrong[] = { "", "1", "1 ", " 1", "1 0", "1 2 3", "a 1", "1  2" };
	struct ramify_extent range = { 0 };

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(badblocks_parse(wrong[i], 0, &range), -EINVAL);
	assert_int_equal(badblocks_parse("99999999999999999 1", 0, &range), -ERANGE);
	assert_int_equal(badblocks_parse("1 99999999999999999", 0, &range), -ERANGE);
	assert_int_equal(badblocks_parse("1 1", UINT64_MAX - 100, &range), -ERANGE);
	assert_int_equal(range.size_bytes, 0);
	assert_int_equal(badblocks_parse("8 2", 0x10000, &range), 0);
	assert_int_equal(range.start, 0x11000);
	assert_int_equal(range.size_bytes, 1024);
}

static void test_read(void **state)
{
	struct tree *tree = *state;
	struct bad_ranges bad;

	assert_int_equal(badblocks_read(tree->ctx, "d", 0, &bad), 0);
	assert_int_equal(bad.n, 0);
	assert_true(bad.complete);
	tree_write(tree, "d/badblocks", "");
	assert_int_equal(badblocks_read(tree->ctx, "d", 0, &bad), 0);
	assert_int_equal(bad.n, 0);
	badblocks_free(&bad);
	tree_write(tree, "d/badblocks", "100 1\n8 1\n");
	assert_int_equal(badblocks_read(tree->ctx, "d", 4096, &bad), 0);
	assert_int_equal(bad.n, 2);
	assert_int_equal(bad.ranges[0].start, 8192);
	badblocks_free(&bad);
	tree_write(tree, "d/badblocks", "100 1\nnonsense\n");
	assert_int_equal(badblocks_read(tree->ctx, "d", 4096, &bad), -EBADMSG);
	assert_non_null(strstr(ramify_message(tree->ctx), "d/badblocks"));
}

/* The kernel hands out one page, and cuts what does not fit. */
static void test_cut(void **state)
{
	struct tree *tree = *state;
	struct bad_ranges bad;
	char text[4096];
	int len = 0;

	for (int i = 0; len < 4095; i++)
		len += snprintf(text + len, sizeof(text) - len, "%d 1\n", 1000 + 2 * i);
	tree_write_bytes(tree, "d/badblocks", text, 4095);
	assert_int_equal(badblocks_read(tree->ctx, "d", 0, &bad), 0);
	assert_false(bad.complete);
	assert_int_equal(bad.n, 0);
	badblocks_free(&bad);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		tree_test(test_read),
		tree_test(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
