// SPDX-License-Identifier: GPL-2.0-or-later
/* store_test.c -- records in their directory: stored, replaced, found, removed, damaged. */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "state.h"
#include "tree.h"

static struct state sample(const char *identity, enum state_phase phase)
{
	struct state s = { .device = "dax0.0", .boot = "b", .phase = phase };

	snprintf(s.identity, sizeof(s.identity), "%s", identity);
	return s;
}

static void make_var(struct tree *tree)
{
	tree_write(tree, "var/lib/other", "");
}

static void test_store(void **state)
{
	struct tree *tree = *state;
	struct state s = sample("uuid-1", STATE_ADDING), back;

	make_var(tree);
	assert_int_equal(state_load(tree->ctx, "uuid-1", &back), -ENOENT);
	assert_int_equal(state_store(tree->ctx, &s), 0);
	assert_int_equal(state_load(tree->ctx, "uuid-1", &back), 0);
	assert_int_equal(back.phase, STATE_ADDING);
	state_clear(&back);
	s.phase = STATE_RAM;
	assert_int_equal(state_store(tree->ctx, &s), 0);
	assert_int_equal(state_load(tree->ctx, "uuid-1", &back), 0);
	assert_int_equal(back.phase, STATE_RAM);
	state_clear(&back);
	assert_int_equal(state_remove(tree->ctx, "uuid-1"), 0);
	assert_int_equal(state_remove(tree->ctx, "uuid-1"), 0);
	assert_int_equal(state_load(tree->ctx, "uuid-1", &back), -ENOENT);
}

static void test_nowhere(void **state)
{
	struct tree *tree = *state;
	struct state s = sample("uuid-1", STATE_RAM);

	assert_int_equal(state_store(tree->ctx, &s), -ENOENT);
	assert_non_null(strstr(ramify_message(tree->ctx), "cannot be written"));
	assert_int_equal(state_remove(tree->ctx, "uuid-1"), 0);
}

static void test_damaged(void **state)
{
	struct tree *tree = *state;
	struct state s = sample("uuid-1", STATE_RAM), back;
	char from[128], to[128];

	make_var(tree);
	assert_int_equal(state_store(tree->ctx, &s), 0);
	/* Another device's record under this one's name. */
	snprintf(from, sizeof(from), "%s/var/lib/ramify/uuid-1.state", tree->root);
	snprintf(to, sizeof(to), "%s/var/lib/ramify/uuid-2.state", tree->root);
	assert_int_equal(rename(from, to), 0);
	assert_int_equal(state_load(tree->ctx, "uuid-2", &back), -EBADMSG);
	tree_write(tree, "var/lib/ramify/uuid-2.state", "ramify-state 1\n");
	assert_int_equal(state_load(tree->ctx, "uuid-2", &back), -EBADMSG);
	assert_non_null(strstr(ramify_message(tree->ctx), "uuid-2.state is damaged"));
}

static int count(void *arg, const struct state *state)
{
	size_t *n = arg;

	(*n)++;
	return strcmp(state->identity, "stop") == 0;
}

static void test_check(void **state)
{
	struct tree *tree = *state;
	size_t n = 0;

	assert_int_equal(state_check(tree->ctx), -ENOENT);
	make_var(tree);
	assert_int_equal(state_check(tree->ctx), 0);
	assert_int_equal(state_each(tree->ctx, count, &n), 0);
	assert_int_equal(n, 0);
	tree_remove(tree, "var/lib/ramify");
	tree_write(tree, "var/lib/ramify", "a file");
	assert_int_equal(state_check(tree->ctx), -ENOTDIR);
	assert_non_null(strstr(ramify_message(tree->ctx), "nothing was changed"));
}

static void test_each(void **state)
{
	struct tree *tree = *state;
	struct state a = sample("a", STATE_RAM), b = sample("b", STATE_RAM);
	size_t n = 0;

	assert_int_equal(state_each(tree->ctx, count, &n), 0);
	make_var(tree);
	state_store(tree->ctx, &a);
	state_store(tree->ctx, &b);
	/* What was left by a crash, and what is no record. */
	tree_write(tree, "var/lib/ramify/c.state.new", "ramify");
	tree_write(tree, "var/lib/ramify/.state", "ramify");
	tree_write(tree, "var/lib/ramify/d.state", "damaged");
	assert_int_equal(state_each(tree->ctx, count, &n), 0);
	assert_int_equal(n, 2);
}

static void test_boot(void **state)
{
	struct tree *tree = *state;
	char boot[IDENTITY_SIZE];

	assert_int_equal(state_boot(tree->ctx, boot), -ENOENT);
	tree_write(tree, "proc/sys/kernel/random/boot_id", "41c385dc\n");
	assert_int_equal(state_boot(tree->ctx, boot), 0);
	assert_string_equal(boot, "41c385dc");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		tree_test(test_store),
		tree_test(test_nowhere),
		tree_test(test_damaged),
		tree_test(test_check),
		tree_test(test_each),
		tree_test(test_boot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
