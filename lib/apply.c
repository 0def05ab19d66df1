// SPDX-License-Identifier: LGPL-2.1-or-later
/* apply.c -- a device as it appears: scrubbed if it is marked, then given to its driver. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bind.h"
#include "change.h"
#include "context.h"
#include "driver.h"
#include "guard.h"
#include "idle.h"
#include "lock.h"
#include "mark.h"
#include "record.h"
#include "release.h"

/* A command at work on it gets this long; boot waits no longer. */
#define LOCK_WAIT_S 300

struct application {
	struct op op;
	struct target target;
	struct state state;
	bool found, current;		/* a record; of this boot */
};

/* Settled by nobody yet: what the stock kernel would do with it is done now. */
static int give_to_default(struct application *a)
{
	const char *dax = target_dax(&a->target);
	char driver[64];
	int err;

	if (!dax || !a->target.region || !a->target.dev->size_bytes)
		return 0;
	err = bind_current(a->op.ctx, dax, driver, sizeof(driver));
	if (err || *driver)
		return err;
	if (a->found && a->current)
		return bind_restore(&a->op, dax, a->state.driver);
	bind_default(a->op.ctx, a->target.region->source, driver, sizeof(driver));
	return *driver ? bind_to(&a->op, dax, driver) : 0;
}

static int scrub(struct application *a)
{
	struct ramify *ctx = a->op.ctx;
	char said[sizeof(ctx->message)];
	int err = guard_check_use(ctx, &a->target);

	if (!err)
		err = release_scrub(&a->op, &a->target, &a->state);
	if (!err)
		return 0;
	snprintf(said, sizeof(said), "%s", ctx->message);
	return fail(ctx, err,
		    "%s holds what was in RAM before a crash or a reboot, and is not scrubbed: %.1500s\nit is given to no driver; when that is mended: ramify apply --device %s",
		    a->target.dev->name, said, a->target.dev->name);
}

/* In use, and a command was killed at it in this boot. */
static int finish_ram(struct application *a)
{
	static const struct ramify_remove_options remove = RAMIFY_REMOVE_DEFAULTS;
	static const struct ramify_add_options add = {
		.size = sizeof(add), .node = -1, .zone = RAMIFY_ZONE_MOVABLE,
		.memmap = RAMIFY_MEMMAP_DRAM, .adistance = -1, .resume = true,
	};

	if (!a->found || !a->current || a->state.phase == STATE_RAM)
		return 0;
	if (a->state.phase == STATE_RELEASING)
		return remove_target(&a->op, target_key(&a->target), &remove);
	return add_target(&a->op, target_key(&a->target), &add);
}

/* It is there again while its memory is in use: that is its memory again. */
static int finish_held(struct application *a)
{
	static const struct ramify_add_options add = RAMIFY_ADD_DEFAULTS;

	return add_target(&a->op, target_key(&a->target), &add);
}

static int finish_idle(struct application *a)
{
	int err = 0;

	if (mark_is_set(a->op.ctx, &a->target, a->found ? &a->state : NULL))
		err = scrub(a);
	if (!err && a->found)
		err = state_remove(a->op.ctx, a->state.identity);
	return err ? err : give_to_default(a);
}

static int finish(struct application *a)
{
	switch (a->target.dev->mode) {
	case RAMIFY_MODE_RAM:
		return finish_ram(a);
	case RAMIFY_MODE_HELD:
		return finish_held(a);
	default:
		return finish_idle(a);
	}
}

static int load(struct application *a)
{
	int err = record_load(a->op.ctx, &a->target, &a->state, &a->current);

	a->found = !err;
	/* Without a record the label alone tells of a mark; it is cleared through one. */
	return err == -ENOENT ? record_begin(a->op.ctx, &a->target, &a->state) : err;
}

static int apply_locked(struct op *op, const char *key)
{
	struct application a = { .op = *op };
	int err = target_open(op->ctx, key, &a.target);

	if (err)
		return err;
	err = load(&a);
	if (!err)
		err = finish(&a);
	state_clear(&a.state);
	target_close(&a.target);
	return err;
}

static int apply_one(struct op *op, const char *device)
{
	char key[128];
	int lock, err = target_find_key(op->ctx, device, key, sizeof(key));

	if (!err)
		err = lock_take(op->ctx, key, LOCK_WAIT_S, &lock);
	if (err)
		return err;
	err = apply_locked(op, key);
	lock_drop(lock);
	return err;
}

/* It appears just now, so that nobody can have shaped it yet. */
static int apply_named(struct op *op, const char *device)
{
	bool empty = false;
	int err = idle_fill(op->ctx, device, &empty);

	return err || empty ? err : apply_one(op, device);
}

static bool is_for_apply(const struct ramify_device *dev)
{
	return dev->size_bytes &&
	       (strncmp(dev->name, "dax", 3) == 0 || dev->namespace_name);
}

/* One that fails does not keep the others from being served; the first failure is told. */
static int apply_all(struct op *op)
{
	char first[sizeof(op->ctx->message)] = "";
	const struct ramify_device *dev = NULL;
	struct ramify_system *sys;
	int err = ramify_system_read(op->ctx, &sys), result = 0;

	if (err)
		return err;
	while ((dev = ramify_next_device(sys, dev))) {
		if (!is_for_apply(dev))
			continue;
		err = apply_one(op, dev->name);
		if (err && !result) {
			result = err;
			strcpy(first, op->ctx->message);
		}
	}
	ramify_system_free(sys);
	return result ? fail(op->ctx, result, "%s", first) : 0;
}

int ramify_apply(struct ramify *ctx, const char *device, ramify_progress_fn progress, void *arg)
{
	struct op op = { .ctx = ctx, .progress = progress, .arg = arg };
	int err = target_need_root(ctx);

	if (err)
		return err;
	return device ? apply_named(&op, device) : apply_all(&op);
}
