// SPDX-License-Identifier: LGPL-2.1-or-later
/* add.c -- a device becomes RAM, or all is as it was. */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bind.h"
#include "change.h"
#include "context.h"
#include "driver.h"
#include "keep.h"
#include "lock.h"
#include "mark.h"
#include "module.h"
#include "onoff.h"
#include "record.h"
#include "reshape.h"
#include "settled.h"
#include "uapi/ramify.h"
#include "undo.h"

static int require_driver(struct ramify *ctx, const struct add_plan *plan)
{
	int err;

	if (!plan->options.stock)
		return driver_require(ctx);
	err = module_load(ctx, DRIVER_STOCK);
	if (err)
		return fail(ctx, err, "the stock driver kmem cannot be loaded: %s; nothing was changed",
			    strerror(-err));
	return 0;
}

static int convert(struct add *add)
{
	struct ramify *ctx = add->op.ctx;
	struct add_plan *plan = &add->plan;
	int err;

	if (!plan->told.convert)
		return 0;
	err = op_progress(&add->op, RAMIFY_PHASE_CONVERT, 0, 1);
	if (err)
		return fail(ctx, err, "%s: interrupted", plan->target.dev->name);
	err = namespace_to_devdax(ctx, plan->target.dev->name, plan->memmap_in_dram, &add->before);
	if (err)
		return err;
	add->step = ADD_CONVERTED;
	err = target_refresh(ctx, &plan->target);
	if (!err && !target_dax(&plan->target))
		err = fail(ctx, -ENODEV, "%s became devdax, but has no DAX device",
			   plan->target.dev->name);
	return err;
}

/* What an add that was killed, or an earlier boot, left to know. */
static bool take_over(struct add *add)
{
	struct state old;
	bool current, marked;

	if (record_load(add->op.ctx, &add->plan.target, &old, &current) < 0)
		return false;
	if (current && old.phase == STATE_ADDING)
		strcpy(add->state.driver, old.driver);
	marked = old.mark == STATE_MARK_FILE;
	state_clear(&old);
	return marked;
}

/* What it is for is written into its label together with the mark, and into a file once all
 * is done. */
static int mark(struct add *add, const struct intent *keep)
{
	struct target *target = &add->plan.target;
	int err;

	if (!add->plan.options.stock)
		return mark_set(&add->op, target, &add->state, keep);
	add->state.mark = STATE_MARK_NONE;
	err = state_store(add->op.ctx, &add->state);
	return err || !keep ? err : mark_keep(&add->op, target, keep);
}

/* From here on a crash is mended by the record. */
static int record(struct add *add)
{
	struct target *target = &add->plan.target;
	const struct ramify_add_options *o = &add->plan.options;
	int err = record_begin(add->op.ctx, target, &add->state);
	struct intent keep;

	if (err)
		return err;
	keep_intent(target, o, &keep);
	add->kept = o->keep && keep_fits_label(add->op.ctx, target, &keep, o->n_skip);
	mark_read(add->op.ctx, target, &add->label_before);
	add->state.zone = o->zone;
	add->step = ADD_RECORDED;
	if (!take_over(add))
		return mark(add, add->kept ? &keep : NULL);
	add->state.mark = STATE_MARK_FILE;
	return state_store(add->op.ctx, &add->state);
}

static int keep(struct add *add)
{
	struct target *target = &add->plan.target;
	const struct ramify_add_options *o = &add->plan.options;
	char file[ENTRY_NAME_SIZE];
	struct intent intent;
	size_t n;

	if (!o->keep)
		return 0;
	if (add->kept)
		return keep_drop_files(add->op.ctx, target, &n);
	keep_intent(target, o, &intent);
	return keep_in_file(add->op.ctx, target, &intent, o->skip, o->n_skip, false, file);
}

static int unbind(struct add *add)
{
	add->step = ADD_UNBOUND;
	return bind_none(&add->op, target_dax(&add->plan.target));
}

static int add_memory(struct add *add)
{
	const char *dax = target_dax(&add->plan.target);
	char request[RAMIFY_REQUEST_MAX + 2];
	int err;

	if (add->plan.options.stock) {
		add->step = ADD_ADDED;
		return bind_to(&add->op, dax, DRIVER_STOCK);
	}
	err = add_plan_request(&add->plan, request, sizeof(request));
	if (err)
		return fail(add->op.ctx, err, "%s: there are too many ranges to leave out", dax);
	add->step = ADD_ADDED;
	return driver_add(&add->op, dax, request,
			  add->plan.options.scrub ? RAMIFY_PHASE_SCRUB : RAMIFY_PHASE_ADD);
}

/* With the stock driver the extents are all that is known: its blocks are those inside. */
static int added_blocks(struct ramify *ctx, const char *dax, const struct state *state,
			uint64_t block_bytes, bool stock, struct blockset *ret_set)
{
	struct state_ranges ranges;
	int err;

	if (stock)
		return blockset_inside(&state->extents, block_bytes, ret_set);
	err = driver_ranges(ctx, dax, &ranges);
	if (err)
		return err;
	err = blockset_inside(&ranges, block_bytes, ret_set);
	ranges_clear(&ranges);
	return err;
}

static int online_blocks(struct op *op, const char *name, const struct blockset *set,
			 enum ramify_zone zone)
{
	uint64_t block = 0;
	int err = onoff_online(op, set, zone, &block);

	if (err == -ECANCELED)
		return fail(op->ctx, err, "%s: interrupted", name);
	if (err == -EXDEV)
		return fail(op->ctx, err,
			    "memory block %" PRIu64 " was brought online in another zone than %s by somebody else",
			    block, ramify_zone_name(zone));
	if (err)
		return fail(op->ctx, err, "memory block %" PRIu64 " does not go online: %s", block,
			    strerror(-err));
	return 0;
}

static int online_memory(struct add *add)
{
	struct target *target = &add->plan.target;
	struct blockset set;
	int err = added_blocks(add->op.ctx, target_dax(target), &add->state, target->block_bytes,
			       add->plan.options.stock, &set);

	if (err)
		return fail(add->op.ctx, err, "%s: what was added cannot be read: %s",
			    target->dev->name, strerror(-err));
	err = online_blocks(&add->op, target->dev->name, &set, add->plan.options.zone);
	blockset_clear(&set);
	return err;
}

static int add_steps(struct add *add)
{
	int err = require_driver(add->op.ctx, &add->plan);

	if (!err)
		err = state_check(add->op.ctx);
	if (!err)
		err = convert(add);
	if (!err)
		err = record(add);
	if (!err)
		err = unbind(add);
	if (!err)
		err = add_memory(add);
	if (!err)
		err = online_memory(add);
	if (!err)
		err = keep(add);
	if (!err)
		err = record_phase(&add->op, &add->state, STATE_RAM);
	return err ? add_undo(add, err) : 0;
}

static int add_anew(struct op *op, struct target *target, const struct ramify_add_options *options)
{
	struct add add = { .op = *op };
	int err = add_plan_make(op, target, options, &add.plan);

	if (err)
		return err;
	err = add_steps(&add);
	state_clear(&add.state);
	add_plan_clear(&add.plan);
	return err;
}

/* An add that was killed between the driver's part and the last block. */
static int add_rest(struct op *op, const struct target *target, struct state *state)
{
	struct blockset set;
	bool stock = strcmp(target->dev->driver, DRIVER_STOCK) == 0;
	int err = added_blocks(op->ctx, target_dax(target), state, target->block_bytes, stock,
			       &set);

	if (err)
		return fail(op->ctx, err, "%s: what was added cannot be read: %s",
			    target->dev->name, strerror(-err));
	err = online_blocks(op, target->dev->name, &set, state->zone);
	blockset_clear(&set);
	return err ? err : record_phase(op, state, STATE_RAM);
}

/* What an interrupted remove took offline goes online again. */
static int put_back(struct op *op, const struct target *target, struct state *state)
{
	const char *name = target->dev->name;

	if (driver_is_past_return(op->ctx, name))
		return fail(op->ctx, -EBUSY,
			    "%s: some of it is removed already, so that it only goes forward: ramify remove %s",
			    name, name);
	if (state->phase == STATE_ADDING)
		return add_rest(op, target, state);
	return record_put_online(op, state, target->block_bytes);
}

/* On the terms that it has; only what was there before may differ. */
static int adopt(struct op *op, const struct target *target, struct state *state, bool found)
{
	const char *dax = target_dax(target);
	int err = driver_require(op->ctx);

	if (!err && !found) {
		err = record_begin(op->ctx, target, state);
		snprintf(state->driver, sizeof(state->driver), DRIVER_RAW);
		state->zone = RAMIFY_ZONE_MOVABLE;
	}
	if (!err)
		err = bind_none(op, dax);
	if (!err)
		err = driver_add(op, dax, dax, RAMIFY_PHASE_ADD);
	return err ? err : record_phase(op, state, STATE_RAM);
}

static int resume(struct op *op, struct target *target, struct state *state, bool found,
		  const struct ramify_add_options *options)
{
	bool is_ram = target->dev->mode == RAMIFY_MODE_RAM && target->dev->driver;
	int err;

	if (target_is_back(target))
		return adopt(op, target, state, found);
	if (found && is_ram && (options->resume || state->phase == STATE_ADDING))
		return put_back(op, target, state);
	if (target_is_stuck(target))
		return target_refuse_stuck(op->ctx, target);
	if (!options->resume)
		return add_anew(op, target, options);
	if (!is_ram)
		return fail(op->ctx, -EINVAL, "%s is not RAM, so there is nothing to put back; nothing was changed",
			    target->dev->name);
	err = record_begin(op->ctx, target, state);
	if (err)
		return err;
	state->zone = target->dev->zone == RAMIFY_ZONE_KERNEL ? RAMIFY_ZONE_KERNEL :
		      RAMIFY_ZONE_MOVABLE;
	snprintf(state->driver, sizeof(state->driver), DRIVER_RAW);
	return add_rest(op, target, state);
}

static int add_continue(struct op *op, struct target *target, const struct ramify_add_options *options)
{
	struct state state = { 0 };
	bool current = false;
	int err = record_load(op->ctx, target, &state, &current);

	if (err == -EBADMSG)
		return err;
	err = resume(op, target, &state, !err && current, options);
	state_clear(&state);
	return err;
}

/* The namespace or device under lock is looked at anew: it may have changed till then. */
int add_target(struct op *op, const char *key, const struct ramify_add_options *options)
{
	struct target target;
	int err = target_open(op->ctx, key, &target);

	if (err)
		return err;
	err = add_continue(op, &target, options);
	target_close(&target);
	return err;
}

int ramify_add(struct ramify *ctx, const char *device, const struct ramify_add_options *options,
	       ramify_progress_fn progress, void *arg)
{
	struct op op = { .ctx = ctx, .progress = progress, .arg = arg };
	char key[128];
	int lock, err;

	reshape_finish(&op, NULL, NULL);
	err = target_find_key(ctx, device, key, sizeof(key));
	if (!err)
		err = target_need_root(ctx);
	if (!err)
		err = lock_take(ctx, key, LOCK_SHORT_S, &lock);
	if (err)
		return err;
	err = add_target(&op, key, options);
	settled_note(ctx, key, 0);
	lock_drop(lock);
	return err;
}
