// SPDX-License-Identifier: GPL-2.0-or-later
/* pages.c -- accesses to each page of one range, and the best that a placement could make of them. */

#include "pages.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define PAGE_SHIFT 12
#define HUGE_PAGES 512
#define POINTS 64

static uint64_t first, bytes, n_pages;
static uint64_t *counts, *totals, *sorted;

int pages_watch(uint64_t start, uint64_t end)
{
	n_pages = (end - start) >> PAGE_SHIFT;
	counts = calloc(n_pages, sizeof(*counts));
	totals = calloc(n_pages, sizeof(*totals));
	sorted = calloc(n_pages, sizeof(*sorted));
	if (!counts || !totals || !sorted)
		return -ENOMEM;
	first = start;
	bytes = end - start;
	return 0;
}

int pages_note(uint64_t address, int missed)
{
	if (address - first >= bytes)
		return 0;
	counts[(address - first) >> PAGE_SHIFT] += missed;
	return 1;
}

static int more_first(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x < y) - (x > y);
}

/* In units of so many pages, @of each page's accesses. */
static void best(FILE *to, const char *name, const uint64_t *of, uint64_t unit)
{
	uint64_t n = n_pages / unit, all = 0, taken = 0, next = 0;

	for (uint64_t i = 0; i < n; i++) {
		sorted[i] = 0;
		for (uint64_t page = i * unit; page < (i + 1) * unit; page++)
			sorted[i] += of[page];
		all += sorted[i];
	}
	qsort(sorted, n, sizeof(*sorted), more_first);
	fprintf(to, " %s", name);
	for (uint64_t point = 1; point <= POINTS; point++) {
		for (; next < n * point / POINTS; next++)
			taken += sorted[next];
		fprintf(to, "%c%.5f", point == 1 ? '=' : ',', all ? (double)taken / all : 0);
	}
}

void pages_best(FILE *to)
{
	best(to, "best4k", counts, 1);
	best(to, "best2m", counts, HUGE_PAGES);
	for (uint64_t page = 0; page < n_pages; page++)
		totals[page] += counts[page];
	best(to, "all4k", totals, 1);
	memset(counts, 0, n_pages * sizeof(*counts));
}

void pages_afresh(void)
{
	memset(totals, 0, n_pages * sizeof(*totals));
}
