// SPDX-License-Identifier: GPL-2.0-or-later
/* system_test.c -- the snapshot as a whole, on trees with every file spoilt in turn. */

#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tree.h"

static void test_no_sysfs(void **state)
{
	struct tree *tree = *state;
	struct ramify_system *sys = NULL;

	assert_int_equal(ramify_system_read(tree->ctx, &sys), -ENOENT);
	assert_null(sys);
	assert_non_null(strstr(ramify_message(tree->ctx), "/sys"));
	ramify_system_free(NULL);
}

static void test_empty_sysfs(void **state)
{
	struct tree *tree = *state;
	struct ramify_system *sys;

	tree_write(tree, "sys/devices/system/cpu/online", "0\n");
	sys = tree_system(tree);
	assert_null(ramify_next_node(sys, NULL));
	assert_null(ramify_next_region(sys, NULL));
	assert_null(ramify_next_device(sys, NULL));
	assert_true(ramify_block_bytes(sys) == RAMIFY_UNKNOWN);
	ramify_system_free(sys);
}

static void test_order(void **state)
{
	struct tree *tree = tree_create("hmat-6.12");
	struct ramify_system *sys = tree_system(tree);
	const struct ramify_region *region = NULL;
	const struct ramify_device *dev = NULL;
	uint64_t last = 0;

	assert_int_equal(ramify_block_bytes(sys), 128 << 20);
	while ((region = ramify_next_region(sys, region))) {
		assert_true(region->start > last);
		last = region->start;
	}
	last = 0;
	while ((dev = ramify_next_device(sys, dev))) {
		assert_true(dev->extents[0].start > last);
		last = dev->extents[0].start;
	}
	ramify_system_free(sys);
	tree_destroy(tree);
}

/* All files of a tree that the library may look at. */
static char **paths;
static size_t n_paths;
static size_t root_len;

static int note_path(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	if (type != FTW_F && type != FTW_SL)
		return 0;
	paths = reallocarray(paths, n_paths + 1, sizeof(*paths));
	paths[n_paths++] = strdup(path + root_len + 1);
	return 0;
}

/* Whatever is wrong: the file is named, or its device is left out, or a value not known. */
static void expect_sane(struct tree *tree, const char *path)
{
	struct ramify_system *sys;
	int err = ramify_system_read(tree->ctx, &sys);

	if (!err) {
		ramify_system_free(sys);
		return;
	}
	if (err != -EBADMSG || !strstr(ramify_message(tree->ctx), "makes no sense"))
		fail_msg("%s: %d, \"%s\"", path, err, ramify_message(tree->ctx));
}

static void spoil(struct tree *tree, const char *path)
{
	static const char *const contents[] = {
		"", "\n", "0\n", "-1\n", "0xffffffffffffffff\n", "18446744073709551615\n",
		"1 ", "../..\n", "Node 0 MemTotal: 18014398509481983 kB\n",
	};
	char full[PATH_MAX], aside[PATH_MAX];

	snprintf(full, sizeof(full), "%s/%s", tree->root, path);
	snprintf(aside, sizeof(aside), "%s/aside", tree->root);
	assert_int_equal(rename(full, aside), 0);
	expect_sane(tree, path);
	for (size_t i = 0; i < sizeof(contents) / sizeof(contents[0]); i++) {
		tree_write(tree, path, contents[i]);
		expect_sane(tree, path);
	}
	tree_write_bytes(tree, path, "\0\0\377", 3);
	expect_sane(tree, path);
	tree_link(tree, path, full);
	expect_sane(tree, path);
	tree_link(tree, path, "..");
	expect_sane(tree, path);
	tree_remove(tree, path);
	assert_int_equal(rename(aside, full), 0);
}

static bool looked_at(const char *path)
{
	/* All memory blocks are alike. */
	return !strstr(path, "/memory/memory3") || strstr(path, "/memory/memory32");
}

static void spoil_all(const char *name)
{
	struct tree *tree = tree_create(name);

	root_len = strlen(tree->root);
	assert_int_equal(nftw(tree->root, note_path, 16, FTW_PHYS), 0);
	assert_true(n_paths > 100);
	for (size_t i = 0; i < n_paths; i++) {
		if (looked_at(paths[i]))
			spoil(tree, paths[i]);
		free(paths[i]);
	}
	free(paths);
	paths = NULL;
	n_paths = 0;
	expect_sane(tree, "all as it was");
	tree_destroy(tree);
}

static void test_spoilt(void **state)
{
	spoil_all("nvdimm-6.12");
	spoil_all("multi-extent-6.1");
	spoil_all("pmem-kmem-6.12");
}

/* The link of each bus's device leads into a circle. */
static void test_loops(void **state)
{
	struct tree *tree = *state;
	struct ramify_system *sys;

	tree_write(tree, "sys/devices/system/cpu/online", "0\n");
	tree_link(tree, "sys/bus/dax/devices/dax0.0", "dax0.0");
	tree_link(tree, "sys/bus/dax/devices/dax0.1", "dax0.2");
	tree_link(tree, "sys/bus/dax/devices/dax0.2", "dax0.1");
	tree_link(tree, "sys/bus/nd/devices/region0", ".");
	tree_link(tree, "sys/bus/nd/devices/namespace0.0", "../devices");
	sys = tree_system(tree);
	assert_null(ramify_next_device(sys, NULL));
	ramify_system_free(sys);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		tree_test(test_no_sysfs),
		tree_test(test_empty_sysfs),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_spoilt),
		tree_test(test_loops),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
