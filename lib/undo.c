// SPDX-License-Identifier: LGPL-2.1-or-later
/* undo.c -- the steps of an add, taken back in reverse. */

#include "undo.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bind.h"
#include "context.h"
#include "driver.h"
#include "mark.h"
#include "onoff.h"

static const struct onoff_limits limits = { .timeout_s = 60 };

static int offline_all(struct add *add, const struct state_ranges *ranges)
{
	struct ramify *ctx = add->op.ctx;
	struct blockset all, online = { 0 };
	uint64_t block = 0;
	int err = blockset_inside(ranges, add->plan.target.block_bytes, &all);

	if (err)
		return err;
	err = blockset_select(ctx, &all, true, &online);
	if (!err)
		err = onoff_offline(&add->op, &online, add->plan.told.node, &limits, &block);
	blockset_clear(&online);
	blockset_clear(&all);
	if (err)
		return fail(ctx, err, "memory block %" PRIu64 " does not go offline again: %s",
			    block, strerror(-err));
	return 0;
}

static int take_out_stock(struct add *add, const char *dax)
{
	int err = offline_all(add, &add->state.extents);

	return err ? err : bind_none(&add->op, dax);
}

/* What failed may have left no memory, or all of it. */
static int take_out(struct add *add)
{
	const char *dax = target_dax(&add->plan.target);
	struct state_ranges ranges;
	int err;

	if (add->plan.options.stock)
		return take_out_stock(add, dax);
	err = driver_ranges(add->op.ctx, dax, &ranges);
	if (err)
		return err == -ENOENT ? 0 : err;
	err = offline_all(add, &ranges);
	ranges_clear(&ranges);
	return err ? err : driver_release(&add->op, dax);
}

static int undo_record(struct add *add)
{
	struct op *op = &add->op;
	struct target *target = &add->plan.target;
	int err = 0;

	/* Leftovers that were there before this add are still to be scrubbed. */
	if (!add->plan.marked)
		err = mark_clear_label(op, target, add->kept ? &add->label_before : NULL);
	if (!err && target_dax(target))
		err = bind_restore(op, target_dax(target), add->state.driver);
	if (err || (add->plan.marked && add->state.mark == STATE_MARK_FILE))
		return err;
	return state_remove(op->ctx, add->state.identity);
}

static int undo_steps(struct add *add)
{
	struct op *op = &add->op;
	struct target *target = &add->plan.target;
	int err = 0;

	if (add->step >= ADD_ADDED)
		err = take_out(add);
	if (!err && add->step >= ADD_RECORDED)
		err = undo_record(add);
	if (!err && add->step >= ADD_CONVERTED && add->plan.told.convert)
		err = namespace_put_back(op->ctx, target_key(target), &add->before);
	return err;
}

int add_undo(struct add *add, int err)
{
	struct ramify *ctx = add->op.ctx;
	char first[sizeof(ctx->message)], second[sizeof(ctx->message)];
	const char *name;

	snprintf(first, sizeof(first), "%s", *ctx->message ? ctx->message : strerror(-err));
	if (add->step == ADD_NOTHING)
		return err;
	add->op.undoing = true;
	if (!undo_steps(add))
		return fail(ctx, err, "%s; all is as it was before", first);
	snprintf(second, sizeof(second), "%s", ctx->message);
	name = add->plan.target.dev->name;
	return fail(ctx, err,
		    "%.900s\nand it was not all taken back: %.700s\n%s stays as ramify list shows it; ramify remove %s takes it back, ramify add finishes it",
		    first, second, name, name);
}
