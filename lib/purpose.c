// SPDX-License-Identifier: LGPL-2.1-or-later
/* purpose.c -- what is recorded about a device, whichever store holds it. */

#include "purpose.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "context.h"
#include "namespace.h"
#include "system.h"

static int two_files(struct ramify *ctx, const struct target *target, const struct entry *a,
		     const struct entry *b)
{
	return fail(ctx, -ENOTUNIQ,
		    "/" ENTRY_DIR "/%s and %s are both about %s: neither is acted upon; remove one",
		    a->file, b->file, target->dev->name);
}

/* One that does not fit counts: two that differ are no better than two that agree. */
static int find_file(struct ramify *ctx, const struct target *target,
		     const struct entry_list *entries, const struct entry **ret_entry)
{
	char said[sizeof(ctx->message)] = "";
	const struct entry *found = NULL;
	int result = 0;

	for (size_t i = 0; i < entries->n; i++) {
		int match = entry_matches(ctx, &entries->items[i], target);

		if (!match)
			continue;
		if (found)
			return two_files(ctx, target, found, &entries->items[i]);
		found = &entries->items[i];
		if (match < 0) {
			result = match;
			strcpy(said, ctx->message);
		}
	}
	if (result)
		return fail(ctx, result, "%s", said);
	*ret_entry = found;
	return 0;
}

static int bad_label(struct ramify *ctx, const struct ramify_device *dev)
{
	return fail(ctx, -EBADMSG,
		    "the label of %s (%s) is damaged, of a later ramify, or was written for another namespace: it is not acted upon; ramify keep %s writes it anew",
		    dev->name, dev->namespace_name, dev->name);
}

static int check_size(struct ramify *ctx, const struct ramify_device *dev,
		      const struct intent *intent)
{
	if (!intent->size_mib || intent->size_mib == dev->size_bytes >> 20)
		return 0;
	return fail(ctx, -ERANGE,
		    "the label of %s is of %" PRIu64 " MiB, and it has %" PRIu64
		    " MiB: it is not acted upon; ramify keep %s records what is there now",
		    dev->name, intent->size_mib, dev->size_bytes >> 20, dev->name);
}

/* Somebody else's name is no word to us. */
static int find_label(struct ramify *ctx, const struct target *target, struct intent *ret_intent)
{
	const struct ramify_device *dev = target->dev;
	struct intent intent = INTENT_NONE;
	int err;

	if (!dev->namespace_name)
		return 0;
	err = namespace_read_intent(ctx, dev->namespace_name, &intent);
	if (err == -EBADMSG)
		return bad_label(ctx, dev);
	if (!err && intent.use != RAMIFY_USE_NONE)
		*ret_intent = intent;
	return 0;
}

int purpose_find(struct ramify *ctx, const struct target *target, const struct entry_list *entries,
		 struct purpose *ret_purpose)
{
	struct purpose p = { .intent = INTENT_NONE };
	int err = find_file(ctx, target, entries, &p.entry);

	if (err)
		return err;
	err = find_label(ctx, target, &p.intent);
	if (err && !p.entry)
		return err;
	if (!err && !p.entry && p.intent.use != RAMIFY_USE_NONE)
		err = check_size(ctx, target->dev, &p.intent);
	if (err && !p.entry)
		return err;
	p.store = p.entry ? STORE_FILE : p.intent.use != RAMIFY_USE_NONE ? STORE_LABEL : STORE_NONE;
	if (p.entry) {
		p.shadowed = p.intent.use;
		p.intent = p.entry->intent;
	}
	p.intent.volatile_data = false;
	*ret_purpose = p;
	return 0;
}

void purpose_where(const struct purpose *purpose, char *buf, size_t size)
{
	if (purpose->store == STORE_FILE)
		snprintf(buf, size, "/" ENTRY_DIR "/%s", purpose->entry->file);
	else
		snprintf(buf, size, "its label");
}

void purpose_options(const struct purpose *purpose, struct ramify_add_options *ret_options)
{
	struct ramify_add_options o = RAMIFY_ADD_DEFAULTS;
	const struct intent *i = &purpose->intent;

	o.node = i->node;
	if (i->zone != RAMIFY_ZONE_UNKNOWN)
		o.zone = i->zone;
	if (i->memmap != RAMIFY_MEMMAP_UNKNOWN)
		o.memmap = i->memmap;
	o.adistance = i->adistance;
	o.ratio = i->ratio;
	o.scrub = i->scrub;
	o.stock = i->driver == INTENT_DRIVER_STOCK;
	if (purpose->entry) {
		o.skip = purpose->entry->skip.items;
		o.n_skip = purpose->entry->skip.n;
	}
	*ret_options = o;
}

int purposes_read(struct reading *rd)
{
	struct ramify *ctx = rd->ctx;
	struct entry_list entries;
	int err = entries_read(ctx, NULL, NULL, &entries);

	if (err)
		return err == -ENOMEM ? err : 0;
	for (size_t i = 0; i < rd->sys->n_devices; i++) {
		struct ramify_device *dev = &rd->sys->devices[i];
		struct target target = {
			.sys = rd->sys, .dev = dev,
			.region = dev->region ? system_region(rd->sys, dev->region) : NULL,
		};
		struct purpose purpose;

		if (!purpose_find(ctx, &target, &entries, &purpose))
			dev->intent = purpose.intent.use;
	}
	entries_free(&entries);
	*ctx->message = '\0';
	return 0;
}
