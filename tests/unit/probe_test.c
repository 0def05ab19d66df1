// SPDX-License-Identifier: GPL-2.0-or-later
/* probe_test.c -- both ends of a device: signatures, and bytes that nobody knows. */

#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tree.h"

#define SIZE (UINT64_C(64) << 20)
#define ALIGN (UINT64_C(2) << 20)

/* A sparse file stands for the device; with @align it is mapped, as a devdax is. */
static void make_device(struct tree *tree, uint64_t size, uint64_t offset, const char *data,
			size_t len)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/device", tree->root);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, size), 0);
	assert_int_equal(pwrite(fd, data, len, offset), len);
	close(fd);
}

static void expect_data(struct tree *tree, uint64_t size, uint64_t align, bool found,
			uint64_t offset)
{
	struct probe probe;
	uint64_t at = 0;

	assert_int_equal(probe_read(tree->ctx, "device", size, align, &probe), 0);
	assert_int_equal(probe.bad_pages, 0);
	assert_int_equal(probe_find_data(&probe, &at), found ? 0 : -ENOENT);
	if (found)
		assert_int_equal(at, offset);
	probe_close(&probe);
}

static void test_data(void **state)
{
	static const uint64_t seen[] = { 0, 4095, PROBE_BYTES - 1, SIZE - PROBE_BYTES, SIZE - 1 };
	struct tree *tree = *state;

	for (size_t i = 0; i < sizeof(seen) / sizeof(*seen); i++) {
		make_device(tree, SIZE, seen[i], "x", 1);
		expect_data(tree, SIZE, 0, true, seen[i]);
		expect_data(tree, SIZE, ALIGN, true, seen[i]);
	}
	make_device(tree, SIZE, PROBE_BYTES, "x", 1);
	expect_data(tree, SIZE, 0, false, 0);
	expect_data(tree, SIZE, ALIGN, false, 0);
	/* Zeros that take room are zeros all the same. */
	make_device(tree, SIZE, 8192, "\0\0\0\0", 4);
	expect_data(tree, SIZE, 0, false, 0);
	/* Both ends in one. */
	make_device(tree, PROBE_BYTES, PROBE_BYTES - 1, "x", 1);
	expect_data(tree, PROBE_BYTES, ALIGN, true, PROBE_BYTES - 1);
}

static void expect_signature(struct tree *tree, uint64_t align, const char *expected)
{
	struct probe probe;
	char found[64];

	assert_int_equal(probe_read(tree->ctx, "device", SIZE, align, &probe), 0);
	assert_int_equal(probe_signature(&probe, found, sizeof(found)), 0);
	assert_string_equal(found, expected);
	probe_close(&probe);
}

static void test_signature(void **state)
{
	/* The magic, and the major version. */
	static const char squashfs[32] = { 'h', 's', 'q', 's', [28] = 4 };
	struct tree *tree = *state;

	make_device(tree, SIZE, 0, "", 0);
	expect_signature(tree, ALIGN, "");
	make_device(tree, SIZE, 4096 - 10, "SWAPSPACE2", 10);
	expect_signature(tree, 0, "");
	make_device(tree, SIZE, 0, squashfs, sizeof(squashfs));
	expect_signature(tree, ALIGN, "squashfs");
}

/* A page beyond the file's end raises SIGBUS, as a poisoned one of a devdax does. */
static void test_poison(void **state)
{
	struct tree *tree = *state;
	struct probe probe;
	uint64_t at;

	make_device(tree, SIZE - 8192, 12288, "x", 1);
	assert_int_equal(probe_read(tree->ctx, "device", SIZE, ALIGN, &probe), 0);
	assert_int_equal(probe.bad_pages, 2);
	assert_int_equal(probe_find_data(&probe, &at), 0);
	assert_int_equal(at, 12288);
	probe_close(&probe);
}

static void test_absent(void **state)
{
	struct tree *tree = *state;
	struct probe probe;

	assert_int_equal(probe_read(tree->ctx, "device", SIZE, 0, &probe), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		tree_test(test_data),
		tree_test(test_signature),
		tree_test(test_poison),
		tree_test(test_absent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
