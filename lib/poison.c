// SPDX-License-Identifier: LGPL-2.1-or-later
/* poison.c -- pages that the kernel took out of use because they are bad. */

#include "poison.h"

#include <errno.h>
#include <linux/kernel-page-flags.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "badlist.h"
#include "extent.h"
#include "pages.h"
#include "value.h"

#define PAGE_BYTES 4096
#define CHUNK 65536

/* Looking at each page takes long, so first: are there any at all? */
static bool are_any(struct ramify *ctx)
{
	char text[ATTR_MAX];
	const char *line;

	if (attr_read(ctx, "proc/meminfo", text, sizeof(text)) < 0)
		return false;
	line = strstr(text, "HardwareCorrupted:");
	return line && strtoull(line + strlen("HardwareCorrupted:"), NULL, 10) > 0;
}

static int add_page(struct bad_ranges *bad, uint64_t pfn)
{
	struct ramify_extent *last = bad->n ? &bad->ranges[bad->n - 1] : NULL;
	uint64_t start = pfn * PAGE_BYTES;
	int err;

	if (last && last->start + last->size_bytes == start) {
		last->size_bytes += PAGE_BYTES;
		return 0;
	}
	err = array_grow(bad->ranges, bad->n);
	if (!err)
		bad->ranges[bad->n++] = (struct ramify_extent){ start, PAGE_BYTES };
	return err;
}

static int scan(struct ramify *ctx, const struct ramify_extent *extent, uint64_t *flags,
		struct bad_ranges *bad)
{
	uint64_t pfn = extent->start / PAGE_BYTES, end = (extent_last(extent) + 1) / PAGE_BYTES;
	int err = 0;

	while (!err && pfn < end) {
		int n = pages_read(ctx, "proc/kpageflags", pfn, flags,
				   end - pfn < CHUNK ? end - pfn : CHUNK);

		if (n <= 0)
			return n && !value_untold(n) ? n : 0;
		for (int i = 0; !err && i < n; i++)
			if (flags[i] & UINT64_C(1) << KPF_HWPOISON)
				err = add_page(bad, pfn + i);
		pfn += n;
	}
	return err;
}

int poison_find(struct ramify *ctx, const struct ramify_extent *extents, size_t n,
		struct bad_ranges *ret_bad)
{
	struct bad_ranges bad = { .complete = true };
	uint64_t *flags;
	int err = 0;

	if (!n || !are_any(ctx)) {
		*ret_bad = bad;
		return 0;
	}
	flags = malloc(CHUNK * sizeof(*flags));
	if (!flags)
		return -ENOMEM;
	for (size_t i = 0; !err && i < n; i++)
		err = scan(ctx, &extents[i], flags, &bad);
	free(flags);
	if (err)
		badblocks_free(&bad);
	else
		*ret_bad = bad;
	return err;
}

int poison_remember(struct ramify *ctx, const struct ramify_device *dev)
{
	struct bad_ranges bad;
	int err = poison_find(ctx, dev->extents, dev->n_extents, &bad);

	if (err)
		return err;
	err = badlist_remember(ctx, bad.ranges, bad.n);
	badblocks_free(&bad);
	return err;
}
