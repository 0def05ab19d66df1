// SPDX-License-Identifier: GPL-2.0-or-later
/* state_test.c -- the record comes back as it was written, and not otherwise. */

#include "state.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crc32.h"
#include "tree.h"

static struct ramify_extent extents[] = { { 0x140000000, 0x20000000 }, { 0x168000000, 0x8000000 } };
static struct ramify_extent online[] = { { 0x148000000, 0x8000000 } };

static struct state sample(void)
{
	struct state s = {
		.identity = "uuid-1", .device = "dax0.0", .boot = "b", .driver = "device_dax",
		.phase = STATE_OFFLINING, .mark = STATE_MARK_LABEL, .zone = RAMIFY_ZONE_MOVABLE,
		.extents = { extents, 2 }, .online = { online, 1 },
	};

	return s;
}

static void assert_same(const struct state *a, const struct state *b)
{
	assert_string_equal(a->identity, b->identity);
	assert_string_equal(a->device, b->device);
	assert_string_equal(a->boot, b->boot);
	assert_string_equal(a->driver, b->driver);
	assert_int_equal(a->phase, b->phase);
	assert_int_equal(a->mark, b->mark);
	assert_int_equal(a->zone, b->zone);
	assert_int_equal(a->extents.n, b->extents.n);
	assert_int_equal(a->online.n, b->online.n);
	for (size_t i = 0; i < a->extents.n; i++)
		assert_memory_equal(&a->extents.items[i], &b->extents.items[i], sizeof(extents[0]));
}

static void test_round_trip(void **state)
{
	struct state s = sample(), back;
	char *text;

	assert_int_equal(state_format(&s, &text), 0);
	assert_int_equal(state_parse(text, strlen(text), &back), 0);
	assert_same(&s, &back);
	state_clear(&back);
	free(text);

	s.driver[0] = '\0';
	s.online.n = s.extents.n = 0;
	assert_int_equal(state_format(&s, &text), 0);
	assert_int_equal(state_parse(text, strlen(text), &back), 0);
	assert_same(&s, &back);
	state_clear(&back);
	free(text);
}

static int parse_with_crc(const char *body)
{
	struct state s = { 0 };
	char text[1024];
	int err;

	snprintf(text, sizeof(text), "%scrc %08x\n", body, crc32_update(0, body, strlen(body)));
	err = state_parse(text, strlen(text), &s);
	state_clear(&s);
	return err;
}

#define HEAD "ramify-state 1\nidentity i\ndevice d\nboot b\ndriver -\n"
#define TAIL "phase ram\nmark none\nzone movable\n"

static void test_strict(void **state)
{
	assert_int_equal(parse_with_crc(HEAD TAIL), 0);
	assert_int_equal(parse_with_crc(HEAD TAIL "extent 0x0-0xfff\nonline 0x0-0xfff\n"), 0);
	assert_int_equal(parse_with_crc(""), -EBADMSG);
	assert_int_equal(parse_with_crc(TAIL HEAD), -EBADMSG);
	assert_int_equal(parse_with_crc(HEAD TAIL "\n"), -EBADMSG);
	assert_int_equal(parse_with_crc(HEAD TAIL "extent 0x1000-0xfff\n"), -EBADMSG);
	assert_int_equal(parse_with_crc(HEAD TAIL "online 0x0-0xfff\nextent 0x0-0xfff\n"), -EBADMSG);
	assert_int_equal(parse_with_crc(HEAD TAIL "later yes\n"), -EBADMSG);
	assert_int_equal(parse_with_crc("ramify-state 2\nidentity i\ndevice d\nboot b\ndriver -\n" TAIL),
			 -EBADMSG);
	assert_int_equal(parse_with_crc("ramify-state 1\nidentity a/b\ndevice d\nboot b\ndriver -\n" TAIL),
			 -EBADMSG);
	assert_int_equal(parse_with_crc("ramify-state 1\nidentity ..\ndevice d\nboot b\ndriver -\n" TAIL),
			 -EBADMSG);
	assert_int_equal(parse_with_crc(HEAD "phase some\nmark none\nzone movable\n"), -EBADMSG);
}

static void test_damaged(void **state)
{
	struct state s = sample(), back = { 0 };
	char *text;
	size_t len;

	assert_int_equal(state_format(&s, &text), 0);
	len = strlen(text);
	for (size_t i = 0; i < len; i++) {
		text[i] ^= 4;
		assert_int_equal(state_parse(text, len, &back), -EBADMSG);
		text[i] ^= 4;
		assert_int_equal(state_parse(text, i, &back), -EBADMSG);
	}
	free(text);
}

static void test_ranges_join(void **state)
{
	struct state_ranges r = { 0 };

	assert_int_equal(ranges_append(&r, 0x1000, 0x1000), 0);
	assert_int_equal(ranges_append(&r, 0x2000, 0x1000), 0);
	assert_int_equal(ranges_append(&r, 0x4000, 0x1000), 0);
	assert_int_equal(r.n, 2);
	assert_int_equal(r.items[0].size_bytes, 0x2000);
	ranges_clear(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_strict),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_ranges_join),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
