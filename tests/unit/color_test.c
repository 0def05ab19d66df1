// SPDX-License-Identifier: GPL-2.0-or-later
/* color_test.c -- colours: no two alias, and together they are everything. */

#include "color.h"

#include <errno.h>
#include <sys/stat.h>

#include "extent.h"
#include "tree.h"

#define MB 0x100000ull
#define GB (1024 * MB)

static void refuses(const char *text)
{
	struct ramify_color color = { .index = 77 };

	assert_int_equal(ramify_color_parse(text, &color), -EINVAL);
	assert_int_equal(color.index, 77);
}

static void test_parse(void **state)
{
	static const char *const none[] = {
		"", "/", "2", "2/", "/8", "0/0", "0/8", "9/8", "-1/8", "1/-8", "1/8/8", "1 /8",
		" 1/8", "1/8 ", "1/65537", "65537/65537", "99999999999999999999/8", "a/b",
		"00000000000000000000000000000000000000001/8",
	};
	struct ramify_color color = { .span_bytes = 5 };

	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		refuses(none[i]);
	assert_int_equal(ramify_color_parse("2/8", &color), 0);
	assert_int_equal(color.index, 2);
	assert_int_equal(color.of, 8);
	assert_int_equal(color.span_bytes, 5);
	assert_int_equal(ramify_color_parse("65536/65536", &color), 0);
}

static void test_check(void **state)
{
	assert_int_equal(color_check(&(struct ramify_color){ 2, 8, 4 * GB }), 0);
	assert_int_equal(color_check(&(struct ramify_color){ 1, 3, 3 * GB }), 0);
	assert_int_equal(color_check(&(struct ramify_color){ 0, 0, 4 * GB }), -EINVAL);
	assert_int_equal(color_check(&(struct ramify_color){ 0, 8, 4 * GB }), -EINVAL);
	assert_int_equal(color_check(&(struct ramify_color){ 9, 8, 4 * GB }), -EINVAL);
	assert_int_equal(color_check(&(struct ramify_color){ 1, 3, 4 * GB }), -EINVAL);
	assert_int_equal(color_check(&(struct ramify_color){ 1, 8, 0 }), -EINVAL);
}

static void part_is(uint64_t address, uint64_t start)
{
	struct ramify_color color = { 2, 8, 4 * GB };
	struct ramify_extent part = color_part(&color, address);

	assert_true(part.size_bytes == 512 * MB);
	assert_true(part.start == start);
}

/* By physical address: what a region begins with does not matter. */
static void test_parts(void **state)
{
	part_is(0, 512 * MB);
	part_is(512 * MB, 512 * MB);
	part_is(1023 * MB, 512 * MB);
	part_is(1024 * MB, 4 * GB + 512 * MB);
	part_is(5 * GB, 8 * GB + 512 * MB);
}

/* Nothing wraps around. */
static void test_ends(void **state)
{
	struct ramify_color first = { 1, 8, 4 * GB }, last = { 8, 8, 4 * GB };
	struct ramify_color odd = { 3, 3, 3 * GB };

	assert_true(color_part(&last, UINT64_MAX).start == UINT64_MAX - 512 * MB + 1);
	assert_true(color_part(&first, UINT64_MAX).size_bytes == 0);
	assert_true(color_part(&first, UINT64_MAX - 4 * GB).size_bytes == 512 * MB);
	for (uint64_t at = UINT64_MAX - 6 * GB; at > GB; at += GB / 2) {
		struct ramify_extent part = color_part(&odd, at);

		assert_true(!part.size_bytes || (extent_valid(&part) && extent_last(&part) >= at));
	}
	assert_true(color_part(&(struct ramify_color){ 1, 1, UINT64_MAX }, 7).start == 0);
}

/* The parts of all colours after an address: each address is in just one. */
static void expect_partition(uint32_t of, uint64_t span, uint64_t from)
{
	uint64_t at = from - from % span;

	for (uint32_t i = 1; i <= of; i++) {
		struct ramify_color color = { i, of, span };
		struct ramify_extent part = color_part(&color, at);

		assert_true(part.start == at);
		assert_true(color_holds(&color, &part));
		for (uint32_t k = 1; k <= of; k++) {
			struct ramify_color other = { k, of, span };

			assert_true(color_holds(&other, &part) == (k == i));
		}
		at += part.size_bytes;
	}
	assert_true(at == from - from % span + span);
}

static void test_partition(void **state)
{
	uint64_t random = 88172645463325252ull;

	for (int round = 0; round < 500; round++) {
		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		expect_partition(1 + random % 17, (1 + random % 17) * ((random >> 9) % 4096 + 1) * MB,
				 random >> 12);
	}
}

static void test_holds(void **state)
{
	struct ramify_color color = { 2, 8, 4 * GB };

	assert_true(color_holds(&color, &(struct ramify_extent){ 512 * MB, 512 * MB }));
	assert_true(color_holds(&color, &(struct ramify_extent){ 600 * MB, MB }));
	assert_false(color_holds(&color, &(struct ramify_extent){ 511 * MB, 2 * MB }));
	assert_false(color_holds(&color, &(struct ramify_extent){ 512 * MB, 513 * MB }));
	assert_false(color_holds(&color, &(struct ramify_extent){ 512 * MB, 0 }));
	assert_true(color_holds(&(struct ramify_color){ 1, 1, MB },
				&(struct ramify_extent){ 512 * MB, 513 * MB }));
}

/* A note is believed only where it can be true. */
static void test_note(void **state)
{
	struct tree *tree = *state;
	struct ramify_color color = { 2, 8, 4 * GB }, got = { 0 };
	struct ramify_extent extents[] = { { 4608 * MB, 512 * MB }, { 8704 * MB, 128 * MB } };
	struct ramify_device dev = { .name = "dax0.1", .extents = extents, .n_extents = 2 };

	assert_int_equal(color_noted(tree->ctx, &dev, &got), -ENOENT);
	tree_write(tree, "run/ramify/x", "");
	assert_int_equal(color_note(tree->ctx, "dax0.1", &color), 0);
	assert_int_equal(color_noted(tree->ctx, &dev, &got), 0);
	assert_int_equal(got.index, 2);
	assert_int_equal(got.of, 8);
	assert_true(got.span_bytes == 4 * GB);
	extents[1].start -= 2 * MB;
	assert_int_equal(color_noted(tree->ctx, &dev, &got), -ENOENT);
	extents[1].start += 2 * MB;
	dev.n_extents = 0;
	assert_int_equal(color_noted(tree->ctx, &dev, &got), -ENOENT);
	dev.n_extents = 2;
	color_forget(tree->ctx, "dax0.1");
	assert_int_equal(color_noted(tree->ctx, &dev, &got), -ENOENT);
	tree_write(tree, "run/ramify/dax0.1.color", "9/8 4294967296\n");
	assert_int_equal(color_noted(tree->ctx, &dev, &got), -ENOENT);
	tree_write(tree, "run/ramify/dax0.1.color", "2/8\n");
	assert_int_equal(color_noted(tree->ctx, &dev, &got), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse), cmocka_unit_test(test_check),
		cmocka_unit_test(test_parts), cmocka_unit_test(test_ends),
		cmocka_unit_test(test_partition), cmocka_unit_test(test_holds),
		tree_test(test_note),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
