// SPDX-License-Identifier: GPL-2.0-or-later
/* entry_test.c -- files of what memory is for: what is written comes back, all else is refused. */

#include "entry.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tree.h"

#define UUID_MEMORY "[memory]\nuuid = 6b1433b3-f264-4f10-a79e-dcba154e408c\nsize = 1054867456\n"
#define PLACE_MEMORY "[memory]\nsource = soft-reserved\nrange = 0x140000000-0x17fffffff\n"

static void parse(struct tree *tree, const char *text, struct entry *ret_entry)
{
	if (entry_parse(tree->ctx, "x.conf", text, ret_entry))
		fail_msg("%s", ramify_message(tree->ctx));
}

static void round_trip(struct tree *tree, const char *text)
{
	struct entry first, second;
	char *once, *twice;

	parse(tree, text, &first);
	assert_int_equal(entry_format(&first, &once), 0);
	parse(tree, once, &second);
	assert_int_equal(entry_format(&second, &twice), 0);
	assert_string_equal(once, twice);
	free(once);
	free(twice);
	entry_clear(&first);
	entry_clear(&second);
}

static void test_full(void **state)
{
	struct tree *tree = *state;
	struct entry e;

	parse(tree, "[memory]\nsource = cxl\nserial = 12\nregion = 0x1000-0xffffff\n"
		    "range = 0x2000-0x2fff\nrange = 0x8000-0x8fff\nnode = 3\n"
		    "color = 2/8\ncolor-span = 0x40000\npage = 4096\n"
		    "[use]\nas = ram\nzone = kernel\nnode = 4\nmemmap = device\nadistance = 700\n"
		    "ratio = 20\nscrub = yes\nfallback = kmem\nskip = 9-10\nskip = 1-2\n", &e);
	assert_int_equal(e.source, RAMIFY_CXL);
	assert_string_equal(e.serial, "12");
	assert_int_equal(e.region.start, 0x1000);
	assert_int_equal(e.ranges.n, 2);
	assert_int_equal(e.size_bytes, 0x2000);
	assert_int_equal(e.node, 3);
	assert_int_equal(e.color.index, 2);
	assert_int_equal(e.color.of, 8);
	assert_int_equal(e.color.span_bytes, 0x40000);
	assert_int_equal(e.page_bytes, 4096);
	assert_int_equal(e.intent.use, RAMIFY_USE_RAM);
	assert_int_equal(e.intent.zone, RAMIFY_ZONE_KERNEL);
	assert_int_equal(e.intent.node, 4);
	assert_int_equal(e.intent.memmap, RAMIFY_MEMMAP_DEVICE);
	assert_int_equal(e.intent.adistance, 700);
	assert_int_equal(e.intent.ratio, 20);
	assert_true(e.intent.scrub);
	assert_int_equal(e.intent.driver, INTENT_DRIVER_FALLBACK);
	assert_int_equal(e.skip.n, 2);
	assert_int_equal(e.skip.items[0].start, 1);
	e.file[0] = '\0';
	entry_name(&e);
	assert_string_equal(e.file, "cxl-12-at-0x1000.conf");
	entry_clear(&e);
}

static void test_round_trip(void **state)
{
	round_trip(*state, UUID_MEMORY "[use]\nas = ram\n");
	round_trip(*state, UUID_MEMORY "[use]\nas = none\nmove-to-label = yes\n");
	round_trip(*state, UUID_MEMORY "node = 1\n[use]\nas = raw\nowner = 12:13\nmode = 640\n");
	round_trip(*state, PLACE_MEMORY "[use]\nas = idle\n");
	round_trip(*state, PLACE_MEMORY "color = 1/2\ncolor-span = 4294967296\npage = 4096\n"
		   "[use]\nas = raw\nmode = 0600\n");
	round_trip(*state, PLACE_MEMORY "[use]\nas = ram\nskip = 0x0-0xfff\ndriver = kmem\n");
}

static void refuses(struct tree *tree, const char *text, const char *why)
{
	struct entry e;

	assert_int_equal(entry_parse(tree->ctx, "x.conf", text, &e), -EBADMSG);
	if (!strstr(ramify_message(tree->ctx), why))
		fail_msg("not \"%s\" but: %s", why, ramify_message(tree->ctx));
}

static void test_refused(void **state)
{
	static const struct { const char *text, *why; } cases[] = {
		{ "", "neither uuid nor range" },
		{ UUID_MEMORY, "[use] does not say as what" },
		{ UUID_MEMORY "[use]\nas = rom\n", "line 5: as is ram, raw or idle, not \"rom\"" },
		{ UUID_MEMORY "[use]\nas = none\n", "as = none goes with" },
		{ UUID_MEMORY "[use]\nas = ram\nas = ram\n", "line 6: as is said twice" },
		{ UUID_MEMORY "[use]\nas = ram\nzone = mixed\n", "line 6: zone is movable or kernel" },
		{ UUID_MEMORY "[use]\nas = ram\nnode = 1024\n", "line 6: node is" },
		{ UUID_MEMORY "[use]\nas = ram\nnode = -1\n", "line 6: node is" },
		{ UUID_MEMORY "[use]\nas = ram\nmode = 0600\n", "mode goes with as = raw" },
		{ UUID_MEMORY "[use]\nas = raw\nzone = movable\n", "zone goes with as = ram" },
		{ UUID_MEMORY "[use]\nas = raw\nmode = 01000\n", "line 6: mode is an octal" },
		{ UUID_MEMORY "[use]\nas = raw\nmode = 0\n", "line 6: mode is an octal" },
		{ UUID_MEMORY "[use]\nas = raw\nowner = no-such-user\n", "line 6: owner is USER" },
		{ UUID_MEMORY "[use]\nas = raw\nowner = 4294967295\n", "line 6: owner is USER" },
		{ UUID_MEMORY "[use]\nas = ram\nskip = 2-1\n", "line 6: skip = 2-1 ends before it starts" },
		{ UUID_MEMORY "[use]\nas = ram\nskip = 0-0xffffffffffffffff\n", "line 6: skip is" },
		{ UUID_MEMORY "[use]\nas = ram\nskip = 0-1\nmove-to-label = yes\n", "not with skip" },
		{ UUID_MEMORY "range = 1-2\n[use]\nas = ram\n", "has a uuid, which says it all" },
		{ UUID_MEMORY "[use]\nas = ram\ncolour = 1\n", "line 6: there is no \"colour\"" },
		{ UUID_MEMORY "[use]\nas = ram\nwhat\n", "line 6 is neither" },
		{ "[memory]\nuuid = ../../x\n", "line 2: uuid is a UUID" },
		{ "[memory]\nuuid = 1\n[use]\nas = ram\n", "needs the size" },
		{ "[memory]\nuuid = 1\nsize = 9223372036854775808\n", "line 3: size is" },
		{ "[memory]\nrange = 0x0-0xfff\n[use]\nas = ram\n", "needs a source" },
		{ "[memory]\nsource = hbm\n", "line 2: source is" },
		{ PLACE_MEMORY "range = 0x150000000-0x15fffffff\n[use]\nas = ram\n", "overlap" },
		{ PLACE_MEMORY "region = 0x0-0x1fff\n[use]\nas = ram\n", "not in its region" },
		{ PLACE_MEMORY "serial = 1\n[use]\nas = ram\n", "needs the region" },
		{ PLACE_MEMORY "size = 1\n[use]\nas = ram\n", "size goes with a uuid" },
		{ PLACE_MEMORY "[use]\nas = ram\nmove-to-label = yes\n", "goes with a uuid" },
		{ PLACE_MEMORY "color = 2/8\n[use]\nas = ram\n", "no color that can be" },
		{ PLACE_MEMORY "color = 9/8\n[use]\nas = ram\n", "line 4: color is I/N" },
		{ PLACE_MEMORY "color = 1/3\ncolor-span = 4096\n[use]\nas = ram\n", "no color that" },
		{ UUID_MEMORY "page = 4096\n[use]\nas = ram\n", "has a uuid, which says it all" },
		{ "[other]\nx = 1\n", "line 1: there is no section [other]" },
		{ UUID_MEMORY "[use]\nas = ram\n[other]\n", "line 6: there is no section [other]" },
		{ UUID_MEMORY "uuids = 1\n", "line 4: there is no \"uuids\" in [memory]" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		refuses(*state, cases[i].text, cases[i].why);
}

static void count_bad(void *arg, const char *file, int err)
{
	size_t *n = arg;

	assert_string_equal(file, "b.conf");
	assert_int_equal(err, -EBADMSG);
	(*n)++;
}

static void test_directory(void **state)
{
	struct tree *tree = *state;
	struct entry_list list;
	struct entry e;
	size_t bad = 0;

	assert_int_equal(entries_read(tree->ctx, NULL, NULL, &list), 0);
	assert_int_equal(list.n, 0);
	assert_int_equal(entry_remove(tree->ctx, "x.conf"), 0);
	parse(tree, PLACE_MEMORY "[use]\nas = ram\n", &e);
	e.file[0] = '\0';
	assert_int_equal(entry_store(tree->ctx, &e), -ENOENT);
	tree_write(tree, "etc/fstab", "");
	e.file[0] = '\0';
	assert_int_equal(entry_store(tree->ctx, &e), 0);
	assert_string_equal(e.file, "soft-reserved-0x140000000.conf");
	tree_write(tree, ENTRY_DIR "/b.conf", "rubbish");
	tree_write(tree, ENTRY_DIR "/a.conf.new", "half of it");
	tree_write(tree, ENTRY_DIR "/.conf", "");
	assert_int_equal(entries_read(tree->ctx, count_bad, &bad, &list), 0);
	assert_int_equal(bad, 1);
	assert_int_equal(list.n, 1);
	assert_string_equal(list.items[0].file, e.file);
	entries_free(&list);
	assert_int_equal(entry_remove(tree->ctx, e.file), 0);
	assert_int_equal(entries_read(tree->ctx, NULL, NULL, &list), 0);
	assert_int_equal(list.n, 0);
	entry_clear(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		tree_test(test_full),
		tree_test(test_round_trip),
		tree_test(test_refused),
		tree_test(test_directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
