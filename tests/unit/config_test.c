// SPDX-License-Identifier: GPL-2.0-or-later
/* config_test.c -- files of sections and values: told with their lines, or refused with them. */

#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "context.h"
#include "tree.h"

struct seen {
	struct ramify *ctx;
	char text[512];
};

static int note(void *arg, const struct config_item *item)
{
	struct seen *seen = arg;
	size_t len = strlen(seen->text);

	if (!item->name)
		return strcmp(item->section, "none") ? 0 :
		       (fail)(seen->ctx, -EBADMSG, "no such section");
	if (strcmp(item->name, "bad") == 0)
		return config_wrong(seen->ctx, item, "good");
	snprintf(seen->text + len, sizeof(seen->text) - len, "%u %u %s.%s=%s|", item->section_line,
		 item->line, item->section, item->name, item->value);
	return 0;
}

static void test_values(void **state)
{
	struct tree *tree = *state;
	struct seen seen = { .ctx = tree->ctx };

	assert_int_equal(config_parse(tree->ctx, "x", "# c\n[a]\n b = 1 2 ; c\n\n[a]\nb=\nc:x", note, &seen), 0);
	assert_string_equal(seen.text, "2 3 a.b=1 2|5 6 a.b=|5 7 a.c=x|");
	seen.text[0] = '\0';
	assert_int_equal(config_parse(tree->ctx, "x", "", note, &seen), 0);
	assert_string_equal(seen.text, "");
}

static void refuses(struct tree *tree, const char *text, const char *why)
{
	struct seen seen = { .ctx = tree->ctx };

	assert_int_equal(config_parse(tree->ctx, "x", text, note, &seen), -EBADMSG);
	if (!strstr(ramify_message(tree->ctx), why))
		fail_msg("%s", ramify_message(tree->ctx));
}

static void test_errors(void **state)
{
	char text[512];

	refuses(*state, "[a]\nx = 1\nbad = yes\033[m\nbad = 2\n", "/x, line 3: bad is good, not \"yes?[m\"");
	refuses(*state, "[a]\nwhat is this\nbad = 1\n", "/x, line 2 is neither");
	refuses(*state, "[a\n", "/x, line 1 is neither");
	refuses(*state, "[a]\nbad = 1\nwhat is this\n", "/x, line 2: bad is");
	refuses(*state, "[a]\n[none]\n", "/x, line 2: no such section");
	refuses(*state, "[a]\n [none]", "/x, line 2: no such section");
	refuses(*state, "[a]\nwhat is this\n[none]\n", "/x, line 2 is neither");
	refuses(*state, "[none]\nwhat is this\n", "/x, line 1: no such section");
	snprintf(text, sizeof(text), "[a]\nb = %0300d\n", 1);
	refuses(*state, text, "/x, line 2 is too long");
}

static void test_file(void **state)
{
	struct tree *tree = *state;
	struct seen seen = { .ctx = tree->ctx };
	char *text;

	assert_int_equal(config_read(tree->ctx, "etc/x", note, &seen), -ENOENT);
	tree_write(tree, "etc/x", "[a]\nb = 1\n");
	assert_int_equal(config_read(tree->ctx, "etc/x", note, &seen), 0);
	assert_string_equal(seen.text, "1 2 a.b=1|");
	tree_write_bytes(tree, "etc/x", "[a]\0\n", 5);
	assert_int_equal(config_read(tree->ctx, "etc/x", note, &seen), -EBADMSG);
	assert_non_null(strstr(ramify_message(tree->ctx), "zero byte"));
	text = calloc(1, 70000);
	memset(text, '\n', 69999);
	tree_write(tree, "etc/x", text);
	free(text);
	assert_int_equal(config_read(tree->ctx, "etc/x", note, &seen), -EBADMSG);
	assert_non_null(strstr(ramify_message(tree->ctx), "longer than 64 KiB"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		tree_test(test_values),
		tree_test(test_errors),
		tree_test(test_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
