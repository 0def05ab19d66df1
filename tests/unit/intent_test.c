// SPDX-License-Identifier: GPL-2.0-or-later
/* intent_test.c -- what is written in a label comes back, and nothing else is taken for it. */

#include "intent.h"

#include <errno.h>
#include <string.h>

#include "tree.h"

#define UUID "6b1433b3-f264-4f10-a79e-dcba154e408c"

static const struct intent full = {
	.use = RAMIFY_USE_RAW, .zone = RAMIFY_ZONE_KERNEL, .memmap = RAMIFY_MEMMAP_DEVICE,
	.driver = INTENT_DRIVER_FALLBACK, .node = 1023, .adistance = 0xfffe, .ratio = 255,
	.scrub = true, .volatile_data = true, .size_mib = UINT32_MAX, .uid = 64055,
	.gid = 4294967294u, .perms = 07777,
};

static void round_trip(const struct intent *intent)
{
	char label[INTENT_LABEL_SIZE];
	struct intent back;

	memset(label, 'x', sizeof(label));
	intent_to_label(intent, UUID, label);
	assert_non_null(memchr(label, '\0', sizeof(label)));
	assert_int_equal(intent_from_label(label, UUID, &back), 0);
	assert_int_equal(back.use, intent->use);
	assert_int_equal(back.zone, intent->zone);
	assert_int_equal(back.memmap, intent->memmap);
	assert_int_equal(back.node, intent->node);
	assert_int_equal(back.volatile_data, intent->volatile_data);
	assert_int_equal(back.driver, intent->driver);
	assert_int_equal(back.adistance, intent->adistance);
	assert_int_equal(back.ratio, intent->ratio);
	assert_int_equal(back.scrub, intent->scrub);
	assert_int_equal(back.size_mib, intent->size_mib);
	assert_int_equal(back.uid, intent->uid);
	assert_int_equal(back.gid, intent->gid);
	assert_int_equal(back.perms, intent->perms);
}

static void test_round_trip(void **state)
{
	struct intent none = INTENT_NONE, mark = INTENT_NONE;

	mark.volatile_data = true;
	round_trip(&none);
	round_trip(&mark);
	round_trip(&full);
}

/* It is in labels out there: it may never change. */
static void test_format(void **state)
{
	struct intent mark = INTENT_NONE;
	char label[INTENT_LABEL_SIZE];

	mark.volatile_data = true;
	intent_to_label(&mark, UUID, label);
	assert_memory_equal(label, "ramify1:---v--ffffffff0000000000000ffffffffffffffff", 51);
	assert_int_equal(strlen(label), 59);
}

static void test_fits(void **state)
{
	struct intent intent = full;

	assert_true(intent_fits_label(&full));
	intent.adistance = 0xffff;
	assert_false(intent_fits_label(&intent));
	intent = full;
	intent.ratio = 256;
	assert_false(intent_fits_label(&intent));
	intent = full;
	intent.size_mib = UINT64_C(1) << 32;
	assert_false(intent_fits_label(&intent));
}

static void refuses(const char *label, int err)
{
	struct intent intent = { .node = 77 };

	assert_int_equal(intent_from_label(label, UUID, &intent), err);
	assert_int_equal(intent.node, 77);
}

static void test_not_ours(void **state)
{
	refuses("", -ENOENT);
	refuses("the database", -EEXIST);
	refuses("ramify", -EEXIST);
	refuses("ramify-test", -EEXIST);
	refuses("ramify: x", -EEXIST);
	refuses("ramify1", -EEXIST);
	refuses("ramify1:", -EBADMSG);
	refuses("ramify2:whatever comes", -EBADMSG);
}

static void test_damaged(void **state)
{
	char label[INTENT_LABEL_SIZE], other[INTENT_LABEL_SIZE];
	struct intent intent;

	intent_to_label(&full, UUID, label);
	for (size_t i = strlen("ramify1:"); label[i]; i++) {
		strcpy(other, label);
		other[i] ^= 1;
		refuses(other, -EBADMSG);
		strcpy(other, label);
		other[i] = '\0';
		refuses(other, -EBADMSG);
	}
	strcpy(other, label);
	strcat(other, "0");
	refuses(other, -EBADMSG);
	/* Copied to another namespace it says nothing about that one. */
	assert_int_equal(intent_from_label(label, "another", &intent), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_format),
		cmocka_unit_test(test_fits),
		cmocka_unit_test(test_not_ours),
		cmocka_unit_test(test_damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
