// SPDX-License-Identifier: GPL-2.0-or-later
/* tiersconf_test.c -- tiers.conf: read strictly, and what is set by hand survives what is measured. */

#include "tiersconf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tree.h"

#define PATH TIERSCONF_DIR "/" TIERSCONF_NAME

static void test_read(void **state)
{
	struct tree *tree = *state;
	const struct tiersconf_node *node;
	struct tiersconf conf;

	assert_int_equal(tiersconf_read(tree->ctx, &conf), 0);
	assert_int_equal(conf.n, 0);
	tree_write(tree, PATH,
		   "# by hand\n[node 1]\ntier = 2\ndemote-to = 3, 4\n\n[measured 1]\n"
		   "read-latency-ns = 251.3\nread-mbps = 9876\nwrite-mbps=4000.0\ncopy-mbps = 3000\n"
		   "[node 0]\ndemote-to = none\n");
	assert_int_equal(tiersconf_read(tree->ctx, &conf), 0);
	node = tiersconf_find(&conf, 1);
	assert_int_equal(node->tier, 2);
	assert_int_equal(node->n_targets, 2);
	assert_int_equal(node->targets[0], 3);
	assert_int_equal(node->targets[1], 4);
	assert_float_equal(node->read_latency_ns, 251.3, 1e-9);
	assert_float_equal(node->write_mbps, 4000, 1e-9);
	node = tiersconf_find(&conf, 0);
	assert_int_equal(node->tier, -1);
	assert_true(node->has_targets);
	assert_int_equal(node->n_targets, 0);
	assert_null(tiersconf_find(&conf, 2));
	tiersconf_free(&conf);
}

static void test_wrong(void **state)
{
	static const struct { const char *text, *message; } wrong[] = {
		{ "tier = 1\n", "line 1: [] is neither [node N] nor [measured N]" },
		{ "[node x]\ntier = 1\n", "line 1: [node x] is neither" },
		{ "[node 1024]\ntier = 1\n", "line 1: [node 1024] is neither" },
		{ "[node 1]\n[nodes 1]\n", "line 2: [nodes 1] is neither" },
		{ "[nodes 1]\ntier = 1\n", "[nodes 1] is neither" },
		{ "[node 1]\ntear = 1\n", "line 2: [node 1] has tier and demote-to, and no tear" },
		{ "[node 1]\ntier = -1\n", "line 2: tier is a tier from 0" },
		{ "[node 1]\ntier = 64\n", "not \"64\"" },
		{ "[node 1]\ntier =\n", "not \"\"" },
		{ "[node 1]\ntier = 1\n[node 1]\ntier = 1\n", "line 4: tier is given twice for [node 1]" },
		{ "[node 1]\ndemote-to = 1\n", "line 2: demote-to is a list of up to 16 other nodes" },
		{ "[node 1]\ndemote-to = 2,2\n", "not \"2,2\"" },
		{ "[node 1]\ndemote-to = 2,\n", "not \"2,\"" },
		{ "[node 1]\ndemote-to = 1024\n", "not \"1024\"" },
		{ "[node 1]\ndemote-to = 0,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17\n", "up to 16" },
		{ "[measured 1]\nread-mbps = 0\n", "line 2: read-mbps is a number such as 251.3" },
		{ "[measured 1]\nread-mbps = 1.25\n", "not \"1.25\"" },
		{ "[measured 1]\nread-mbps = 0x10\n", "not \"0x10\"" },
		{ "[measured 1]\nread-mbps = 1000000001\n", "not \"1000000001\"" },
		{ "[measured 1]\nread-mbps = nan\n", "not \"nan\"" },
		{ "[measured 1]\nread-mbps = 5\nread-mbps = 6\n", "line 3: read-mbps is given twice" },
		{ "[measured 1]\nspeed = 5\n", "and no speed" },
		{ "[node 1\n", "line 1 is neither [SECTION] nor NAME = VALUE" },
	};
	struct tree *tree = *state;
	struct tiersconf conf;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		tree_write(tree, PATH, wrong[i].text);
		assert_int_equal(tiersconf_read(tree->ctx, &conf), -EBADMSG);
		if (!strstr(ramify_message(tree->ctx), wrong[i].message))
			fail_msg("\"%s\" is told as \"%s\"", wrong[i].text,
				 ramify_message(tree->ctx));
		assert_non_null(strstr(ramify_message(tree->ctx), PATH));
	}
}

static struct ramify_speed speed(int node)
{
	return (struct ramify_speed){
		.node = node,
		.read_latency_ns = { 250.26, 0 },
		.read_mbps = { 1000, 0 },
		.write_mbps = { 500, 0 },
		.copy_mbps = { 333.33, 0 },
	};
}

static char *content(struct tree *tree)
{
	static char text[4096];

	assert_int_equal(attr_read(tree->ctx, PATH, text, sizeof(text)), 0);
	return text;
}

static const char measured_1[] = "[measured 1]\nread-latency-ns = 250.3\nread-mbps = 1000.0\n"
				 "write-mbps = 500.0\ncopy-mbps = 333.3";

static void test_save(void **state)
{
	struct tree *tree = *state;
	struct ramify_speed speeds[] = { speed(1), speed(2) };
	char first[4096];

	assert_int_equal(ramify_speeds_save(tree->ctx, speeds, 1), -ENOENT);
	tree_write(tree, "etc/hostname", "x\n");
	assert_int_equal(ramify_speeds_save(tree->ctx, speeds, 1), 0);
	assert_non_null(strstr(content(tree), measured_1));
	assert_int_equal(content(tree)[0], '#');
	/* None, and the same again, change nothing; another node comes to it. */
	assert_int_equal(ramify_speeds_save(tree->ctx, NULL, 0), 0);
	snprintf(first, sizeof(first), "%s", content(tree));
	assert_int_equal(ramify_speeds_save(tree->ctx, speeds, 1), 0);
	assert_string_equal(content(tree), first);
	assert_int_equal(ramify_speeds_save(tree->ctx, &speeds[1], 1), 0);
	assert_memory_equal(content(tree), first, strlen(first));
	assert_non_null(strstr(content(tree), "[measured 2]"));
}

static void test_save_beside_hand(void **state)
{
	static const char before[] = "; mine\n[node 0]\n\ntier = 0 ; fast\n[measured 1]\nread-mbps = 1\n"
				     "# about node 2\n[node 2]\ntier = 1";
	struct tree *tree = *state;
	struct ramify_speed speeds[] = { speed(1) };
	char expected[2048];

	tree_write(tree, PATH, before);
	assert_int_equal(ramify_speeds_save(tree->ctx, speeds, 1), 0);
	snprintf(expected, sizeof(expected),
		 "; mine\n[node 0]\n\ntier = 0 ; fast\n# about node 2\n[node 2]\ntier = 1\n\n%s",
		 measured_1);
	assert_string_equal(content(tree), expected);
}

/* A file with errors is its owner's to mend. */
static void test_save_over_wrong(void **state)
{
	struct tree *tree = *state;
	struct ramify_speed speeds[] = { speed(1) };

	tree_write(tree, PATH, "[node 0]\ntier = fast\n");
	assert_int_equal(ramify_speeds_save(tree->ctx, speeds, 1), -EBADMSG);
	assert_non_null(strstr(ramify_message(tree->ctx), "; nothing was saved"));
	assert_int_equal(ramify_speeds_save(tree->ctx, NULL, 0), -EBADMSG);
	assert_string_equal(content(tree), "[node 0]\ntier = fast");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		tree_test(test_read),
		tree_test(test_wrong),
		tree_test(test_save),
		tree_test(test_save_beside_hand),
		tree_test(test_save_over_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
