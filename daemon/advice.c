// SPDX-License-Identifier: GPL-2.0-or-later
/* advice.c -- what a program said of its own memory: where ranges of it belong. */

#include "advice.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proc.h"

/* The first that ends after @at. */
static size_t seek(const struct advice *advice, uint64_t at)
{
	size_t low = 0, high = advice->n;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (advice->items[middle].end <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void append(struct advice *advice, struct advice_range range)
{
	struct advice_range *last = advice->n ? &advice->items[advice->n - 1] : NULL;

	if (range.start >= range.end || range.tier == POLICY_TIER_AUTO)
		return;
	if (last && last->end == range.start && last->tier == range.tier)
		last->end = range.end;
	else
		advice->items[advice->n++] = range;
}

/* One more cuts another one in two at the most. */
int advice_set(struct advice *advice, uint64_t start, uint64_t end, enum policy_tier tier)
{
	struct advice made = { .size = advice->n + 2, .image = advice->image };
	struct advice_range range = { start, end, tier };
	size_t i;

	made.items = reallocarray(NULL, made.size, sizeof(*made.items));
	if (!made.items)
		return -ENOMEM;
	for (i = 0; i < advice->n && advice->items[i].start < start; i++) {
		struct advice_range before = advice->items[i];

		if (before.end > start)
			before.end = start;
		append(&made, before);
	}
	append(&made, range);
	for (i = seek(advice, end); i < advice->n; i++) {
		struct advice_range after = advice->items[i];

		if (after.start < end)
			after.start = end;
		append(&made, after);
	}
	if (made.n > ADVICE_MAX) {
		free(made.items);
		return -E2BIG;
	}
	free(advice->items);
	*advice = made;
	return 0;
}

enum policy_tier advice_at(const struct advice *advice, uint64_t at, uint64_t *end)
{
	size_t i = advice ? seek(advice, at) : 0;
	const struct advice_range *range;

	if (!advice || i == advice->n)
		return POLICY_TIER_AUTO;
	range = &advice->items[i];
	if (range->start > at) {
		if (*end > range->start)
			*end = range->start;
		return POLICY_TIER_AUTO;
	}
	if (*end > range->end)
		*end = range->end;
	return range->tier;
}

void advice_clear(struct advice *advice)
{
	free(advice->items);
	*advice = (struct advice){ 0 };
}

/* Where code, stack and arguments begin: another program has others, as they are random. The
 * name, second and in brackets, may have anything in it. */
int advice_image_parse(const char *stat, uint64_t *ret_image)
{
	const char *at = strrchr(stat, ')');
	uint64_t image = 0, value;

	for (int field = 3; field <= 48; field++) {
		at = at ? strchr(at, ' ') : NULL;
		if (!at)
			return -EPROTO;
		at++;
		if (field != 26 && field != 28 && field != 48)
			continue;
		if (sscanf(at, "%20" SCNu64, &value) != 1)
			return -EPROTO;
		image = (image ^ value) * 0x9e3779b97f4a7c15;
	}
	*ret_image = image;
	return 0;
}

int advice_image(pid_t pid, uint64_t *ret_image)
{
	char text[2048];
	int err = proc_read_pid(pid, "stat", text, sizeof(text), NULL);

	if (err)
		return err == -ENOENT ? -ESRCH : err;
	return advice_image_parse(text, ret_image);
}
