// SPDX-License-Identifier: GPL-2.0-or-later
/* efi_test.c -- firmware's word on Secure Boot, well formed or not. */

#include "efi.h"

#include <errno.h>

#include "tree.h"

#define VARIABLE "sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"

static int read_bytes(struct tree *tree, const char *bytes, size_t n, bool *ret_on)
{
	tree_write_bytes(tree, VARIABLE, bytes, n);
	return efi_secure_boot(tree->ctx, ret_on);
}

static void test_told(void **state)
{
	struct tree *tree = *state;
	bool on = false;

	assert_int_equal(efi_secure_boot(tree->ctx, &on), -ENOENT);
	assert_int_equal(read_bytes(tree, "\6\0\0\0\1", 5, &on), 0);
	assert_true(on);
	assert_int_equal(read_bytes(tree, "\6\0\0\0\0", 5, &on), 0);
	assert_false(on);
	tree_remove(tree, VARIABLE);
	tree_write(tree, VARIABLE "/a-directory", "x\n");
	assert_int_equal(efi_secure_boot(tree->ctx, &on), -ENOENT);
}

static void test_absurd(void **state)
{
	struct tree *tree = *state;
	bool on = true;

	assert_int_equal(read_bytes(tree, "", 0, &on), -EBADMSG);
	assert_int_equal(read_bytes(tree, "\6\0\0\0", 4, &on), -EBADMSG);
	assert_int_equal(read_bytes(tree, "\6\0\0\0\0\0", 6, &on), -EBADMSG);
	assert_int_equal(read_bytes(tree, "\6\0\0\0\0and much more", 18, &on), -EBADMSG);
	assert_int_equal(read_bytes(tree, "\6\0\0\0\2", 5, &on), -EBADMSG);
	assert_true(on);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		tree_test(test_told),
		tree_test(test_absurd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
