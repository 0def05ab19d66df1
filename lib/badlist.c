// SPDX-License-Identifier: LGPL-2.1-or-later
/* badlist.c -- memory that is bad because somebody says so, or because it was once found to be. */

#include "badlist.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "array.h"
#include "config.h"
#include "durable.h"
#include "extent.h"

#define RANGES_MAX 65536

struct reader {
	struct ramify *ctx;
	struct bad_ranges bad;
};

static int add_range(struct bad_ranges *bad, const struct ramify_extent *range)
{
	int err = array_grow(bad->ranges, bad->n);

	if (!err)
		bad->ranges[bad->n++] = *range;
	return err;
}

static int take_item(void *arg, const struct config_item *item)
{
	struct reader *r = arg;
	struct ramify_extent range;
	int err;

	if (!item->name)
		return strcmp(item->section, "bad") ?
			       fail(r->ctx, -EBADMSG, "only [bad] is known, not [%.32s]",
				    item->section) : 0;
	if (strcmp(item->section, "bad") || strcmp(item->name, "range"))
		return fail(r->ctx, -EBADMSG, "only [bad] with range = START-END is known, not \"%.32s\" in [%.32s]",
			    item->name, item->section);
	err = parse_range(item->value, &range);
	if (err == -EDOM)
		return config_backward(r->ctx, item);
	if (err || !extent_valid(&range))
		return config_wrong(r->ctx, item, "START-END");
	if (r->bad.n == RANGES_MAX)
		return fail(r->ctx, -EBADMSG, "there are too many ranges");
	return add_range(&r->bad, &range);
}

static void sort(struct bad_ranges *bad)
{
	if (bad->n)
		qsort(bad->ranges, bad->n, sizeof(*bad->ranges), extent_compare);
}

int badlist_parse(struct ramify *ctx, const char *path, const char *text,
		  struct bad_ranges *ret_bad)
{
	struct reader r = { .ctx = ctx, .bad.complete = true };
	int err = config_parse(ctx, path, text, take_item, &r);

	sort(&r.bad);
	if (err)
		badblocks_free(&r.bad);
	else
		*ret_bad = r.bad;
	return err;
}

static int read_file(struct reader *r, const char *path)
{
	int err = config_read(r->ctx, path, take_item, r);

	/* /var/lib/ramify is root's alone. */
	if (err == -EACCES)
		r->bad.complete = false;
	return err == -ENOENT || err == -EACCES ? 0 : err;
}

int badlist_read(struct ramify *ctx, struct bad_ranges *ret_bad)
{
	struct reader r = { .ctx = ctx, .bad.complete = true };
	int err = read_file(&r, BADLIST_ETC);

	if (!err)
		err = read_file(&r, BADLIST_VAR);
	sort(&r.bad);
	if (err)
		badblocks_free(&r.bad);
	else
		*ret_bad = r.bad;
	return err;
}

static bool is_listed(const struct bad_ranges *bad, const struct ramify_extent *range)
{
	for (size_t i = 0; i < bad->n; i++)
		if (extent_holds(&bad->ranges[i], range))
			return true;
	return false;
}

static int write_list(struct ramify *ctx, const struct bad_ranges *bad)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	int dir, err;

	if (!out)
		return -ENOMEM;
	fputs("# Memory that the kernel found to be bad. ramify leaves it out.\n[bad]\n", out);
	for (size_t i = 0; i < bad->n; i++)
		fprintf(out, "range = 0x%" PRIx64 "-0x%" PRIx64 "\n", bad->ranges[i].start,
			extent_last(&bad->ranges[i]));
	if (fclose(out) != 0) {
		free(text);
		return -ENOMEM;
	}
	err = durable_open(ctx, "var/lib", "ramify", true, 0700, &dir);
	if (!err) {
		err = durable_replace(dir, "badmemory.conf", text, 0600);
		close(dir);
	}
	free(text);
	return err;
}

/* @known: of both files; what goes into ours is what it has and what is new. */
static int merge(struct reader *ours, const struct bad_ranges *known,
		 const struct ramify_extent *ranges, size_t n, bool *ret_new)
{
	bool more = false;
	int err = 0;

	for (size_t i = 0; !err && i < n; i++) {
		if (is_listed(known, &ranges[i]) || is_listed(&ours->bad, &ranges[i]))
			continue;
		err = add_range(&ours->bad, &ranges[i]);
		more = true;
	}
	*ret_new = more;
	return err;
}

int badlist_remember(struct ramify *ctx, const struct ramify_extent *ranges, size_t n)
{
	struct reader ours = { .ctx = ctx };
	struct bad_ranges known = { 0 };
	bool more = false;
	int err = n ? badlist_read(ctx, &known) : 0;

	if (!n || err == -ENOMEM)
		return err;
	/* One of the administrator's that makes no sense does not make us forget. */
	err = read_file(&ours, BADLIST_VAR);
	if (!err)
		err = merge(&ours, &known, ranges, n, &more);
	sort(&ours.bad);
	if (!err && more) {
		err = write_list(ctx, &ours.bad);
		if (err)
			fail(ctx, err, "/" BADLIST_VAR " cannot be written: %s", strerror(-err));
	}
	badblocks_free(&ours.bad);
	badblocks_free(&known);
	return err;
}
