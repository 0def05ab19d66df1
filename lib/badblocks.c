// SPDX-License-Identifier: LGPL-2.1-or-later
/* badblocks.c -- where persistent memory is known to be bad. */

#include "badblocks.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "extent.h"
#include "value.h"

#define SECTOR_BYTES 512

int badblocks_parse(const char *line, uint64_t base, struct ramify_extent *ret_range)
{
	struct ramify_extent range;
	uint64_t sector, count;
	char head[24];
	size_t len = strcspn(line, " ");

	if (!line[len] || len >= sizeof(head))
		return -EINVAL;
	memcpy(head, line, len);
	head[len] = '\0';
	if (parse_u64(head, &sector) || parse_u64(line + len + 1, &count) || !count)
		return -EINVAL;
	if (__builtin_mul_overflow(sector, SECTOR_BYTES, &sector) ||
	    __builtin_mul_overflow(count, SECTOR_BYTES, &range.size_bytes) ||
	    __builtin_add_overflow(base, sector, &range.start) || !extent_valid(&range))
		return -ERANGE;
	*ret_range = range;
	return 0;
}

static size_t count_lines(const char *text)
{
	size_t n = 1;

	while ((text = strchr(text, '\n'))) {
		text++;
		n++;
	}
	return n;
}

static int parse_all(char *text, uint64_t base, struct bad_ranges *bad)
{
	char *rest = NULL;

	bad->ranges = calloc(count_lines(text), sizeof(*bad->ranges));
	if (!bad->ranges)
		return -ENOMEM;
	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		if (badblocks_parse(line, base, &bad->ranges[bad->n]))
			return -EBADMSG;
		bad->n++;
	}
	qsort(bad->ranges, bad->n, sizeof(*bad->ranges), extent_compare);
	return 0;
}

int badblocks_read(struct ramify *ctx, const char *dir, uint64_t base, struct bad_ranges *ret_bad)
{
	char path[PATH_MAX], text[ATTR_MAX];
	struct bad_ranges bad = { .complete = true };
	int err = value_path(ctx, path, sizeof(path), dir, "badblocks");

	if (err)
		return err;
	err = attr_read(ctx, path, text, sizeof(text));
	if (err == -EFBIG || (!err && strlen(text) >= ATTR_MAX - 2)) {
		bad.complete = false;
		err = 0;
	} else if (value_untold(err)) {
		err = 0;
	} else if (!err) {
		err = parse_all(text, base, &bad);
	}
	if (err) {
		badblocks_free(&bad);
		return err == -EBADMSG ? fail(ctx, err, "%s/%s makes no sense", ctx->root, path)
				       : err;
	}
	*ret_bad = bad;
	return 0;
}

void badblocks_free(struct bad_ranges *bad)
{
	free(bad->ranges);
	*bad = (struct bad_ranges){ 0 };
}
