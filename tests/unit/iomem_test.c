// SPDX-License-Identifier: GPL-2.0-or-later
/* iomem_test.c -- /proc/iomem, with and without privilege. */

#include "iomem.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tree.h"

static void test_parse(void **state)
{
	static const char *const wrong[] = {
		"", "-", "0-1", "0-1 :", "0-1 :x", "0 - 1 : x", "x-1 : x", "0-x : x", "1-0 x : y",
	};
	struct iomem_entry entry;
	char line[200];

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(iomem_parse(wrong[i], &entry), -EINVAL);
	assert_int_equal(iomem_parse("1-0 : x", &entry), -ERANGE);
	assert_int_equal(iomem_parse("0-ffffffffffffffff : x", &entry), -ERANGE);
	assert_int_equal(iomem_parse("0-10000000000000000 : x", &entry), -ERANGE);
	assert_int_equal(iomem_parse("    140000000-17fffffff : System RAM (kmem)", &entry), 0);
	assert_int_equal(entry.range.start, 0x140000000);
	assert_int_equal(entry.range.size_bytes, 0x40000000);
	assert_string_equal(entry.name, "System RAM (kmem)");
	snprintf(line, sizeof(line), "0-f : %0150d", 0);
	assert_int_equal(iomem_parse(line, &entry), 0);
	assert_int_equal(strlen(entry.name), sizeof(entry.name) - 1);
}

static void test_find(void **state)
{
	struct tree *tree = *state;
	struct ramify_extent inside = { 0x2800, 1 };
	struct iomem io;

	tree_write(tree, "proc/iomem",
		   "00001000-00004fff : CXL Window 0\n"
		   "  00002000-00002fff : Soft Reserved\n"
		   "00008000-00008fff : hmem.1\n");
	assert_int_equal(iomem_read(tree->ctx, &io), 0);
	assert_int_equal(io.n, 3);
	assert_int_equal(iomem_find(&io, "hmem.1", &inside, 0x1000)->range.start, 0x8000);
	assert_int_equal(iomem_find(&io, "hmem.0", &inside, 0x1000)->range.start, 0x2000);
	assert_int_equal(iomem_find(&io, "hmem.0", &inside, 0x4000)->range.start, 0x1000);
	assert_null(iomem_find(&io, "hmem.0", &inside, 0x800));
	assert_null(iomem_find(&io, "hmem.0", NULL, 0x1000));
	iomem_free(&io);
}

static void test_unprivileged(void **state)
{
	struct tree *tree = *state;
	struct iomem io;

	tree_write(tree, "proc/iomem",
		   "00000000-00000000 : System RAM\n  00000000-00000000 : hmem.0\n");
	assert_int_equal(iomem_read(tree->ctx, &io), 0);
	assert_int_equal(io.n, 0);
	iomem_free(&io);
	tree_write(tree, "proc/iomem", "00000000-00000fff : System RAM\n0000100");
	assert_int_equal(iomem_read(tree->ctx, &io), -EBADMSG);
	assert_non_null(strstr(ramify_message(tree->ctx), "proc/iomem, line 2"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		tree_test(test_find),
		tree_test(test_unprivileged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
