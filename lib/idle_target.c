// SPDX-License-Identifier: LGPL-2.1-or-later
/* idle_target.c -- a device whose memory may be taken or changed: locked, idle, unneeded. */

#include "idle_target.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "context.h"
#include "divide.h"
#include "guard.h"
#include "lock.h"
#include "mark.h"
#include "namespace.h"
#include "record.h"

static int check_mode(struct ramify *ctx, const struct ramify_device *dev)
{
	switch (dev->mode) {
	case RAMIFY_MODE_RAM:
		return fail(ctx, -EBUSY, "%s is RAM; nothing was changed; first: ramify remove %s",
			    dev->name, dev->name);
	case RAMIFY_MODE_HELD:
		return fail(ctx, -EBUSY,
			    "the memory of %s is in use without its device; nothing was changed; first: ramify remove %s",
			    dev->name, dev->name);
	default:
		break;
	}
	if (!dev->region)
		return fail(ctx, -EOPNOTSUPP, "%s is of no region; nothing was changed", dev->name);
	/* The next boot would look for it. */
	if (dev->intent != RAMIFY_USE_NONE)
		return fail(ctx, -EBUSY,
			    "%s is recorded as %s; nothing was changed; first: ramify forget %s",
			    dev->name, ramify_use_name(dev->intent), dev->name);
	return 0;
}

/* Without labels a namespace is what firmware says. */
static int check_kind(struct ramify *ctx, const struct ramify_device *dev)
{
	if (!dev->namespace_name || namespace_has_label(ctx, dev->namespace_name))
		return 0;
	return fail(ctx, -EOPNOTSUPP,
		    "%s has no label: it is all of %s; nothing was changed",
		    dev->namespace_name, dev->region);
}

/* A command that was killed, or what was in RAM and is not scrubbed. */
static int check_record(struct ramify *ctx, const struct target *target)
{
	struct state state;
	bool current = false, marked;
	int err = record_load(ctx, target, &state, &current);

	if (err == -EBADMSG)
		return err;
	marked = mark_is_set(ctx, target, err ? NULL : &state);
	if (!err)
		state_clear(&state);
	*ctx->message = '\0';
	if (marked)
		return fail(ctx, -EBUSY,
			    "%s holds what was in RAM, and is not scrubbed yet; nothing was changed; first: ramify apply --device %s",
			    target->dev->name, target->dev->name);
	if (!err && current)
		return fail(ctx, -EBUSY,
			    "a command at %s was interrupted; nothing was changed; first: ramify apply --device %s",
			    target->dev->name, target->dev->name);
	return 0;
}

static int check(struct ramify *ctx, const struct target *target, bool force)
{
	struct op op = { .ctx = ctx };
	int err = check_mode(ctx, target->dev);

	if (!err)
		err = check_kind(ctx, target->dev);
	if (!err)
		err = target_need_root(ctx);
	if (!err)
		err = check_record(ctx, target);
	if (!err)
		err = guard_check_use(ctx, target);
	return err || force ? err : guard_check_data(&op, target);
}

/* The region's lock first, as create takes them. */
static int lock_both(struct ramify *ctx, const char *region, const char *key,
		     struct idle_target *idle)
{
	int err = region ? divide_lock(ctx, region, &idle->region_lock) : 0;

	return err ? err : lock_take(ctx, key, 0, &idle->device_lock);
}

int idle_target_open(struct ramify *ctx, const char *device, bool force,
		     struct idle_target *ret_idle)
{
	struct idle_target idle = { .region_lock = -1, .device_lock = -1 };
	char key[128];
	int err = target_open(ctx, device, &idle.target);

	if (err)
		return err;
	snprintf(key, sizeof(key), "%s", target_key(&idle.target));
	/* What is refused anyway is refused without waiting for anybody. */
	err = check_mode(ctx, idle.target.dev);
	if (!err)
		err = target_need_root(ctx);
	if (!err)
		err = lock_both(ctx, idle.target.dev->region, key, &idle);
	if (!err)
		err = target_refresh(ctx, &idle.target);
	if (!err)
		err = check(ctx, &idle.target, force);
	if (err)
		idle_target_close(&idle);
	else
		*ret_idle = idle;
	return err;
}

void idle_target_close(struct idle_target *idle)
{
	lock_drop(idle->device_lock);
	lock_drop(idle->region_lock);
	target_close(&idle->target);
}
