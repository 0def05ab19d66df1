// SPDX-License-Identifier: GPL-2.0-or-later
/* tables_fuzz.c -- page tables with anything in them: what is told covers what was asked for. */

#include <errno.h>

#include "daemon/tables.h"
#include "text.h"

#define TABLES 4

struct input {
	uint64_t start, end;	/* of the first 4 GiB */
	uint8_t levels;
	struct {
		uint64_t entry;
		uint16_t table, index, n;
	} fills[16];
};

static uint64_t memory[TABLES][TABLE_ENTRIES];
static uint64_t told;	/* up to here */

static int read_memory(void *arg, const uint64_t *physical, size_t n,
		       const uint64_t (**ret_tables)[TABLE_ENTRIES])
{
	static uint64_t read[TABLES_AT_ONCE][TABLE_ENTRIES];

	must(n > 0 && n <= TABLES_AT_ONCE);
	for (size_t i = 0; i < n; i++) {
		if (physical[i] >> 20)
			return -EFAULT;
		memcpy(read[i], memory[physical[i] >> 12 & (TABLES - 1)], sizeof(read[i]));
	}
	*ret_tables = (const uint64_t (*)[TABLE_ENTRIES])read;
	return 0;
}

static int fold(void *arg, const struct heat_run *runs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		must(runs[i].start == told && runs[i].n_pages > 0);
		must(runs[i].state != HEAT_PRESENT || runs[i].rank < 2);
		told += (uint64_t)runs[i].n_pages * HEAT_PAGE;
	}
	return 0;
}

static void fill(const struct input *input)
{
	memset(memory, 0, sizeof(memory));
	for (size_t i = 0; i < sizeof(input->fills) / sizeof(input->fills[0]); i++)
		for (size_t k = 0; k <= input->fills[i].n % TABLE_ENTRIES; k++)
			memory[input->fills[i].table % TABLES]
			      [(input->fills[i].index + k) % TABLE_ENTRIES] =
				      input->fills[i].entry;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t ranks[] = {0, 1};
	static uint16_t nodes[] = {0, 1, 2, FRAMES_NO_NODE};
	static const struct frames frames = {.shift = 15, .n = 4, .nodes = nodes};
	static struct runs runs;
	const struct sample_request request = {.ranks = ranks, .n_ranks = 2, .fold = fold};
	struct tables tables = {.read = read_memory, .zero_pfn = 0x400, .frames = &frames};
	struct input input;

	if (size < sizeof(input))
		return 0;
	memcpy(&input, data, sizeof(input));
	fill(&input);
	tables.levels = 4 + (input.levels & 1);
	tables.address_mask = 0x000ffffffffff000ULL;
	input.start &= (4ULL << 30) - HEAT_PAGE;
	input.end &= (4ULL << 30) - HEAT_PAGE;
	if (input.start >= input.end)
		return 0;
	told = input.start;
	runs_begin(&runs, &request);
	if (!tables_walk(&tables, input.start, input.end, &runs) && !runs_end(&runs))
		must(told == input.end);
	return 0;
}
