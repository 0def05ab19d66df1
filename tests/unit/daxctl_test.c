// SPDX-License-Identifier: GPL-2.0-or-later
/* daxctl_test.c -- daxctl's configuration, as its manual page shows it, and wrong. */

#include "daxctl.h"

#include <errno.h>
#include <string.h>

#include "tree.h"

#define UUID "ed93e918-e165-49d8-921d-383d7b9660c5"

static void test_sections(void **state)
{
	struct tree *tree = *state;
	struct daxctl_list list;

	assert_int_equal(daxctl_parse(tree->ctx, "x",
		"# comment\n[reconfigure-device dax0]\nnvdimm.uuid = " UUID "\nmode = devdax\n"
		"[other]\nwhatever = 1\n"
		"[reconfigure-device one]\nnvdimm.uuid=" UUID "\nmovable = false\n"
		"[reconfigure-device two]\nonline = false\n", &list), 0);
	assert_int_equal(list.n, 3);
	assert_string_equal(list.items[0].uuid, UUID);
	assert_false(list.items[0].ram);
	assert_true(list.items[1].ram);
	assert_false(list.items[1].movable);
	assert_true(list.items[1].online);
	assert_int_equal(list.items[1].line, 7);
	assert_string_equal(list.items[2].uuid, "");
	assert_false(list.items[2].online);
	daxctl_free(&list);
}

static void refuses(struct tree *tree, const char *text, const char *why)
{
	struct daxctl_list list;

	assert_int_equal(daxctl_parse(tree->ctx, "x", text, &list), -EBADMSG);
	if (!strstr(ramify_message(tree->ctx), why))
		fail_msg("%s", ramify_message(tree->ctx));
}

static void test_refused(void **state)
{
	refuses(*state, "[reconfigure-device a]\nnvdimm.uuid = x\n", "line 2: nvdimm.uuid is a UUID");
	refuses(*state, "[reconfigure-device a]\nmode = ram\n", "line 2: mode is system-ram or devdax");
	refuses(*state, "[reconfigure-device a]\nonline = yes\n", "line 2: online is true or false");
	refuses(*state, "[reconfigure-device a]\nsize = 1\n", "line 2: there is no \"size\"");
	refuses(*state, "[reconfigure-device a]\nmode\n", "line 2 is neither");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		tree_test(test_sections),
		tree_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
