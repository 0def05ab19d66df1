// SPDX-License-Identifier: LGPL-2.1-or-later
/* remove.c -- RAM is taken back: evacuated, offline, released; or all is as it was. */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bind.h"
#include "blocker.h"
#include "change.h"
#include "context.h"
#include "driver.h"
#include "extent.h"
#include "hugetlb.h"
#include "lock.h"
#include "mark.h"
#include "nodemem.h"
#include "onoff.h"
#include "poison.h"
#include "record.h"
#include "release.h"
#include "settled.h"

struct removal {
	struct op op;
	struct onoff_limits limits;
	struct target target;
	struct state state;
	struct state_ranges ranges;	/* that are memory now */
	struct hugetlb huge;		/* before anything went offline */
};

static enum ramify_zone zone_of(struct ramify *ctx, const struct blockset *online,
				const struct ramify_device *dev)
{
	if (online->n && block_zone(ctx, online->numbers[0]) != RAMIFY_ZONE_UNKNOWN)
		return block_zone(ctx, online->numbers[0]);
	return dev->zone == RAMIFY_ZONE_KERNEL ? RAMIFY_ZONE_KERNEL : RAMIFY_ZONE_MOVABLE;
}

static void explain_block(struct removal *r, int err, uint64_t block)
{
	struct ramify *ctx = r->op.ctx;
	uint64_t bytes = r->target.block_bytes;
	char holders[1024];

	blocker_describe(ctx, block * bytes, bytes, holders, sizeof(holders));
	if (err == -ETIMEDOUT)
		fail(ctx, err, "%s: memory block %" PRIu64 " (at 0x%" PRIx64 ") did not go offline in time: %s",
		     r->target.dev->name, block, block * bytes, holders);
	else
		fail(ctx, err, "%s: memory block %" PRIu64 " (at 0x%" PRIx64 ") cannot go offline: %s",
		     r->target.dev->name, block, block * bytes, holders);
}

/* What was taken offline goes online again, whatever the caller wants now. */
static int roll_back(struct removal *r, int err)
{
	struct ramify *ctx = r->op.ctx;
	char first[sizeof(ctx->message)], second[sizeof(ctx->message)];
	const char *and = err == -ECANCELED ? "; " : "\n";

	snprintf(first, sizeof(first), "%s", ctx->message);
	r->op.undoing = true;
	if (!record_put_online(&r->op, &r->state, r->target.block_bytes))
		return fail(ctx, err, "%s%sall of it is RAM again, as before%s", first, and,
			    hugetlb_restore(ctx, r->target.dev->node, &r->huge) ? "" :
			    ", but with fewer huge pages set aside (nr_hugepages of its node)");
	snprintf(second, sizeof(second), "%s", ctx->message);
	return fail(ctx, err,
		    "%.1000s\nand it is not all RAM again: %.600s\nramify add --resume %s tries once more",
		    first, second, r->target.dev->name);
}

/* What a killed remove took offline stays on the list of what is to be online again. */
static int note_online(struct removal *r, const struct blockset *online)
{
	if (r->state.phase == STATE_OFFLINING || r->state.phase == STATE_RELEASING)
		return record_phase(&r->op, &r->state, STATE_OFFLINING);
	r->state.zone = zone_of(r->op.ctx, online, r->target.dev);
	return record_offlining(&r->op, &r->state, online);
}

static int refuse_unrecorded(struct removal *r, int err)
{
	char said[sizeof(r->op.ctx->message)];

	snprintf(said, sizeof(said), "%s", r->op.ctx->message);
	return fail(r->op.ctx, err, "%.1500s; nothing was changed, and %s is still RAM", said,
		    r->target.dev->name);
}

/* All is offline, and would stay so. */
static int note_releasing(struct removal *r)
{
	int err = record_phase(&r->op, &r->state, STATE_RELEASING);

	return err ? roll_back(r, err) : 0;
}

static int offline_set(struct removal *r, const struct blockset *online)
{
	uint64_t block = 0;
	int err = nodemem_check(r->op.ctx, r->target.sys, r->target.dev, blockset_bytes(online));

	if (err)
		return err;
	err = note_online(r, online);
	if (err)
		return refuse_unrecorded(r, err);
	hugetlb_read(r->op.ctx, r->target.dev->node, &r->huge);
	err = onoff_offline(&r->op, online, r->target.dev->node, &r->limits, &block);
	if (!err)
		return 0;
	if (err == -ECANCELED)
		fail(r->op.ctx, err, "%s: interrupted", r->target.dev->name);
	else
		explain_block(r, err, block);
	return roll_back(r, err);
}

static int offline_all(struct removal *r)
{
	struct blockset all, online = { 0 };
	int err = blockset_inside(&r->ranges, r->target.block_bytes, &all);

	if (err)
		return err;
	err = blockset_select(r->op.ctx, &all, true, &online);
	if (!err)
		err = offline_set(r, &online);
	blockset_clear(&online);
	blockset_clear(&all);
	return err;
}

static int remove_ours(struct removal *r)
{
	const char *dax = target_dax(&r->target);
	int err = driver_ranges(r->op.ctx, dax, &r->ranges);

	if (err)
		return fail(r->op.ctx, err, "%s: its ranges cannot be read: %s", dax,
			    strerror(-err));
	if (!driver_is_past_return(r->op.ctx, dax)) {
		err = offline_all(r);
		if (!err)
			err = note_releasing(r);
	}
	if (err)
		return err;
	err = release_device(&r->op, &r->target, &r->state);
	if (err && !r->op.undoing && !driver_is_past_return(r->op.ctx, dax))
		err = roll_back(r, err);
	return err;
}

static int copy_extents(struct removal *r)
{
	const struct ramify_device *dev = r->target.dev;
	int err = 0;

	for (size_t i = 0; !err && i < dev->n_extents; i++)
		err = ranges_append(&r->ranges, dev->extents[i].start, dev->extents[i].size_bytes);
	return err;
}

static int remove_held(struct removal *r)
{
	int err = copy_extents(r);

	if (!err)
		err = offline_all(r);
	if (!err)
		err = note_releasing(r);
	return err ? err : release_held(&r->op, &r->target, &r->state);
}

/* Unbound with a block online, the stock driver leaves it all stuck until a reboot. */
static int count_blocks(struct removal *r, bool online, size_t *ret_n)
{
	struct blockset all, selected;
	int err = blockset_inside(&r->ranges, r->target.block_bytes, &all);

	if (err)
		return err;
	err = blockset_select(r->op.ctx, &all, online, &selected);
	blockset_clear(&all);
	if (err)
		return err;
	*ret_n = selected.n;
	blockset_clear(&selected);
	return 0;
}

static int unbind_stock(struct removal *r)
{
	const char *dax = target_dax(&r->target);
	size_t n;
	int err = count_blocks(r, true, &n);

	if (!err && n) {
		fail(r->op.ctx, -EBUSY, "%s: somebody brings its memory online again", dax);
		return roll_back(r, -EBUSY);
	}
	if (!err)
		err = bind_none(&r->op, dax);
	if (err)
		return *r->op.ctx->message ? roll_back(r, err) : err;
	err = count_blocks(r, false, &n);
	if (!err && n)
		return fail(r->op.ctx, -EBUSY,
			    "%s: the stock driver let go of it, but %zu memory blocks stay, offline, until a reboot; see the kernel's log",
			    dax, n);
	return err;
}

/* It is no part of what the stock driver does, so it is done where it can be. */
static int scrub_stock(struct removal *r)
{
	char request[96], said[sizeof(r->op.ctx->message)];
	const char *dax = target_dax(&r->target);
	int err = driver_require(r->op.ctx);

	snprintf(request, sizeof(request), "%s scrub=only", dax);
	if (!err)
		err = driver_add(&r->op, dax, request, RAMIFY_PHASE_SCRUB);
	if (!err)
		return 0;
	snprintf(said, sizeof(said), "%s", r->op.ctx->message);
	return fail(r->op.ctx, 0, "%s is no RAM any more, but was not scrubbed: %.1500s", dax, said);
}

static int remove_stock(struct removal *r)
{
	int err = copy_extents(r);

	if (!err)
		err = offline_all(r);
	if (!err)
		err = unbind_stock(r);
	/* Nothing is online again, and nobody has zeroed it yet. */
	if (!err)
		ranges_clear(&r->state.online);
	if (!err)
		err = record_phase(&r->op, &r->state, STATE_RELEASING);
	if (err)
		return err;
	r->op.undoing = true;
	err = scrub_stock(r);
	return err ? err : release_finish(&r->op, &r->target, &r->state);
}

/* A remove that was killed after the driver had let go, or an unbind behind our back. */
static int remove_rest(struct removal *r, bool current)
{
	const char *name = r->target.dev->name;
	int err = 0;

	if (!current)
		return fail(r->op.ctx, -EALREADY, "%s is not RAM; nothing was changed", name);
	if (r->state.phase != STATE_RELEASING &&
	    mark_is_set(r->op.ctx, &r->target, &r->state))
		err = release_scrub(&r->op, &r->target, &r->state);
	return err ? err : release_finish(&r->op, &r->target, &r->state);
}

static bool is_ram(const struct ramify_device *dev)
{
	return dev->mode == RAMIFY_MODE_HELD || (dev->mode == RAMIFY_MODE_RAM && dev->driver);
}

static int load_record(struct removal *r, bool *ret_current)
{
	const struct ramify_device *dev = r->target.dev;
	int err;

	if (dev->mode == RAMIFY_MODE_HELD) {
		*ret_current = true;
		err = dev->n_extents ? record_find(r->op.ctx, &dev->extents[0], &r->state) :
		      -ENOENT;
	} else {
		err = record_load(r->op.ctx, &r->target, &r->state, ret_current);
	}
	if (err != -ENOENT)
		return err;
	if (!is_ram(dev))
		return fail(r->op.ctx, -EALREADY, "%s is not RAM; nothing was changed", dev->name);
	/* Added by somebody else, or the record is lost. */
	*ret_current = false;
	err = record_begin(r->op.ctx, &r->target, &r->state);
	r->state.phase = STATE_RAM;
	snprintf(r->state.driver, sizeof(r->state.driver), DRIVER_RAW);
	return err;
}

/* A device that is there again stands for the memory that it gave. */
static int find_held(struct removal *r)
{
	const struct ramify_device *dev = NULL, *mine = r->target.dev;

	while ((dev = ramify_next_device(r->target.sys, dev)))
		if (dev->mode == RAMIFY_MODE_HELD && !dev->region && dev->n_extents &&
		    mine->n_extents && extent_overlaps(&dev->extents[0], &mine->extents[0])) {
			r->target.dev = dev;
			r->target.region = NULL;
			return 0;
		}
	return fail(r->op.ctx, -EBUSY, "%s: its memory is held, and is more than one device's; remove it by its addresses, as ramify list shows them",
		    mine->name);
}

static int remove_by_kind(struct removal *r)
{
	const struct ramify_device *dev;
	bool current = false;
	int err = target_is_back(&r->target) ? find_held(r) : 0;

	dev = r->target.dev;
	if (!err && target_is_stuck(&r->target))
		err = target_refuse_stuck(r->op.ctx, &r->target);
	if (!err)
		err = load_record(r, &current);
	if (err)
		return err;
	if (dev->mode == RAMIFY_MODE_HELD)
		return remove_held(r);
	if (!is_ram(dev))
		return remove_rest(r, current);
	if (strcmp(dev->driver, DRIVER_STOCK) == 0)
		return remove_stock(r);
	return remove_ours(r);
}

static int take_options(struct ramify *ctx, const struct ramify_remove_options *options,
			struct onoff_limits *ret_limits)
{
	struct ramify_remove_options o = RAMIFY_REMOVE_DEFAULTS;

	if (options->size > sizeof(o) || options->size < sizeof(options->size))
		return fail(ctx, -EINVAL, "the caller was built for another libramify");
	memcpy(&o, options, options->size);
	*ret_limits = (struct onoff_limits){ o.timeout_s, o.deadline_s };
	return 0;
}

int remove_target(struct op *op, const char *key, const struct ramify_remove_options *options)
{
	struct removal r = { .op = *op };
	int err = take_options(op->ctx, options, &r.limits);

	if (!err)
		err = target_open(op->ctx, key, &r.target);
	if (err)
		return err;
	err = poison_remember(op->ctx, r.target.dev);
	if (!err)
		err = remove_by_kind(&r);
	ranges_clear(&r.ranges);
	state_clear(&r.state);
	target_close(&r.target);
	return err;
}

int ramify_remove(struct ramify *ctx, const char *device,
		  const struct ramify_remove_options *options, ramify_progress_fn progress,
		  void *arg)
{
	struct op op = { .ctx = ctx, .progress = progress, .arg = arg };
	char key[128];
	int lock, err = target_find_key(ctx, device, key, sizeof(key));

	if (!err)
		err = target_need_root(ctx);
	if (!err)
		err = lock_take(ctx, key, LOCK_SHORT_S, &lock);
	if (err)
		return err;
	err = remove_target(&op, key, options);
	settled_note(ctx, key, 0);
	lock_drop(lock);
	return err;
}
