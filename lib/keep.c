// SPDX-License-Identifier: LGPL-2.1-or-later
/* keep.c -- what a device is for goes into its label, or into a file. */

#include "keep.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bind.h"
#include "check.h"
#include "context.h"
#include "devnode.h"
#include "guard.h"
#include "lock.h"
#include "mark.h"
#include "namespace.h"
#include "add_plan.h"
#include "settled.h"
#include "size.h"

/* A command at work on it, such as an apply at boot, gets this long. */
#define LOCK_WAIT_S 10

void keep_intent(const struct target *target, const struct ramify_add_options *o,
		 struct intent *ret_intent)
{
	struct intent intent = INTENT_NONE;

	intent.use = RAMIFY_USE_RAM;
	intent.zone = o->zone;
	intent.memmap = o->memmap;
	intent.driver = o->stock ? INTENT_DRIVER_STOCK : INTENT_DRIVER_OURS;
	intent.node = o->node;
	intent.adistance = o->adistance;
	intent.ratio = o->ratio;
	intent.scrub = o->scrub;
	intent.size_mib = target->dev->size_bytes >> 20;
	*ret_intent = intent;
}

bool keep_fits_label(struct ramify *ctx, const struct target *target, const struct intent *intent,
		     size_t n_skip)
{
	const char *name = target->dev->namespace_name;
	struct intent old;
	int err;

	if (!name || n_skip || !intent_fits_label(intent))
		return false;
	err = namespace_read_intent(ctx, name, &old);
	return !err || err == -ENOENT || err == -EBADMSG;
}

static int copy_ranges(const struct ramify_extent *items, size_t n, struct state_ranges *ranges)
{
	int err = 0;

	for (size_t i = 0; !err && i < n; i++)
		err = ranges_append(ranges, items[i].start, items[i].size_bytes);
	return err;
}

/* A piece of a region is made again with the same pages. */
static void attr_page(struct ramify *ctx, const char *dax, uint64_t *bytes)
{
	char path[128];

	snprintf(path, sizeof(path), "sys/bus/dax/devices/%s/align", dax);
	attr_read_u64(ctx, path, bytes);
}

static int fill_place(struct ramify *ctx, const struct target *target, struct entry *e)
{
	const struct ramify_region *region = target->region;

	e->source = region->source;
	if (region->start != RAMIFY_UNKNOWN)
		e->region = (struct ramify_extent){ region->start, region->size_bytes };
	if (region->serial && e->region.size_bytes)
		snprintf(e->serial, sizeof(e->serial), "%s", region->serial);
	if (target->dev->size_bytes != region->size_bytes) {
		e->color = target->dev->color;
		attr_page(ctx, target->dev->name, &e->page_bytes);
	}
	return copy_ranges(target->dev->extents, target->dev->n_extents, &e->ranges);
}

/* Persistent memory without a UUID of its own has its place. */
static int fill_entry(struct ramify *ctx, const struct target *target, struct entry *e)
{
	const char *name = target->dev->namespace_name;
	char identity[IDENTITY_SIZE];

	e->size_bytes = target->dev->size_bytes;
	e->node = target->region ? target->region->node : -1;
	if (name) {
		int err = namespace_identity(ctx, name, identity);

		if (err)
			return fail(ctx, err, "%s: nothing about it stays the same over a boot, so that nothing can be recorded",
				    target->dev->name);
		strcpy(e->uuid, identity + strlen("uuid-"));
		return 0;
	}
	if (!target->region || !target->dev->n_extents)
		return fail(ctx, -ENODEV, "%s: its place in memory is not known", target->dev->name);
	return fill_place(ctx, target, e);
}

/* The files about the device, whether or not they fit. */
static bool is_about(struct ramify *ctx, const struct entry *e, const struct target *target)
{
	return entry_matches(ctx, e, target) != 0;
}

static int old_file(struct ramify *ctx, const struct target *target, char file[ENTRY_NAME_SIZE])
{
	const struct entry *found = NULL;
	struct entry_list list;
	int err = entries_read(ctx, NULL, NULL, &list);

	if (err)
		return err;
	for (size_t i = 0; !err && i < list.n; i++) {
		if (!is_about(ctx, &list.items[i], target))
			continue;
		if (found)
			err = fail(ctx, -ENOTUNIQ,
				   "/" ENTRY_DIR "/%s and %s are both about %s; nothing was changed; remove one, or ramify forget %s",
				   found->file, list.items[i].file, target->dev->name,
				   target->dev->name);
		found = &list.items[i];
	}
	if (!err)
		snprintf(file, ENTRY_NAME_SIZE, "%s", found ? found->file : "");
	entries_free(&list);
	*ctx->message = err ? *ctx->message : '\0';
	return err;
}

int keep_in_file(struct ramify *ctx, const struct target *target, const struct intent *intent,
		 const struct ramify_extent *skip, size_t n_skip, bool to_label,
		 char file[ENTRY_NAME_SIZE])
{
	struct entry e = { .node = -1, .intent = *intent, .to_label = to_label };
	int err = old_file(ctx, target, e.file);

	if (!err)
		err = fill_entry(ctx, target, &e);
	if (!err)
		err = copy_ranges(skip, n_skip, &e.skip);
	if (!err)
		err = entry_store(ctx, &e);
	if (!err)
		memcpy(file, e.file, ENTRY_NAME_SIZE);
	entry_clear(&e);
	return err;
}

int keep_drop_files(struct ramify *ctx, const struct target *target, size_t *ret_n)
{
	struct entry_list list;
	size_t n = 0;
	int err = entries_read(ctx, NULL, NULL, &list);

	if (err)
		return err;
	for (size_t i = 0; !err && i < list.n; i++)
		if (is_about(ctx, &list.items[i], target)) {
			err = entry_remove(ctx, list.items[i].file);
			n++;
		}
	entries_free(&list);
	*ctx->message = err ? *ctx->message : '\0';
	if (!err)
		*ret_n = n;
	return err;
}

/* The label first: killed in between, the file holds, and says the same. */
int keep_in_label(struct op *op, struct target *target, const struct intent *intent)
{
	size_t n;
	int err = mark_keep(op, target, intent);

	return err ? err : keep_drop_files(op->ctx, target, &n);
}

static bool is_ram(const struct ramify_device *dev)
{
	return dev->mode == RAMIFY_MODE_RAM || dev->mode == RAMIFY_MODE_HELD;
}

bool keep_is_used(struct ramify *ctx, const struct target *target)
{
	return is_ram(target->dev) || guard_check_use(ctx, target) < 0;
}

int keep_begin(struct ramify *ctx, const char *device, char key[128], int *ret_lock)
{
	int err = target_find_key(ctx, device, key, 128);

	if (!err)
		err = target_need_root(ctx);
	return err ? err : lock_take(ctx, key, LOCK_WAIT_S, ret_lock);
}

/* ---- the command ---- */

struct keeping {
	struct op op;
	struct target target;
	struct ramify_keep_options options;
	struct ramify_add_options add;
	struct intent intent;
	char loss[200];			/* "", or what it will lose as RAM */
};

/* As ramify_add() would have to be called for what is there now. */
static void add_as_now(const struct target *target, struct ramify_add_options *ret_options)
{
	struct ramify_add_options o = RAMIFY_ADD_DEFAULTS;
	const struct ramify_device *dev = target->dev;

	if (dev->mode == RAMIFY_MODE_RAM) {
		if (dev->zone == RAMIFY_ZONE_KERNEL)
			o.zone = RAMIFY_ZONE_KERNEL;
		if (dev->memmap == RAMIFY_MEMMAP_DEVICE)
			o.memmap = RAMIFY_MEMMAP_DEVICE;
		if (target->region && dev->node >= 0 && dev->node != target->region->node)
			o.node = dev->node;
		o.stock = dev->driver && strcmp(dev->driver, DRIVER_STOCK) == 0;
	}
	*ret_options = o;
}

static enum ramify_use use_now(const struct ramify_device *dev)
{
	return is_ram(dev) ? RAMIFY_USE_RAM :
	       dev->mode == RAMIFY_MODE_RAW ? RAMIFY_USE_RAW : RAMIFY_USE_IDLE;
}

static int take_options(struct ramify *ctx, const struct ramify_keep_options *options,
			struct ramify_keep_options *ret_options)
{
	struct ramify_keep_options o = RAMIFY_KEEP_DEFAULTS;

	if (options->size > sizeof(o) || options->size < sizeof(options->size))
		return fail(ctx, -EINVAL, "the caller was built for another libramify");
	memcpy(&o, options, options->size);
	*ret_options = o;
	return 0;
}

/* Its present one, if none is said. */
static void take_owner(struct keeping *k)
{
	const struct ramify_keep_options *o = &k->options;
	struct devnode node = { o->uid, o->gid, o->perms };

	if (o->uid == UINT32_MAX && !o->perms && k->target.dev->mode == RAMIFY_MODE_RAW)
		node = devnode_get(k->op.ctx, k->target.dev->name);
	k->intent.uid = node.uid;
	k->intent.gid = node.gid;
	k->intent.perms = node.perms & 0777;
}

static void make_intent(struct keeping *k)
{
	struct ramify_keep_options *o = &k->options;
	struct intent none = INTENT_NONE;

	if (o->use == RAMIFY_USE_NONE)
		o->use = use_now(k->target.dev);
	if (o->add)
		k->add = *o->add;
	else
		add_as_now(&k->target, &k->add);
	if (o->use == RAMIFY_USE_RAM) {
		keep_intent(&k->target, &k->add, &k->intent);
		if (o->fallback && !k->add.stock)
			k->intent.driver = INTENT_DRIVER_FALLBACK;
		return;
	}
	k->intent = none;
	k->intent.use = o->use;
	k->intent.size_mib = k->target.dev->size_bytes >> 20;
	if (o->use == RAMIFY_USE_RAW)
		take_owner(k);
}

static int check_device(struct keeping *k)
{
	const struct ramify_device *dev = k->target.dev;

	if (target_dax(&k->target))
		return 0;
	if (!dev->namespace_name)
		return fail(k->op.ctx, -ENODEV, "%s has no device any more; nothing was recorded",
			    dev->name);
	if (dev->namespace_mode && strcmp(dev->namespace_mode, "devdax") == 0)
		return fail(k->op.ctx, -ENODEV,
			    "%s is disabled; nothing was recorded; first: ndctl enable-namespace %s",
			    dev->name, dev->name);
	return fail(k->op.ctx, -EOPNOTSUPP,
		    "%s is %s and no DAX device; nothing was recorded; ramify add --keep %s makes RAM of it if it is empty, ndctl create-namespace -f -e %s -m devdax a DAX device",
		    dev->name, dev->namespace_mode ? dev->namespace_mode : "unknown", dev->name,
		    dev->namespace_name);
}

/* Of a device in one piece that begins with a block, it is the size that decides. */
static void tell_loss(struct keeping *k, const struct add_plan *plan)
{
	const struct ramify_device *dev = plan->target.dev;
	uint64_t block = plan->target.block_bytes, lost = plan->told.lost_align_bytes;
	char had[SIZE_TEXT_MAX], less[SIZE_TEXT_MAX], more[SIZE_TEXT_MAX], text[SIZE_TEXT_MAX];
	int n;

	if (!lost)
		return;
	n = snprintf(k->loss, sizeof(k->loss),
		     "%s become RAM and %s are lost, as RAM comes in memory blocks of %s",
		     size_text(had, plan->told.added_bytes), size_text(less, lost),
		     size_text(text, block));
	if (dev->n_extents != 1 || dev->extents[0].start % block)
		return;
	snprintf(k->loss + n, sizeof(k->loss) - n,
		 "; of %s or %s nothing would be (ramify forget, then ramify resize)",
		 size_text(less, dev->size_bytes - lost),
		 size_text(more, dev->size_bytes - lost + block));
}

/* What every boot would refuse is better refused now; but what is in use now need not be then. */
static int check_later(struct keeping *k)
{
	struct target again;
	struct add_plan plan;
	int err;

	if (k->intent.use != RAMIFY_USE_RAM || is_ram(k->target.dev))
		return 0;
	err = target_open(k->op.ctx, target_key(&k->target), &again);
	if (err)
		return err;
	err = add_plan_make(&k->op, &again, &k->add, &plan);
	target_close(&again);
	if (!err) {
		tell_loss(k, &plan);
		add_plan_clear(&plan);
	}
	if (err == -EEXIST) {
		char said[sizeof(k->op.ctx->message)];

		strcpy(said, k->op.ctx->message);
		fail(k->op.ctx, err,
		     "%.1500s\nnothing was recorded, as each boot would refuse it too; ramify add --force --keep %s does both",
		     said, k->target.dev->name);
	}
	return err == -EBUSY ? 0 : err;
}

static int record_in_file(struct keeping *k, bool to_label, struct ramify_kept *kept)
{
	char file[ENTRY_NAME_SIZE];
	int err = keep_in_file(k->op.ctx, &k->target, &k->intent, k->add.skip, k->add.n_skip,
			       to_label, file);

	if (err)
		return err;
	snprintf(kept->where, sizeof(kept->where), "/" ENTRY_DIR "/%s", file);
	if (to_label)
		snprintf(kept->note, sizeof(kept->note),
			 "its label is in use; the next ramify apply, such as at boot, moves it there%s%s",
			 *k->loss ? "; " : "", k->loss);
	return 0;
}

static int record(struct keeping *k, struct ramify_kept *kept)
{
	bool label = !k->options.in_etc && keep_fits_label(k->op.ctx, &k->target, &k->intent,
							   k->add.n_skip);
	int err;

	snprintf(kept->note, sizeof(kept->note), "%s", k->loss);
	if (!label || keep_is_used(k->op.ctx, &k->target))
		return record_in_file(k, label, kept);
	snprintf(kept->where, sizeof(kept->where), "its label");
	err = keep_in_label(&k->op, &k->target, &k->intent);
	/* Somebody came to use it meanwhile. */
	if (err == -EBUSY)
		return record_in_file(k, true, kept);
	return err;
}

static int keep_locked(struct keeping *k, const char *key, struct ramify_kept *ret_kept)
{
	struct ramify_kept kept = { 0 };
	int err = target_open(k->op.ctx, key, &k->target);

	if (err)
		return err;
	err = check_device(k);
	if (!err) {
		make_intent(k);
		err = check_skip(k->op.ctx, k->target.dev, k->add.skip, k->add.n_skip);
	}
	if (!err)
		err = check_later(k);
	snprintf(kept.device, sizeof(kept.device), "%s", k->target.dev->name);
	if (!err)
		err = record(k, &kept);
	kept.use = k->intent.use;
	kept.zone = k->intent.zone;
	target_close(&k->target);
	if (!err)
		*ret_kept = kept;
	return err;
}

int ramify_keep(struct ramify *ctx, const char *device, const struct ramify_keep_options *options,
		struct ramify_kept *ret_kept)
{
	struct keeping k = { .op.ctx = ctx };
	char key[128];
	int lock, err = take_options(ctx, options, &k.options);

	if (!err)
		err = keep_begin(ctx, device, key, &lock);
	if (err)
		return err;
	err = keep_locked(&k, key, ret_kept);
	settled_note(ctx, key, 0);
	lock_drop(lock);
	return err;
}
