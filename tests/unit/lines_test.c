// SPDX-License-Identifier: GPL-2.0-or-later
/* lines_test.c -- long files, long lines, lines without end. */

#include "lines.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tree.h"

struct seen {
	size_t lines, bytes;
	int answer;
};

static int note(void *arg, char *line)
{
	struct seen *seen = arg;

	seen->lines++;
	seen->bytes += strlen(line);
	return seen->answer;
}

static struct seen read_lines(struct tree *tree, const char *text, size_t size, int expected)
{
	struct seen seen = { 0 };

	tree_write_bytes(tree, "a", text, size);
	assert_int_equal(lines_each(tree->ctx, "a", note, &seen), expected);
	return seen;
}

static void test_plain(void **state)
{
	assert_int_equal(read_lines(*state, "", 0, 0).lines, 0);
	assert_int_equal(read_lines(*state, "\n", 1, 0).lines, 1);
	assert_int_equal(read_lines(*state, "a\n\nbc\n", 6, 0).lines, 3);
	assert_int_equal(read_lines(*state, "a\n\nbc\n", 6, 0).bytes, 3);
	assert_int_equal(read_lines(*state, "a\nbc", 4, 0).lines, 2);
	assert_int_equal(read_lines(*state, "a\nbc", 4, 0).bytes, 3);
}

/* Lines of every length up to the limit, so that each ends at another place in the window. */
static void test_long_file(void **state)
{
	size_t size = 0;
	char *text = malloc((size_t)ATTR_MAX * ATTR_MAX);
	struct seen seen;

	for (size_t len = 0; len < ATTR_MAX; len += 17) {
		memset(text + size, 'x', len);
		size += len;
		text[size++] = '\n';
	}
	seen = read_lines(*state, text, size, 0);
	assert_int_equal(seen.lines + seen.bytes, size);
	free(text);
}

static void test_limits(void **state)
{
	struct tree *tree = *state;
	char *text = malloc(3 * ATTR_MAX);

	memset(text, 'x', 3 * ATTR_MAX);
	text[ATTR_MAX] = '\n';
	assert_int_equal(read_lines(tree, text, ATTR_MAX + 1, 0).bytes, ATTR_MAX);
	read_lines(tree, text, 3 * ATTR_MAX, -EBADMSG);
	assert_non_null(strstr(ramify_message(tree->ctx), "/a, line 2,"));
	text[1] = '\0';
	read_lines(tree, text, ATTR_MAX, -EBADMSG);
	assert_non_null(strstr(ramify_message(tree->ctx), "/a, line 1,"));
	free(text);
}

static void test_failures(void **state)
{
	struct tree *tree = *state;
	struct seen seen = { .answer = -EBADMSG };

	tree_write(tree, "a", "1\n2\n3\n");
	assert_int_equal(lines_each(tree->ctx, "a", note, &seen), -EBADMSG);
	assert_int_equal(seen.lines, 1);
	seen.answer = -ENOMEM;
	assert_int_equal(lines_each(tree->ctx, "a", note, &seen), -ENOMEM);
	assert_int_equal(lines_each(tree->ctx, "none", note, &seen), 0);
	assert_int_equal(lines_each(tree->ctx, ".", note, &seen), 0);
	assert_int_equal(seen.lines, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		tree_test(test_plain), tree_test(test_long_file), tree_test(test_limits),
		tree_test(test_failures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
