// SPDX-License-Identifier: LGPL-2.1-or-later
/* apply.c -- all devices that are recorded or left over, one after another. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "application.h"
#include "context.h"
#include "idle.h"
#include "lock.h"
#include "poison.h"
#include "redivide.h"
#include "reshape.h"
#include "settled.h"
#include "size.h"

/* A command at work on it gets this long; boot waits no longer. */
#define LOCK_WAIT_S 300

/* All devices of one call. */
struct applying {
	struct op op;
	struct ramify_apply_options options;
	struct entry_list entries;
	int first_err;
	char first[2048];
};

static int apply_locked(struct applying *all, struct application *a, const char *key)
{
	enum settled settled = all->options.once ? settled_as(a->op.ctx, key) : SETTLED_NOT;
	int err;

	/* The unit of a device that failed stays failed, whatever udev says of the device again. */
	if (settled == SETTLED_FAILED && all->options.device)
		return settled_refuse(a->op.ctx, all->options.device);
	if (settled != SETTLED_NOT)
		return 0;
	err = application_settle(a, key);
	if (!a->dry_run)
		settled_note(a->op.ctx, key, err);
	return err;
}

static void tell(struct applying *all, const char *device, int err, const char *text)
{
	if (err && !all->first_err) {
		all->first_err = err;
		snprintf(all->first, sizeof(all->first), "%s", text);
	}
	if (all->options.settled && (err || *text))
		all->options.settled(all->op.arg, device, err, text);
}

static int apply_key(struct applying *all, struct application *a, const char *device)
{
	char key[128];
	int lock, err = target_find_key(a->op.ctx, device, key, sizeof(key));

	if (!err)
		err = lock_take(a->op.ctx, key, LOCK_WAIT_S, &lock);
	if (err)
		return err;
	err = apply_locked(all, a, key);
	lock_drop(lock);
	return err;
}

static void apply_one(struct applying *all, const char *device)
{
	struct ramify *ctx = all->op.ctx;
	struct application a = {
		.op = all->op, .entries = &all->entries, .dry_run = all->options.dry_run,
	};
	int err = apply_key(all, &a, device);

	tell(all, device, err, !err ? a.did : *ctx->message ? ctx->message : strerror(-err));
}

static int fill(struct applying *all, const char *device, uint64_t bytes)
{
	bool dry = all->options.dry_run;
	char text[96], size[SIZE_TEXT_MAX];
	int err = dry ? 0 : idle_fill(all->op.ctx, device, bytes);

	if (err)
		return err;
	snprintf(text, sizeof(text), "%s all of its region, %s: no device had any of it",
		 dry ? "would have" : "has", size_text(size, bytes));
	tell(all, device, 0, text);
	return 0;
}

/* Makes of its region the devices that are recorded. Has it something left for itself? */
static bool divide_first(struct applying *all, const char *device, struct dir_list *ret_made)
{
	struct ramify *ctx = all->op.ctx;
	uint64_t bytes;
	enum idle idle = idle_look(ctx, device, &bytes);
	int err = 0;

	if (idle != IDLE_EMPTY)
		err = redivide(&all->op, device, &all->entries, all->options.dry_run, ret_made);
	if (!err && idle == IDLE_WHOLE && !ret_made->n)
		err = fill(all, device, bytes);
	if (err < 0)
		tell(all, device, err, *ctx->message ? ctx->message : strerror(-err));
	else if (err)
		tell(all, device, 0, "would be divided, as is recorded");
	return !err && idle != IDLE_EMPTY;
}

/* It appears just now, so that nobody can have shaped it yet. */
static void apply_named(struct applying *all)
{
	struct dir_list made = { 0 };

	if (divide_first(all, all->options.device, &made) && !made.n)
		apply_one(all, all->options.device);
	for (size_t i = 0; i < made.n; i++)
		apply_one(all, made.names[i]);
	dir_list_free(&made);
}

static bool has_places(const struct entry_list *entries)
{
	for (size_t i = 0; i < entries->n; i++)
		if (!*entries->items[i].uuid)
			return true;
	return false;
}

/* The first device of a region is always there. */
static int divide_all(struct applying *all)
{
	struct dir_list names;
	int err = 0;

	if (!has_places(&all->entries))
		return 0;
	err = dir_list_read(all->op.ctx, "sys/bus/dax/devices", "dax", &names);
	for (size_t i = 0; !err && i < names.n; i++) {
		const char *dot = strchr(names.names[i], '.');
		struct dir_list made = { 0 };

		if (dot && !strcmp(dot, ".0"))
			divide_first(all, names.names[i], &made);
		dir_list_free(&made);
	}
	if (!err)
		dir_list_free(&names);
	return err;
}

static bool is_for_apply(const struct ramify_device *dev)
{
	return dev->size_bytes &&
	       (strncmp(dev->name, "dax", 3) == 0 || dev->namespace_name);
}

/* What went bad while it is RAM; a reboot would forget it. */
static void note_bad(struct applying *all, const struct ramify_device *dev)
{
	int err = 0;

	if (dev->mode == RAMIFY_MODE_RAM && !all->options.dry_run)
		err = poison_remember(all->op.ctx, dev);
	if (err)
		tell(all, dev->name, err, all->op.ctx->message);
}

static int apply_all(struct applying *all)
{
	const struct ramify_device *dev = NULL;
	struct ramify_system *sys;
	int err = divide_all(all);

	if (!err)
		err = ramify_system_read(all->op.ctx, &sys);
	if (err)
		return err;
	while ((dev = ramify_next_device(sys, dev))) {
		note_bad(all, dev);
		if (is_for_apply(dev))
			apply_one(all, dev->name);
	}
	ramify_system_free(sys);
	return 0;
}

static void reshaped(void *arg, const char *dax, int err)
{
	struct applying *all = arg;

	tell(all, dax, err, err ? all->op.ctx->message :
	     "has the memory that a killed ramify resize meant it to have");
}

/* One that cannot be read stops nobody else's, and is no failure of the one device. */
static void bad_entry(void *arg, const char *file, int err)
{
	struct applying *all = arg;

	tell(all, NULL, err, all->op.ctx->message);
	if (all->options.device)
		all->first_err = 0;
}

static int take_options(struct ramify *ctx, const struct ramify_apply_options *options,
			struct ramify_apply_options *ret_options)
{
	struct ramify_apply_options o = RAMIFY_APPLY_DEFAULTS;

	if (options->size > sizeof(o) || options->size < sizeof(options->size))
		return fail(ctx, -EINVAL, "the caller was built for another libramify");
	memcpy(&o, options, options->size);
	*ret_options = o;
	return 0;
}

int ramify_apply(struct ramify *ctx, const struct ramify_apply_options *options,
		 ramify_progress_fn progress, void *arg)
{
	struct applying all = { .op = { .ctx = ctx, .progress = progress, .arg = arg } };
	int err = take_options(ctx, options, &all.options);

	if (!err)
		err = target_need_root(ctx);
	if (!err)
		err = entries_read(ctx, bad_entry, &all, &all.entries);
	if (err)
		return err;
	if (!all.options.dry_run)
		reshape_finish(&all.op, reshaped, &all);
	if (all.options.device)
		apply_named(&all);
	else
		err = apply_all(&all);
	entries_free(&all.entries);
	if (err || !all.first_err)
		return err;
	return fail(ctx, all.first_err, "%s", all.first);
}
