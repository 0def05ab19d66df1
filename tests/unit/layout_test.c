// SPDX-License-Identifier: GPL-2.0-or-later
/* layout_test.c -- where devices go: aligned, in what is free, and never two in one place. */

#include "layout.h"

#include <errno.h>

#include "color.h"
#include "extent.h"
#include "tree.h"

#define MB 0x100000ull
#define GB (1024 * MB)
#define BLOCK (128 * MB)

static uint64_t random_state;

static uint64_t any(uint64_t below)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state % below;
}

static void expect(const struct state_ranges *got, const struct ramify_extent *want, size_t n)
{
	assert_int_equal(got->n, n);
	for (size_t i = 0; i < n; i++) {
		assert_true(got->items[i].start == want[i].start);
		assert_true(got->items[i].size_bytes == want[i].size_bytes);
	}
}
#define expect_ranges(got, ...)                                                              \
	expect(got, (const struct ramify_extent[]){ __VA_ARGS__ },                           \
	       sizeof((const struct ramify_extent[]){ __VA_ARGS__ }) / sizeof(struct ramify_extent))

/* 1 GiB at 5 GiB and 10 MiB, of which 300 MiB at 256 are taken. */
static struct ramify_extent taken[] = { { 5 * GB + 266 * MB, 300 * MB } };
static const struct layout some = {
	.region = { 5 * GB + 10 * MB, GB },
	.taken = { taken, 1 },
	.align_bytes = 2 * MB,
};

static void test_room(void **state)
{
	struct layout layout = some;
	struct state_ranges room;

	assert_int_equal(layout_free(&layout, &room), 0);
	expect_ranges(&room, { 5 * GB + 10 * MB, 256 * MB }, { 5 * GB + 566 * MB, 468 * MB });
	ranges_clear(&room);
	layout.align_bytes = BLOCK;
	assert_int_equal(layout_free(&layout, &room), 0);
	expect_ranges(&room, { 5 * GB + BLOCK, BLOCK }, { 5 * GB + 5 * BLOCK, 3 * BLOCK });
	ranges_clear(&room);
	layout.align_bytes = 4 * GB;
	assert_int_equal(layout_free(&layout, &room), 0);
	assert_int_equal(room.n, 0);
}

static void test_place(void **state)
{
	struct state_ranges room, got;

	assert_int_equal(layout_free(&some, &room), 0);
	/* The smallest that is large enough. */
	assert_int_equal(layout_place(&room, 256 * MB, false, &got), 0);
	expect_ranges(&got, { 5 * GB + 10 * MB, 256 * MB });
	ranges_clear(&got);
	assert_int_equal(layout_place(&room, 258 * MB, false, &got), 0);
	expect_ranges(&got, { 5 * GB + 566 * MB, 258 * MB });
	ranges_clear(&got);
	/* As few as do, the largest whole. */
	assert_int_equal(layout_place(&room, 470 * MB, false, &got), 0);
	expect_ranges(&got, { 5 * GB + 10 * MB, 2 * MB }, { 5 * GB + 566 * MB, 468 * MB });
	ranges_clear(&got);
	assert_int_equal(layout_place(&room, 724 * MB, false, &got), 0);
	assert_int_equal(got.n, 2);
	ranges_clear(&got);
	assert_int_equal(layout_place(&room, 726 * MB, false, &got), -ENOSPC);
	assert_int_equal(layout_place(&room, UINT64_MAX, false, &got), -ENOSPC);
	ranges_clear(&room);
}

static void test_from(void **state)
{
	struct state_ranges room, got;

	assert_int_equal(layout_free(&some, &room), 0);
	assert_int_equal(layout_from(&room, 5 * GB + 110 * MB, false, &got), 0);
	expect_ranges(&got, { 5 * GB + 110 * MB, 156 * MB });
	ranges_clear(&got);
	assert_int_equal(layout_from(&room, 5 * GB + 110 * MB, true, &got), 0);
	expect_ranges(&got, { 5 * GB + 110 * MB, 156 * MB }, { 5 * GB + 566 * MB, 468 * MB });
	ranges_clear(&got);
	assert_int_equal(layout_from(&room, 5 * GB + 300 * MB, false, &got), 0);
	assert_int_equal(got.n, 0);
	ranges_clear(&room);
}

static void test_color(void **state)
{
	struct layout layout = {
		.region = { 5 * GB, 2 * GB }, .align_bytes = BLOCK, .color = { 2, 4, GB },
	};
	struct state_ranges room;

	assert_int_equal(layout_free(&layout, &room), 0);
	expect_ranges(&room, { 5 * GB + 256 * MB, 256 * MB }, { 6 * GB + 256 * MB, 256 * MB });
	ranges_clear(&room);
	/* Parts that are smaller than the alignment hold nothing. */
	layout.color = (struct ramify_color){ 2, 16, GB };
	assert_int_equal(layout_free(&layout, &room), 0);
	assert_int_equal(room.n, 0);
	/* Nobody waits for a billion of pieces. */
	layout = (struct layout){ .region = { 0, UINT64_MAX / 2 }, .align_bytes = 4096,
				  .color = { 1, 2, 8192 } };
	assert_int_equal(layout_free(&layout, &room), -E2BIG);
	layout.align_bytes = 1ull << 40;
	assert_int_equal(layout_free(&layout, &room), -E2BIG);
}

static void expect_apart(const struct state_ranges *a, const struct state_ranges *b)
{
	for (size_t i = 0; i < a->n; i++)
		for (size_t k = 0; k < b->n; k++)
			assert_false(extent_overlaps(&a->items[i], &b->items[k]));
}

/* No byte of one is, modulo the span, where a byte of the other is. */
static void expect_no_alias(const struct state_ranges *a, const struct state_ranges *b,
			    uint64_t span)
{
	for (size_t i = 0; i < a->n; i++) {
		struct ramify_extent x = { a->items[i].start % span, a->items[i].size_bytes };

		assert_true(x.start + x.size_bytes <= span);
		for (size_t k = 0; k < b->n; k++) {
			struct ramify_extent y = { b->items[k].start % span,
						   b->items[k].size_bytes };

			assert_false(extent_overlaps(&x, &y));
		}
	}
}

/* Any region, any span, any two colours. */
static void test_colors_never_alias(void **state)
{
	random_state = 88172645463325252ull;
	for (int round = 0; round < 2000; round++) {
		uint32_t of = 2 + any(15), one = 1 + any(of), other = 1 + any(of);
		struct layout layout = {
			.region = { any(1ull << 20) * 2 * MB, (1 + any(4096)) * 2 * MB },
			.align_bytes = (2 * MB) << any(4),
		};
		uint64_t span = of * layout.align_bytes * (1 + any(8));
		struct state_ranges a, b;

		if (one == other)
			continue;
		layout.color = (struct ramify_color){ one, of, span };
		assert_int_equal(layout_free(&layout, &a), 0);
		layout.color.index = other;
		assert_int_equal(layout_free(&layout, &b), 0);
		expect_no_alias(&a, &b, span);
		ranges_clear(&a);
		ranges_clear(&b);
	}
}

static void expect_fit(const struct layout *layout, const struct state_ranges *pieces,
		       uint64_t size)
{
	uint64_t total = 0;

	for (size_t i = 0; i < pieces->n; i++) {
		const struct ramify_extent *piece = &pieces->items[i];

		assert_true(extent_holds(&layout->region, piece));
		assert_int_equal((piece->start | piece->size_bytes) % layout->align_bytes, 0);
		if (layout->color.of)
			assert_true(color_holds(&layout->color, piece));
		assert_true(!i || extent_last(piece - 1) < piece->start);
		total += piece->size_bytes;
	}
	assert_true(total == size);
	expect_apart(pieces, &layout->taken);
}

/* Devices are made until nothing is left: all aligned, none over another, nothing wasted. */
static void test_any_sequence(void **state)
{
	random_state = 1234567ull;
	for (int round = 0; round < 300; round++) {
		struct layout layout = {
			.region = { any(1ull << 16) * 2 * MB, (1 + any(2048)) * 2 * MB },
			.align_bytes = 2 * MB,
		};
		struct state_ranges room, pieces;
		uint64_t left = layout.region.size_bytes;

		for (int i = 0; i < 12; i++) {
			uint64_t size = (1 + any(256)) * 2 * MB;
			int err;

			assert_int_equal(layout_free(&layout, &room), 0);
			assert_true(layout_room(&room).total_bytes == left);
			err = layout_place(&room, size, any(2), &pieces);
			ranges_clear(&room);
			assert_int_equal(err, size <= left ? 0 : -ENOSPC);
			if (err)
				continue;
			expect_fit(&layout, &pieces, size);
			assert_int_equal(layout_take(&layout.taken, pieces.items, pieces.n), 0);
			ranges_clear(&pieces);
			left -= size;
		}
		ranges_clear(&layout.taken);
	}
}

/* What overlaps, sticks out, or lies elsewhere, as held memory can. */
static void test_odd_taken(void **state)
{
	struct ramify_extent items[] = {
		{ 0, GB }, { 4 * GB, GB + 128 * MB }, { 5 * GB, 64 * MB },
		{ 5 * GB + 896 * MB, GB }, { 9 * GB, GB },
	};
	struct layout layout = {
		.region = { 5 * GB, GB }, .taken = { items, 5 }, .align_bytes = 2 * MB,
	};
	struct state_ranges room;

	assert_int_equal(layout_free(&layout, &room), 0);
	expect_ranges(&room, { 5 * GB + 128 * MB, 768 * MB });
	ranges_clear(&room);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_room), cmocka_unit_test(test_place),
		cmocka_unit_test(test_from), cmocka_unit_test(test_color),
		cmocka_unit_test(test_colors_never_alias), cmocka_unit_test(test_any_sequence),
		cmocka_unit_test(test_odd_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
