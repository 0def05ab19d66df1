// SPDX-License-Identifier: GPL-2.0-or-later
/* lock_test.c -- the second is refused and told of the first; a dead holder holds nothing. */

#include "lock.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tree.h"

static void test_lock(void **state)
{
	struct tree *tree = *state;
	char path[128], text[32];
	int first, second;

	assert_int_equal(lock_take(tree->ctx, "dax0.0", 0, &first), -ENOENT);
	snprintf(path, sizeof(path), "%s/run", tree->root);
	assert_int_equal(mkdir(path, 0755), 0);
	assert_int_equal(lock_take(tree->ctx, "dax0.0", 0, &first), 0);
	assert_int_equal(lock_take(tree->ctx, "dax1.0", 0, &second), 0);
	lock_drop(second);

	assert_int_equal(lock_take(tree->ctx, "dax0.0", 0, &second), -EBUSY);
	assert_non_null(strstr(ramify_message(tree->ctx), "another command is at work on dax0.0"));
	snprintf(path, sizeof(path), "proc/%d/comm", (int)getpid());
	tree_write(tree, path, "somebody\n");
	snprintf(text, sizeof(text), "somebody (pid %d)", (int)getpid());
	assert_int_equal(lock_take(tree->ctx, "dax0.0", 1, &second), -EBUSY);
	assert_non_null(strstr(ramify_message(tree->ctx), text));

	lock_drop(first);
	assert_int_equal(lock_take(tree->ctx, "dax0.0", 0, &first), 0);
	lock_drop(first);
	lock_drop(-1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		tree_test(test_lock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
