/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tree.h -- a root directory for one test: a recorded tree, or made up, then changed. */
#ifndef RAMIFY_TESTS_TREE_H
#define RAMIFY_TESTS_TREE_H

/* What cmocka.h wants to be there before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ramify.h"

struct tree {
	char root[64];
	struct ramify *ctx;
};

/* @name: of a file in tests/trees, without ".tree"; NULL: empty. Fails the test if it cannot. */
struct tree *tree_create(const char *name);
void tree_destroy(struct tree *tree);

/* For cmocka: an empty tree as the test's state. */
int tree_set_up(void **state);
int tree_tear_down(void **state);
#define tree_test(name) cmocka_unit_test_setup_teardown(name, tree_set_up, tree_tear_down)

/* Each replaces what is at @path, and makes the directories on the way to it. */
void tree_write(struct tree *tree, const char *path, const char *text);
void tree_write_bytes(struct tree *tree, const char *path, const void *data, size_t size);
void tree_link(struct tree *tree, const char *path, const char *target);
void tree_remove(struct tree *tree, const char *path);

/* Reads the system, and expects success. */
struct ramify_system *tree_system(struct tree *tree);
/* Reads the system, and expects -EBADMSG with a message that has @text in it. */
void tree_expect_absurd(struct tree *tree, const char *text);

/* NULL: none of that name. */
const struct ramify_device *tree_device(const struct ramify_system *sys, const char *name);
const struct ramify_region *tree_region(const struct ramify_system *sys, const char *name);
const struct ramify_node *tree_node(const struct ramify_system *sys, int node);

#endif
