// SPDX-License-Identifier: GPL-2.0-or-later
/* scan_fuzz.c -- runs as ramify_scan.ko gives them: what is handed on is in order and in bounds. */

#include "daemon/sample_scan.h"
#include "text.h"

#define END (1ULL << 47)

static uint64_t at;

static int fold(void *arg, const struct heat_run *runs, size_t n)
{
	for (; n; n--, runs++) {
		must(runs->n_pages && runs->start >= at && runs->start % HEAT_PAGE == 0);
		at = runs->start + (uint64_t)runs->n_pages * HEAT_PAGE;
		must(at <= END);
	}
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t ranks[] = {0, 1};
	const struct sample_request request = {.ranks = ranks, .n_ranks = 2, .fold = fold};
	size_t n = size / sizeof(uint64_t);
	uint64_t *words = malloc(n * sizeof(*words) + 1);
	static struct runs runs;

	must(words != NULL);
	memcpy(words, data, n * sizeof(*words));
	at = 0;
	runs_begin(&runs, &request);
	if (!scan_decode(&runs, words, n, n ? words[0] & 0x7ffffffff000 : 0, END))
		must(!runs_end(&runs));
	free(words);
	return 0;
}
