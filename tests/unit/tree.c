// SPDX-License-Identifier: GPL-2.0-or-later
/* tree.c -- a root directory for one test: a recorded tree, or made up, then changed. */

#include "tree.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void unpack(const char *name, const char *root)
{
	const char *tests = getenv("RAMIFY_TESTS");
	char command[PATH_MAX];

	assert_non_null(tests);
	snprintf(command, sizeof(command), "'%s/trees/unpack' '%s/trees/%s.tree' '%s'", tests,
		 tests, name, root);
	/* NOLINTNEXTLINE(cert-env33-c) */
	assert_int_equal(system(command), 0);
}

struct tree *tree_create(const char *name)
{
	struct tree *tree = calloc(1, sizeof(*tree));

	assert_non_null(tree);
	strcpy(tree->root, "/tmp/ramify-test-XXXXXX");
	assert_non_null(mkdtemp(tree->root));
	if (name)
		unpack(name, tree->root);
	assert_int_equal(ramify_new(tree->root, &tree->ctx), 0);
	return tree;
}

static int remove_item(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return remove(path);
}

void tree_destroy(struct tree *tree)
{
	ramify_free(tree->ctx);
	nftw(tree->root, remove_item, 16, FTW_DEPTH | FTW_PHYS);
	free(tree);
}

int tree_set_up(void **state)
{
	*state = tree_create(NULL);
	return 0;
}

int tree_tear_down(void **state)
{
	tree_destroy(*state);
	return 0;
}

/* Makes the way to @path, and leaves nothing there. */
static void clear_place(struct tree *tree, const char *path, char *full)
{
	snprintf(full, PATH_MAX, "%s/%s", tree->root, path);
	for (char *slash = full + strlen(tree->root) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		assert_true(!mkdir(full, 0755) || errno == EEXIST);
		*slash = '/';
	}
	nftw(full, remove_item, 16, FTW_DEPTH | FTW_PHYS);
}

void tree_write_bytes(struct tree *tree, const char *path, const void *data, size_t size)
{
	char full[PATH_MAX];
	FILE *file;

	clear_place(tree, path, full);
	file = fopen(full, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

void tree_write(struct tree *tree, const char *path, const char *text)
{
	tree_write_bytes(tree, path, text, strlen(text));
}

void tree_link(struct tree *tree, const char *path, const char *target)
{
	char full[PATH_MAX];

	clear_place(tree, path, full);
	assert_int_equal(symlink(target, full), 0);
}

void tree_remove(struct tree *tree, const char *path)
{
	char full[PATH_MAX];

	clear_place(tree, path, full);
}

struct ramify_system *tree_system(struct tree *tree)
{
	struct ramify_system *sys = NULL;
	int err = ramify_system_read(tree->ctx, &sys);

	if (err)
		fail_msg("%s: %s", strerror(-err), ramify_message(tree->ctx));
	assert_non_null(sys);
	return sys;
}

void tree_expect_absurd(struct tree *tree, const char *text)
{
	struct ramify_system *sys = NULL;

	assert_int_equal(ramify_system_read(tree->ctx, &sys), -EBADMSG);
	assert_null(sys);
	if (!strstr(ramify_message(tree->ctx), text))
		fail_msg("\"%s\" does not name %s", ramify_message(tree->ctx), text);
}

const struct ramify_device *tree_device(const struct ramify_system *sys, const char *name)
{
	const struct ramify_device *dev = NULL;

	while ((dev = ramify_next_device(sys, dev))) {
		if (!strcmp(dev->name, name))
			break;
	}
	return dev;
}

const struct ramify_region *tree_region(const struct ramify_system *sys, const char *name)
{
	const struct ramify_region *region = NULL;

	while ((region = ramify_next_region(sys, region))) {
		if (!strcmp(region->name, name))
			break;
	}
	return region;
}

const struct ramify_node *tree_node(const struct ramify_system *sys, int node)
{
	const struct ramify_node *found = NULL;

	while ((found = ramify_next_node(sys, found))) {
		if (found->node == node)
			break;
	}
	return found;
}
