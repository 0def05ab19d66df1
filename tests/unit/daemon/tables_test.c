// SPDX-License-Identifier: GPL-2.0-or-later
/* tables_test.c -- page tables of our own making are read as what they say. */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "daemon/tables.h"

#define MIB2 (2ULL << 20)
#define GIB (1ULL << 30)
#define PRESENT 1ULL
#define ACCESSED 0x20ULL
#define LEAF 0x80ULL
#define PROTNONE 0x100ULL
#define SPECIAL 0x200ULL
#define NX (1ULL << 63)
#define MASK 0x000ffffffffff000ULL

/* "Physical" memory: table i is at page i. */
static uint64_t memory[8][TABLE_ENTRIES];
static uint16_t nodes[] = {0, 1, FRAMES_NO_NODE};
static const struct frames frames = {.shift = 15, .n = 3, .nodes = nodes};

static struct heat_run got[64];
static size_t n_got;

static int fold(void *arg, const struct heat_run *runs, size_t n)
{
	for (size_t i = 0; i < n && n_got < 64; i++)
		got[n_got++] = runs[i];
	return 0;
}

static int read_memory(void *arg, const uint64_t *physical, size_t n,
		       const uint64_t (**ret_tables)[TABLE_ENTRIES])
{
	static uint64_t read[TABLES_AT_ONCE][TABLE_ENTRIES];

	assert_true(n > 0 && n <= TABLES_AT_ONCE);
	memset(read, 0xff, sizeof(read));
	for (size_t i = 0; i < n; i++) {
		if (physical[i] >> 12 >= 8)
			return -EFAULT;
		memcpy(read[i], memory[physical[i] >> 12], sizeof(read[i]));
	}
	*ret_tables = (const uint64_t (*)[TABLE_ENTRIES])read;
	return 0;
}

static struct tables tables(unsigned int levels)
{
	return (struct tables){
		.read = read_memory,
		.levels = levels,
		.address_mask = MASK,
		.zero_pfn = 0x400,
		.frames = &frames,
	};
}

static int walk(const struct tables *t, uint64_t start, uint64_t end)
{
	static const uint8_t ranks[] = {0, 3};
	const struct sample_request request = {.ranks = ranks, .n_ranks = 2, .fold = fold};
	static struct runs runs;
	int err;

	n_got = 0;
	runs_begin(&runs, &request);
	err = tables_walk(t, start, end, &runs);
	return err ? err : runs_end(&runs);
}

static void expect(size_t i, uint64_t start, uint64_t pages, int state, int rank, int rate, int flags)
{
	assert_true(i < n_got);
	assert_int_equal(got[i].start, start);
	assert_int_equal(got[i].n_pages, pages);
	assert_int_equal(got[i].state, state);
	assert_int_equal(got[i].rank, rank);
	assert_int_equal(got[i].rate, rate);
	assert_int_equal(got[i].flags, flags);
}

/* One path of tables down to table 3 for the first 2 MiB. */
static int set_up(void **unused)
{
	memset(memory, 0, sizeof(memory));
	memory[0][0] = 1 << 12 | PRESENT | ACCESSED;
	memory[1][0] = 2 << 12 | PRESENT;
	memory[2][0] = 3 << 12 | PRESENT;
	return 0;
}

static void test_pages(void **unused)
{
	struct tables t = tables(4);

	memory[3][1] = 5 << 12 | PRESENT | ACCESSED | NX;
	memory[3][2] = 9 << 12 | PRESENT | ACCESSED;
	memory[3][3] = 0x8001ULL << 12 | PRESENT;
	memory[3][4] = 0x8002ULL << 12 | PRESENT | SPECIAL | ACCESSED;
	memory[3][5] = (~(0x8003ULL << 12) & MASK) | PROTNONE | ACCESSED;
	/* What a page of a shadow-stack system has that is dirty and write-protected. */
	memory[3][2] |= 1ULL << 58;
	memory[3][6] = 0x10000ULL << 12 | PRESENT;
	memory[3][7] = 0x123456000ULL; /* swapped out */
	assert_int_equal(walk(&t, 0, MIB2), 0);
	assert_int_equal(n_got, 7);
	expect(0, 0, 1, HEAT_ABSENT, 0, 0, 0);
	expect(1, 0x1000, 2, HEAT_PRESENT, 0, 255, 0);
	expect(2, 0x3000, 1, HEAT_PRESENT, 3, 0, 0);
	expect(3, 0x4000, 1, HEAT_ABSENT, 0, 0, 0);
	expect(4, 0x5000, 1, HEAT_PRESENT, 3, 255, 0);
	expect(5, 0x6000, 1, HEAT_BLIND, 0, 0, 0);
	expect(6, 0x7000, 505, HEAT_ABSENT, 0, 0, 0);
}

static void test_huge(void **unused)
{
	struct tables t = tables(4);
	const uint64_t pat = 1 << 12;

	memory[2][1] = 0x200ULL << 12 | PRESENT | LEAF | ACCESSED | pat;
	memory[2][2] = 0x400ULL << 12 | PRESENT | LEAF | ACCESSED; /* the zero page */
	memory[1][1] = PRESENT | LEAF | NX;
	assert_int_equal(walk(&t, MIB2, 2 * GIB), 0);
	assert_int_equal(n_got, 3);
	expect(0, MIB2, 512, HEAT_PRESENT, 0, 255, HEAT_HUGE);
	expect(1, 2 * MIB2, (GIB - 2 * MIB2) / 4096, HEAT_ABSENT, 0, 0, 0);
	expect(2, GIB, GIB / 4096, HEAT_PRESENT, 0, 0, HEAT_HUGE);
}

/* Part of a table, in five levels. */
static void test_part(void **unused)
{
	struct tables t = tables(5);

	t.root = 4 << 12;
	memory[4][3] = PRESENT;
	memory[3][511] = 5 << 12 | PRESENT;
	assert_int_equal(walk(&t, (3ULL << 48) + 0x1ff000, (3ULL << 48) + MIB2 + 0x1000), 0);
	assert_int_equal(n_got, 2);
	expect(0, (3ULL << 48) + 0x1ff000, 1, HEAT_PRESENT, 0, 0, 0);
	expect(1, (3ULL << 48) + MIB2, 1, HEAT_ABSENT, 0, 0, 0);
}

/* Tables of the lowest level are read many at once, with holes and huge pages between them. */
static void test_many(void **unused)
{
	struct tables t = tables(4);

	for (size_t i = 0; i < 100; i++)
		memory[2][i] = 3 << 12 | PRESENT;
	memory[2][40] = 0;
	memory[2][41] = 0x200ULL << 12 | PRESENT | LEAF;
	memory[2][99] = 5 << 12 | PRESENT;
	for (size_t i = 0; i < TABLE_ENTRIES; i++)
		memory[3][i] = i << 12 | PRESENT | ACCESSED;
	memory[5][511] = 0x8000ULL << 12 | PRESENT;
	assert_int_equal(walk(&t, 0x1000, 100 * MIB2), 0);
	assert_int_equal(n_got, 6);
	expect(0, 0x1000, 40 * 512 - 1, HEAT_PRESENT, 0, 255, 0);
	expect(1, 40 * MIB2, 512, HEAT_ABSENT, 0, 0, 0);
	expect(2, 41 * MIB2, 512, HEAT_PRESENT, 0, 0, HEAT_HUGE);
	expect(3, 42 * MIB2, 57 * 512, HEAT_PRESENT, 0, 255, 0);
	expect(4, 99 * MIB2, 511, HEAT_ABSENT, 0, 0, 0);
	expect(5, 100 * MIB2 - 0x1000, 1, HEAT_PRESENT, 3, 0, 0);
}

/* A table that was freed and is something else by now may point anywhere. */
static void test_garbage(void **unused)
{
	struct tables t = tables(4);

	memory[2][0] = 0x7777ULL << 12 | PRESENT;
	assert_int_equal(walk(&t, 0, MIB2), -EFAULT);
	memory[0][0] = PRESENT;
	assert_int_equal(walk(&t, 0, 4 * MIB2), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_pages, set_up),
		cmocka_unit_test_setup(test_huge, set_up),
		cmocka_unit_test_setup(test_part, set_up),
		cmocka_unit_test_setup(test_many, set_up),
		cmocka_unit_test_setup(test_garbage, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
