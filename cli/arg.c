// SPDX-License-Identifier: GPL-2.0-or-later
/* arg.c -- arguments that are numbers, ranges or device names. */

#include "arg.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int take_u64(const char **text, uint64_t *ret_value)
{
	unsigned long long value;
	char *end;

	/* strtoull() would take blanks and a sign. */
	if (!isdigit((unsigned char)**text))
		return -EINVAL;
	errno = 0;
	value = strtoull(*text, &end, strncmp(*text, "0x", 2) == 0 ? 16 : 10);
	if (errno || (end == *text + 1 && *end == 'x'))
		return -EINVAL;
	*text = end;
	*ret_value = value;
	return 0;
}

int arg_u64(const char *title, const char *option, const char *text, uint64_t most,
	    uint64_t *ret_value)
{
	const char *rest = text;
	uint64_t value;

	if (take_u64(&rest, &value) < 0 || *rest || value > most) {
		fprintf(stderr, "%s: %s takes a number up to %llu, not \"%.32s\"\n", title, option,
			(unsigned long long)most, text);
		return -EINVAL;
	}
	*ret_value = value;
	return 0;
}

static int take_range(const char **text, struct ramify_extent *ret_range)
{
	uint64_t start, end;

	if (take_u64(text, &start) < 0 || *(*text)++ != '-' || take_u64(text, &end) < 0 ||
	    end < start || end - start == UINT64_MAX)
		return -EINVAL;
	*ret_range = (struct ramify_extent){ start, end - start + 1 };
	return 0;
}

int arg_ranges(const char *title, const char *option, const char *text,
	       struct ramify_extent **ret_ranges, size_t *ret_n)
{
	struct ramify_extent *ranges = NULL, *grown;
	const char *rest = text;
	size_t n = 0;

	do {
		grown = reallocarray(ranges, n + 1, sizeof(*ranges));
		if (!grown)
			break;
		ranges = grown;
		if (take_range(&rest, &ranges[n]) < 0)
			break;
		n++;
		if (!*rest) {
			*ret_ranges = ranges;
			*ret_n = n;
			return 0;
		}
	} while (*rest++ == ',');
	free(ranges);
	fprintf(stderr, "%s: %s takes physical ranges such as 0x140000000-0x147ffffff,..., not \"%.64s\"\n",
		title, option, text);
	return -EINVAL;
}

static int find_all(const char *title, struct ramify *ctx, const struct ramify_system *sys,
		    int n, char **names, const struct ramify_device **found)
{
	for (int i = 0; i < n; i++) {
		int err = ramify_find_device(ctx, sys, names[i], &found[i]);

		if (err)
			return err;
		for (int k = 0; k < i; k++)
			if (found[k] == found[i]) {
				fprintf(stderr, "%s: %s and %s are the same device\n", title,
					names[k], names[i]);
				return -EINVAL;
			}
	}
	return 0;
}

int arg_devices(const char *title, struct ramify *ctx, int n, char **names)
{
	const struct ramify_device **found;
	struct ramify_system *sys;
	int err;

	/* One is like no other, and is looked for by what comes next. */
	if (n < 2)
		return 0;
	found = calloc(n, sizeof(*found));
	err = found ? ramify_system_read(ctx, &sys) : -ENOMEM;
	if (!err) {
		err = find_all(title, ctx, sys, n, names, found);
		ramify_system_free(sys);
	}
	free(found);
	return err;
}
