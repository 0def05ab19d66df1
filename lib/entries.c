// SPDX-License-Identifier: LGPL-2.1-or-later
/* entries.c -- the directory /etc/ramify/memory.d: read, matched, durably stored, removed. */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "array.h"
#include "context.h"
#include "durable.h"
#include "entry.h"
#include "extent.h"
#include "namespace.h"
#include "target.h"

#define FILE_MAX (64u << 10)
#define MIB (UINT64_C(1) << 20)

static int is_entry(const struct dirent *d)
{
	size_t len = strlen(d->d_name), tail = strlen(ENTRY_SUFFIX);

	return *d->d_name != '.' && len > tail && len < ENTRY_NAME_SIZE &&
	       strcmp(d->d_name + len - tail, ENTRY_SUFFIX) == 0;
}

static int read_entry(struct ramify *ctx, const char *file, struct entry *ret_entry)
{
	char path[sizeof(ENTRY_DIR) + ENTRY_NAME_SIZE], *text = malloc(FILE_MAX);
	int err;

	if (!text)
		return -ENOMEM;
	snprintf(path, sizeof(path), ENTRY_DIR "/%s", file);
	err = attr_read(ctx, path, text, FILE_MAX);
	if (!err)
		err = entry_parse(ctx, file, text, ret_entry);
	else if (err == -EBADMSG || err == -EFBIG)
		err = fail(ctx, -EBADMSG, "%s/%s is no text of at most %u KiB", ctx->root, path,
			   FILE_MAX >> 10);
	else if (err == -ENXIO)
		err = fail(ctx, -EBADMSG, "%s/%s is no regular file", ctx->root, path);
	else
		fail(ctx, err, "%s/%s cannot be read: %s", ctx->root, path, strerror(-err));
	free(text);
	return err;
}

static int take_all(struct ramify *ctx, struct dirent **names, int n, entry_bad_fn bad, void *arg,
		    struct entry_list *list)
{
	struct entry entry;
	int err = 0;

	for (int i = 0; !err && i < n; i++) {
		err = read_entry(ctx, names[i]->d_name, &entry);
		if (err == -ENOMEM)
			return err;
		if (err && bad)
			bad(arg, names[i]->d_name, err);
		if (err) {
			err = 0;
			continue;
		}
		err = array_grow(list->items, list->n);
		if (!err)
			list->items[list->n++] = entry;
		else
			entry_clear(&entry);
	}
	return err;
}

int entries_read(struct ramify *ctx, entry_bad_fn bad, void *arg, struct entry_list *ret_list)
{
	struct entry_list list = { 0 };
	struct dirent **names = NULL;
	int err, n = scandirat(ctx->root_fd, ENTRY_DIR, &names, is_entry, alphasort);

	if (n < 0 && errno != ENOENT && errno != ENOTDIR)
		return fail(ctx, -errno, "%s/" ENTRY_DIR " cannot be read: %s", ctx->root,
			    strerror(errno));
	err = take_all(ctx, names, n, bad, arg, &list);
	for (int i = 0; i < n; i++)
		free(names[i]);
	free(names);
	if (err)
		entries_free(&list);
	else
		*ret_list = list;
	return err;
}

void entries_free(struct entry_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		entry_clear(&list->items[i]);
	free(list->items);
	*list = (struct entry_list){ 0 };
}

static int dir_open(struct ramify *ctx, bool create, int *ret_fd)
{
	int above, err;

	if (create) {
		err = durable_open(ctx, "etc", "ramify", true, 0755, &above);
		if (err)
			return err;
		close(above);
	}
	return durable_open(ctx, "etc/ramify", "memory.d", create, 0755, ret_fd);
}

int entry_store(struct ramify *ctx, struct entry *entry)
{
	char *text;
	int dir, err;

	if (!*entry->file)
		entry_name(entry);
	err = entry_format(entry, &text);
	if (err)
		return err;
	err = dir_open(ctx, true, &dir);
	if (!err) {
		err = durable_replace(dir, entry->file, text, 0644);
		close(dir);
	}
	free(text);
	if (err)
		return fail(ctx, err, "/" ENTRY_DIR "/%s cannot be written: %s", entry->file,
			    strerror(-err));
	return 0;
}

int entry_remove(struct ramify *ctx, const char *file)
{
	int dir, err = dir_open(ctx, false, &dir);

	if (!err) {
		err = durable_remove(dir, file);
		close(dir);
	}
	if (err && err != -ENOENT)
		return fail(ctx, err, "/" ENTRY_DIR "/%s cannot be removed: %s", file,
			    strerror(-err));
	return 0;
}

static int other_size(struct ramify *ctx, const struct entry *e, const struct ramify_device *dev)
{
	return fail(ctx, -ERANGE,
		    "/" ENTRY_DIR "/%s is of %" PRIu64 " MiB, and %s has %" PRIu64
		    " MiB: it is not acted upon; ramify keep %s records what is there now",
		    e->file, e->size_bytes / MIB, dev->name, dev->size_bytes / MIB, dev->name);
}

static int check_node(struct ramify *ctx, const struct entry *e, const struct ramify_device *dev,
		      int node)
{
	if (e->node < 0 || node < 0 || e->node == node)
		return 1;
	return fail(ctx, -EXDEV,
		    "/" ENTRY_DIR "/%s is of node %d, and firmware puts %s on node %d: it is not acted upon; ramify keep %s records what is there now",
		    e->file, e->node, dev->name, node, dev->name);
}

static int matches_uuid(struct ramify *ctx, const struct entry *e, const struct target *target)
{
	const struct ramify_device *dev = target->dev;
	char identity[IDENTITY_SIZE];

	if (!dev->namespace_name || namespace_identity(ctx, dev->namespace_name, identity) ||
	    strcmp(identity + strlen("uuid-"), e->uuid) != 0)
		return 0;
	if (dev->size_bytes != e->size_bytes)
		return other_size(ctx, e, dev);
	return check_node(ctx, e, dev, target->region ? target->region->node : -1);
}

/* Firmware may put a card's memory elsewhere, but all of it by the same way. */
bool entry_shift(const struct entry *e, const struct ramify_region *region, uint64_t *ret_shift)
{
	*ret_shift = 0;
	if (region->source != e->source)
		return false;
	if (!*e->serial)
		return true;
	if (!region->serial || strcmp(region->serial, e->serial) != 0 ||
	    region->start == RAMIFY_UNKNOWN || region->size_bytes != e->region.size_bytes)
		return false;
	*ret_shift = region->start - e->region.start;
	return true;
}

static bool same_ranges(const struct state_ranges *ranges, uint64_t shift,
			const struct ramify_device *dev)
{
	struct state_ranges now = { 0 };
	bool same = true;

	for (size_t i = 0; same && i < dev->n_extents; i++)
		same = !ranges_append(&now, dev->extents[i].start - shift,
				      dev->extents[i].size_bytes);
	same = same && now.n == ranges->n &&
	       (!now.n || !memcmp(now.items, ranges->items, now.n * sizeof(*now.items)));
	ranges_clear(&now);
	return same;
}

static bool overlap(const struct state_ranges *ranges, uint64_t shift,
		    const struct ramify_device *dev)
{
	for (size_t i = 0; i < ranges->n * dev->n_extents; i++) {
		struct ramify_extent range = ranges->items[i / dev->n_extents];

		range.start += shift;
		if (extent_overlaps(&range, &dev->extents[i % dev->n_extents]))
			return true;
	}
	return false;
}

static int matches_place(struct ramify *ctx, const struct entry *e, const struct target *target)
{
	const struct ramify_device *dev = target->dev;
	uint64_t shift;

	if (!target->region || dev->namespace_name ||
	    !entry_shift(e, target->region, &shift) || !overlap(&e->ranges, shift, dev))
		return 0;
	if (!same_ranges(&e->ranges, shift, dev))
		return e->size_bytes != dev->size_bytes ? other_size(ctx, e, dev) :
		       fail(ctx, -ERANGE,
			    "/" ENTRY_DIR "/%s is of other addresses than %s has, though they overlap: it is not acted upon; ramify keep %s records what is there now",
			    e->file, dev->name, dev->name);
	return check_node(ctx, e, dev, target->region->node);
}

int entry_matches(struct ramify *ctx, const struct entry *e, const struct target *target)
{
	return *e->uuid ? matches_uuid(ctx, e, target) : matches_place(ctx, e, target);
}
