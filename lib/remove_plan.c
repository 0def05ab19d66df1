// SPDX-License-Identifier: LGPL-2.1-or-later
/* remove_plan.c -- what a remove will do, found out without changing anything. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "context.h"
#include "hugetlb.h"
#include "nodemem.h"
#include "record.h"
#include "target.h"

/* What is given out owns its strings. */
struct told_plan {
	struct ramify_remove_plan plan;
	char device[64];
};

static uint64_t huge_bytes(struct ramify *ctx, const struct ramify_device *dev)
{
	struct hugetlb pools;
	uint64_t bytes;

	hugetlb_read(ctx, dev->node, &pools);
	bytes = hugetlb_unused_bytes(&pools);
	return bytes < dev->online_bytes ? bytes : dev->online_bytes;
}

static void reckon(struct ramify *ctx, const struct ramify_device *dev,
		   struct ramify_remove_plan *plan)
{
	uint64_t huge, used;

	plan->node = dev->node;
	plan->added_bytes = dev->added_bytes;
	plan->move_bytes = RAMIFY_UNKNOWN;
	if (dev->node < 0 || dev->online_bytes == RAMIFY_UNKNOWN)
		return;
	huge = huge_bytes(ctx, dev);
	plan->huge_bytes = huge;
	if (!nodemem_must_move(ctx, dev->node, dev->online_bytes, &used))
		plan->move_bytes = used > huge ? used - huge : 0;
}

/* Our driver lets go of what it has zeroed; of what the stock driver had nothing is listed then. */
static uint64_t zeroed_bytes(const struct state *state)
{
	uint64_t bytes = 0;

	for (size_t i = 0; state->phase == STATE_RELEASING && i < state->online.n; i++)
		bytes += state->online.items[i].size_bytes;
	return bytes;
}

/* What is no memory any more may still be on its way out. */
static int check(struct ramify *ctx, const struct target *target, uint64_t *ret_zeroed_bytes)
{
	const struct ramify_device *dev = target->dev;
	struct state state;
	bool current;
	int err = target_need_root(ctx);

	if (err)
		return err;
	if (target_is_stuck(target))
		return target_refuse_stuck(ctx, target);
	if (dev->mode == RAMIFY_MODE_RAM || dev->mode == RAMIFY_MODE_HELD)
		return dev->online_bytes == RAMIFY_UNKNOWN ? 0 :
			nodemem_check(ctx, target->sys, dev, dev->online_bytes);
	err = record_load(ctx, target, &state, &current);
	if (err == -ENOENT)
		return fail(ctx, -EALREADY, "%s is not RAM; nothing was changed", dev->name);
	if (err)
		return err;
	*ret_zeroed_bytes = current ? zeroed_bytes(&state) : 0;
	state_clear(&state);
	return 0;
}

static int tell(struct ramify *ctx, const struct target *target, uint64_t zeroed,
		struct ramify_remove_plan **ret_plan)
{
	struct told_plan *told = calloc(1, sizeof(*told));

	if (!told)
		return -ENOMEM;
	snprintf(told->device, sizeof(told->device), "%s", target->dev->name);
	told->plan.device = told->device;
	told->plan.zeroed_bytes = zeroed;
	reckon(ctx, target->dev, &told->plan);
	*ret_plan = &told->plan;
	return 0;
}

int ramify_remove_plan(struct ramify *ctx, const char *device,
		       struct ramify_remove_plan **ret_plan)
{
	struct target target;
	uint64_t zeroed = 0;
	int err = target_open(ctx, device, &target);

	if (err)
		return err;
	err = check(ctx, &target, &zeroed);
	if (!err)
		err = tell(ctx, &target, zeroed, ret_plan);
	target_close(&target);
	return err;
}

void ramify_remove_plan_free(struct ramify_remove_plan *plan)
{
	free(plan);
}
