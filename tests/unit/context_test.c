// SPDX-License-Identifier: GPL-2.0-or-later
/* context_test.c -- root directories, messages, bounded reads, strict numbers. */

#include "context.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tree.h"

static void test_root(void **state)
{
	char *long_root = malloc(10001);
	struct ramify *ctx = NULL;

	memset(long_root, 'a', 10000);
	long_root[10000] = '\0';
	assert_int_equal(ramify_new(long_root, &ctx), -ENAMETOOLONG);
	assert_int_equal(ramify_new("/nowhere/at/all", &ctx), -ENOENT);
	assert_int_equal(ramify_new("/etc/passwd", &ctx), -ENOTDIR);
	assert_null(ctx);
	assert_int_equal(ramify_new("/tmp///", &ctx), 0);
	assert_string_equal(ctx->root, "/tmp");
	assert_string_equal(ramify_message(ctx), "");
	ramify_free(ctx);
	assert_int_equal(ramify_new(NULL, &ctx), 0);
	assert_string_equal(ctx->root, "");
	ramify_free(ctx);
	ramify_free(NULL);
	free(long_root);
}

static void test_message_is_bounded(void **state)
{
	struct tree *tree = *state;
	struct ramify *ctx = tree->ctx;

	assert_int_equal((fail)(ctx, -EBUSY, "%5000s", "x"), -EBUSY);
	assert_int_equal(strlen(ramify_message(ctx)), sizeof(ctx->message) - 1);
}

static void test_message_is_plain(void **state)
{
	struct tree *tree = *state;
	struct ramify *ctx = tree->ctx;

	(fail)(ctx, -EBUSY, "%s", "a\033[2J\tb\nc\x7f\xc2\x9b \xc3\xa4");
	assert_string_equal(ramify_message(ctx), "a?[2J?b\nc??? \xc3\xa4");
	(fail)(ctx, -EBUSY, "%s", "cut \xc2");
	assert_string_equal(ramify_message(ctx), "cut \xc2");
}

static void test_path(void **state)
{
	struct tree *tree = *state;
	char buf[64];

	assert_int_equal(ctx_path(tree->ctx, buf, sizeof(buf), "a/%d", 7), 0);
	assert_memory_equal(buf, tree->root, strlen(tree->root));
	assert_string_equal(buf + strlen(tree->root), "/a/7");
	assert_int_equal(ctx_path(tree->ctx, buf, sizeof(buf), "%64s", "x"), -ENAMETOOLONG);
	assert_int_equal(ctx_path(tree->ctx, buf, 4, "x"), -ENAMETOOLONG);
}

static void test_attr_read(void **state)
{
	struct tree *tree = *state;
	char buf[8];

	tree_write(tree, "a", "hello\n\n");
	assert_int_equal(attr_read(tree->ctx, "a", buf, sizeof(buf)), 0);
	assert_string_equal(buf, "hello");
	tree_write(tree, "a", "");
	assert_int_equal(attr_read(tree->ctx, "a", buf, sizeof(buf)), 0);
	assert_string_equal(buf, "");
	tree_write(tree, "a", "1234567");
	assert_int_equal(attr_read(tree->ctx, "a", buf, sizeof(buf)), 0);
	tree_write(tree, "a", "12345678");
	assert_int_equal(attr_read(tree->ctx, "a", buf, sizeof(buf)), -EFBIG);
	tree_write_bytes(tree, "a", "a\0b", 3);
	assert_int_equal(attr_read(tree->ctx, "a", buf, sizeof(buf)), -EBADMSG);
	tree_link(tree, "a", "a");
	assert_int_equal(attr_read(tree->ctx, "a", buf, sizeof(buf)), -ELOOP);
	assert_int_equal(attr_read(tree->ctx, "b", buf, sizeof(buf)), -ENOENT);
	assert_int_equal(attr_read(tree->ctx, ".", buf, sizeof(buf)), -EISDIR);
	assert_int_equal(mkfifoat(tree->ctx->root_fd, "fifo", 0600), 0);
	assert_int_equal(attr_read(tree->ctx, "fifo", buf, sizeof(buf)), -ENXIO);
}

static void test_attr_numbers(void **state)
{
	struct tree *tree = *state;
	uint64_t value = 1;
	int number = 1;

	tree_write(tree, "a", "0xffffffffffffffff\n");
	assert_int_equal(attr_read_u64(tree->ctx, "a", &value), 0);
	assert_true(value == UINT64_MAX);
	tree_write(tree, "a", "-1\n");
	assert_int_equal(attr_read_u64(tree->ctx, "a", &value), -EBADMSG);
	assert_int_equal(attr_read_int(tree->ctx, "a", &number), 0);
	assert_int_equal(number, -1);
	tree_write(tree, "a", "2147483648");
	assert_int_equal(attr_read_int(tree->ctx, "a", &number), -EBADMSG);
	tree_write(tree, "a", "18446744073709551616");
	assert_int_equal(attr_read_u64(tree->ctx, "a", &value), -EBADMSG);
	tree_write(tree, "a", "00000000000000000000000000000000000000000000001");
	assert_int_equal(attr_read_u64(tree->ctx, "a", &value), -EBADMSG);
	assert_int_equal(attr_read_int(tree->ctx, "a", &number), -EBADMSG);
	assert_int_equal(attr_read_int(tree->ctx, "b", &number), -ENOENT);
	assert_true(value == UINT64_MAX);
	assert_int_equal(number, -1);
}

static void test_attr_write(void **state)
{
	struct tree *tree = *state;
	char buf[8];

	tree_write(tree, "a", "");
	assert_int_equal(attr_write(tree->ctx, "a", "on"), 0);
	assert_int_equal(attr_read(tree->ctx, "a", buf, sizeof(buf)), 0);
	assert_string_equal(buf, "on");
	assert_int_equal(attr_write(tree->ctx, "none", "on"), -ENOENT);
}

static void test_link_name(void **state)
{
	struct tree *tree = *state;
	char buf[8];

	tree_link(tree, "a", "../../bus/kmem");
	assert_int_equal(link_name(tree->ctx, "a", buf, sizeof(buf)), 0);
	assert_string_equal(buf, "kmem");
	tree_link(tree, "a", "alone");
	assert_int_equal(link_name(tree->ctx, "a", buf, sizeof(buf)), 0);
	assert_string_equal(buf, "alone");
	tree_link(tree, "a", "../eight888");
	assert_int_equal(link_name(tree->ctx, "a", buf, sizeof(buf)), -ENAMETOOLONG);
	tree_write(tree, "a", "");
	assert_int_equal(link_name(tree->ctx, "a", buf, sizeof(buf)), -EINVAL);
	assert_int_equal(link_name(tree->ctx, "b", buf, sizeof(buf)), -ENOENT);
}

static void test_parse_u64(void **state)
{
	static const char *const wrong[] = {
		"", " 1", "1 ", "+1", "-1", "0x", "0x 1", "0x+1", "1x", "a", "0b1", "1\n", "x1",
	};
	uint64_t value = 5;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(parse_u64(wrong[i], &value), -EINVAL);
	assert_int_equal(parse_u64("18446744073709551616", &value), -ERANGE);
	assert_int_equal(parse_u64("0x10000000000000000", &value), -ERANGE);
	assert_int_equal(value, 5);
	assert_int_equal(parse_u64("010", &value), 0);
	assert_int_equal(value, 10);
	assert_int_equal(parse_u64("0Xff", &value), 0);
	assert_int_equal(value, 255);
}

static void test_parse_range(void **state)
{
	static const char *const wrong[] = { "", "-", "1-", "-1", "1", "1--2", "1-2-3", "1- 2" };
	struct ramify_extent extent = { 7, 7 };

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(parse_range(wrong[i], &extent), -EINVAL);
	assert_int_equal(parse_range("2-1", &extent), -EDOM);
	assert_int_equal(parse_range("0-0xffffffffffffffff", &extent), -ERANGE);
	assert_int_equal(extent.start, 7);
	assert_int_equal(parse_range("1-0xffffffffffffffff", &extent), 0);
	assert_int_equal(extent.start, 1);
	assert_true(extent.size_bytes == UINT64_MAX);
	assert_int_equal(parse_range("0x1000-0x1fff", &extent), 0);
	assert_int_equal(extent.start, 0x1000);
	assert_int_equal(extent.size_bytes, 0x1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_root),
		tree_test(test_message_is_bounded),
		tree_test(test_message_is_plain),
		tree_test(test_path),
		tree_test(test_attr_read),
		tree_test(test_attr_numbers),
		tree_test(test_attr_write),
		tree_test(test_link_name),
		cmocka_unit_test(test_parse_u64),
		cmocka_unit_test(test_parse_range),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
