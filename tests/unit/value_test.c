// SPDX-License-Identifier: GPL-2.0-or-later
/* value_test.c -- values told, not told, and absurd. */

#include "value.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tree.h"

static void test_u64(void **state)
{
	struct tree *tree = *state;
	uint64_t value = 1;

	tree_write(tree, "d/a", "42\n");
	assert_int_equal(value_u64(tree->ctx, "d", "a", &value), 0);
	assert_int_equal(value, 42);
	assert_int_equal(value_u64(tree->ctx, "d", "none", &value), 0);
	assert_true(value == RAMIFY_UNKNOWN);
	tree_link(tree, "d/b", "b");
	assert_int_equal(value_u64(tree->ctx, "d", "b", &value), 0);
	assert_true(value == RAMIFY_UNKNOWN);
	assert_int_equal(value_u64(tree->ctx, "d/a", "below a file", &value), 0);
}

static void expect_absurd(struct tree *tree, const char *text)
{
	uint64_t value = 1;

	tree_write(tree, "d/a", text);
	assert_int_equal(value_u64(tree->ctx, "d", "a", &value), -EBADMSG);
	assert_non_null(strstr(ramify_message(tree->ctx), "/d/a"));
	assert_int_equal(value, 1);
}

static void test_absurd(void **state)
{
	struct tree *tree = *state;
	char *huge = calloc(1, 10001);

	expect_absurd(tree, "");
	expect_absurd(tree, "\n");
	expect_absurd(tree, "12 apples");
	expect_absurd(tree, "12\n13\n");
	expect_absurd(tree, "99999999999999999999999");
	expect_absurd(tree, "\033[31m1");
	assert_null(strchr(ramify_message(tree->ctx), '\033'));
	memset(huge, '7', 10000);
	expect_absurd(tree, huge);
	free(huge);
}

static void test_hex(void **state)
{
	struct tree *tree = *state;
	uint64_t value = 1;

	tree_write(tree, "d/a", "8000000\n");
	assert_int_equal(value_hex(tree->ctx, "d", "a", &value), 0);
	assert_int_equal(value, 0x8000000);
	tree_write(tree, "d/a", "0x8000000\n");
	assert_int_equal(value_hex(tree->ctx, "d", "a", &value), 0);
	assert_int_equal(value, 0x8000000);
	tree_write(tree, "d/a", "gigabyte\n");
	assert_int_equal(value_hex(tree->ctx, "d", "a", &value), -EBADMSG);
}

static void test_node(void **state)
{
	struct tree *tree = *state;
	int node = 5;

	tree_write(tree, "d/a", "3\n");
	assert_int_equal(value_node(tree->ctx, "d", "a", &node), 0);
	assert_int_equal(node, 3);
	tree_write(tree, "d/a", "-1\n");
	assert_int_equal(value_node(tree->ctx, "d", "a", &node), 0);
	assert_int_equal(node, -1);
	tree_write(tree, "d/a", "-2\n");
	assert_int_equal(value_node(tree->ctx, "d", "a", &node), -EBADMSG);
	tree_write(tree, "d/a", "1024\n");
	assert_int_equal(value_node(tree->ctx, "d", "a", &node), -EBADMSG);
	node = 5;
	assert_int_equal(value_node(tree->ctx, "d", "none", &node), 0);
	assert_int_equal(node, -1);
}

static void test_text(void **state)
{
	struct tree *tree = *state;
	char text[16];

	tree_write(tree, "d/a", "online\n");
	assert_int_equal(value_text(tree->ctx, "d", "a", text, sizeof(text)), 0);
	assert_string_equal(text, "online");
	tree_write(tree, "d/a", "of\nf\n");
	assert_int_equal(value_text(tree->ctx, "d", "a", text, sizeof(text)), -EBADMSG);
	tree_write(tree, "d/a", "sixteen letters.");
	assert_int_equal(value_text(tree->ctx, "d", "a", text, sizeof(text)), -EBADMSG);
	tree_write_bytes(tree, "d/a", "a\0b", 3);
	assert_int_equal(value_text(tree->ctx, "d", "a", text, sizeof(text)), -EBADMSG);
	assert_int_equal(value_text(tree->ctx, "d", "none", text, sizeof(text)), 0);
	assert_string_equal(text, "");
}

static void test_links(void **state)
{
	struct tree *tree = *state;
	char name[16];

	tree_link(tree, "d/driver", "../../drivers/kmem");
	assert_int_equal(value_link(tree->ctx, "d", "driver", name, sizeof(name)), 0);
	assert_string_equal(name, "kmem");
	assert_int_equal(value_link(tree->ctx, "d", "none", name, sizeof(name)), 0);
	assert_string_equal(name, "");
	tree_link(tree, "d/driver", "../../drivers/a_name_that_is_no_name");
	assert_int_equal(value_link(tree->ctx, "d", "driver", name, sizeof(name)), -ENAMETOOLONG);

	tree_link(tree, "d/dev", "../devices/region0/dax0.1/dax0.0");
	assert_int_equal(value_above(tree->ctx, "d/dev", 0, name, sizeof(name)), 0);
	assert_string_equal(name, "dax0.0");
	assert_int_equal(value_above(tree->ctx, "d/dev", 2, name, sizeof(name)), 0);
	assert_string_equal(name, "region0");
	assert_int_equal(value_above(tree->ctx, "d/dev", 5, name, sizeof(name)), 0);
	assert_string_equal(name, "");
	assert_int_equal(value_above(tree->ctx, "d/none", 1, name, sizeof(name)), 0);
	assert_string_equal(name, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		tree_test(test_u64), tree_test(test_absurd), tree_test(test_hex),
		tree_test(test_node), tree_test(test_text), tree_test(test_links),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
