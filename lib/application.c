// SPDX-License-Identifier: LGPL-2.1-or-later
/* application.c -- one device as it appears: scrubbed if marked, then made what is recorded. */

#include "application.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bind.h"
#include "change.h"
#include "context.h"
#include "driver.h"
#include "guard.h"
#include "keep.h"
#include "mark.h"
#include "owner.h"
#include "record.h"
#include "release.h"

static void did(struct application *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void did(struct application *a, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(a->did, sizeof(a->did), fmt, ap);
	va_end(ap);
}

static bool dry(const struct application *a)
{
	return a->dry_run;
}

/* ---- without a record ---- */

static int bind_as(struct application *a, const char *dax, const char *driver)
{
	if (dry(a)) {
		did(a, "would go to driver %s", driver);
		return 0;
	}
	return bind_to(&a->op, dax, driver);
}

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
	if (a->found && a->current && !dry(a))
		return bind_restore(&a->op, dax, a->state.driver);
	bind_default(a->op.ctx, a->target.region->source, driver, sizeof(driver));
	return *driver ? bind_as(a, dax, driver) : 0;
}

/* What is recorded cannot be done: then nobody makes RAM of it, and its owner can read it. */
static int give_raw(struct application *a)
{
	const char *dax = target_dax(&a->target);

	if (!dax || dry(a) || !a->target.persistent || a->target.dev->mode != RAMIFY_MODE_IDLE)
		return 0;
	return bind_to(&a->op, dax, DRIVER_RAW);
}

/* ---- leftovers ---- */

static int scrub(struct application *a)
{
	struct ramify *ctx = a->op.ctx;
	char said[sizeof(ctx->message)];
	int err;

	if (dry(a)) {
		did(a, "would be scrubbed");
		return 0;
	}
	err = guard_check_use(ctx, &a->target);
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

	if (dry(a)) {
		did(a, "would be finished, as a command was killed at it");
		return 0;
	}
	did(a, "finished what a killed command left");
	if (a->state.phase == STATE_RELEASING)
		return remove_target(&a->op, target_key(&a->target), &remove);
	return add_target(&a->op, target_key(&a->target), &add);
}

/* It is there again while its memory is in use: that is its memory again. */
static int finish_held(struct application *a)
{
	static const struct ramify_remove_options remove = RAMIFY_REMOVE_DEFAULTS;
	static const struct ramify_add_options add = RAMIFY_ADD_DEFAULTS;

	if (dry(a))
		return 0;
	if (a->found && a->current && a->state.phase == STATE_RELEASING)
		return remove_target(&a->op, target_key(&a->target), &remove);
	did(a, "is RAM again: its memory was held");
	return add_target(&a->op, target_key(&a->target), &add);
}

/* ---- with a record ---- */

/* Changes before it have made another device of the same memory. */
static int refresh(struct application *a)
{
	return target_refresh(a->op.ctx, &a->target);
}

static void where(const struct application *a, char *buf, size_t size)
{
	purpose_where(&a->purpose, buf, size);
}

static int move_to_label(struct application *a)
{
	struct ramify *ctx = a->op.ctx;
	struct purpose *p = &a->purpose;
	int err;

	if (!p->entry || !p->entry->to_label || dry(a))
		return 0;
	/* Somebody else wrote a name there since: then the file stays, and holds. */
	if (!keep_fits_label(ctx, &a->target, &p->intent, 0))
		return 0;
	err = keep_in_label(&a->op, &a->target, &p->intent);
	if (!err)
		p->store = STORE_LABEL;
	return err;
}

/* What refused it may know of neither device nor record. */
static int cannot_add(struct application *a, const char *record, int err)
{
	struct ramify *ctx = a->op.ctx;
	char said[sizeof(ctx->message)];

	strcpy(said, ctx->message);
	return fail(ctx, err, "%s, to be RAM as %s says: %.1500s", target_key(&a->target), record,
		    *said ? said : strerror(-err));
}

static int add_it(struct application *a, const char *record)
{
	struct ramify_add_options o;
	char node[32] = "";
	int err;

	purpose_options(&a->purpose, &o);
	if (!o.stock && a->purpose.intent.driver == INTENT_DRIVER_FALLBACK &&
	    driver_require(a->op.ctx) < 0)
		o.stock = true;
	if (o.node >= 0)
		snprintf(node, sizeof(node), ", node %d", o.node);
	if (dry(a)) {
		struct ramify_add_plan *plan;

		err = add_plan_target(a->op.ctx, target_key(&a->target), &o, &plan);
		if (err)
			return cannot_add(a, record, err);
		ramify_add_plan_free(plan);
	} else {
		err = add_target(&a->op, target_key(&a->target), &o);
		if (err)
			return cannot_add(a, record, err);
	}
	did(a, "%s RAM (zone %s%s%s), as %s says", dry(a) ? "would be" : "is",
	    ramify_zone_name(o.zone), node, o.stock ? ", driver kmem" : "", record);
	return 0;
}

/* After a remove it goes back to the driver that it has now. */
static int make_ram(struct application *a, const char *record)
{
	int err = a->target.persistent ? give_raw(a) : 0;

	if (!err)
		err = refresh(a);
	return err ? err : add_it(a, record);
}

static int make_raw(struct application *a, const char *record)
{
	const struct intent *i = &a->purpose.intent;
	const char *dax = target_dax(&a->target);
	int err;

	if (dry(a)) {
		if (a->target.dev->mode != RAMIFY_MODE_RAW)
			did(a, "would be raw, as %s says", record);
		return 0;
	}
	err = bind_to(&a->op, dax, DRIVER_RAW);
	if (!err)
		err = owner_set(a->op.ctx, dax, i->uid, i->gid, i->perms);
	if (!err && a->target.dev->mode != RAMIFY_MODE_RAW)
		did(a, "is raw, as %s says", record);
	return err;
}

static int make_idle(struct application *a, const char *record)
{
	const char *dax = target_dax(&a->target);
	int err;

	if (a->target.dev->mode != RAMIFY_MODE_RAW)
		return 0;
	err = guard_check_use(a->op.ctx, &a->target);
	if (err || dry(a)) {
		did(a, "would be idle, as %s says", record);
		return err;
	}
	did(a, "is idle, as %s says", record);
	return bind_none(&a->op, dax);
}

/* Stock kmem was faster than us, or somebody used daxctl. */
static int take_from_stock(struct application *a)
{
	static const struct ramify_remove_options remove = RAMIFY_REMOVE_DEFAULTS;
	struct ramify *ctx = a->op.ctx;
	char said[sizeof(ctx->message)];
	int err;

	if (dry(a)) {
		did(a, "would be taken from driver kmem");
		return 0;
	}
	err = remove_target(&a->op, target_key(&a->target), &remove);
	if (!err)
		return refresh(a);
	snprintf(said, sizeof(said), "%s", ctx->message);
	return fail(ctx, err,
		    "%s is RAM through the stock driver kmem, which took it before ramify could, and cannot be taken back: %.1400s\nit stays as it is; to have it as recorded from the next boot on: systemctl enable ramify-early.service",
		    a->target.dev->name, said);
}

static int make_it(struct application *a)
{
	char record[320];
	int err = move_to_label(a);

	if (!err)
		err = refresh(a);
	if (err)
		return err;
	where(a, record, sizeof(record));
	switch (a->purpose.intent.use) {
	case RAMIFY_USE_RAM:
		return make_ram(a, record);
	case RAMIFY_USE_RAW:
		return make_raw(a, record);
	case RAMIFY_USE_IDLE:
		return make_idle(a, record);
	default:
		return give_to_default(a);
	}
}

static int after_failure(struct application *a, int err)
{
	struct ramify *ctx = a->op.ctx;
	char said[sizeof(ctx->message)];

	strcpy(said, ctx->message);
	if (!refresh(a))
		give_raw(a);
	return fail(ctx, err, "%s", said);
}

static int act(struct application *a)
{
	int err;

	if (a->purpose.store == STORE_NONE || !target_dax(&a->target))
		return give_to_default(a);
	err = make_it(a);
	return err ? after_failure(a, err) : 0;
}

static int finish_idle(struct application *a)
{
	int err = 0, unclear;

	if (mark_is_set(a->op.ctx, &a->target, a->found ? &a->state : NULL))
		err = scrub(a);
	if (!err && a->found && !dry(a))
		err = state_remove(a->op.ctx, a->state.identity);
	if (!err && !dry(a))
		err = refresh(a);
	if (err)
		return err;
	*a->op.ctx->message = '\0';
	unclear = purpose_find(a->op.ctx, &a->target, a->entries, &a->purpose);
	return unclear ? after_failure(a, unclear) : act(a);
}

/* A record of ours tells that it was us who gave it to kmem. */
static bool is_stolen(const struct application *a)
{
	return !strcmp(a->target.dev->driver, DRIVER_STOCK) && !(a->found && a->current) &&
	       a->purpose.store != STORE_NONE && a->purpose.intent.use != RAMIFY_USE_NONE &&
	       !(a->purpose.intent.use == RAMIFY_USE_RAM &&
		 a->purpose.intent.driver != INTENT_DRIVER_OURS);
}

/* Nobody takes memory from programs because of a record; who wrote it may wait for that. */
static void tell_unwanted(struct application *a)
{
	enum ramify_use use = a->purpose.store == STORE_NONE ? RAMIFY_USE_NONE :
							       a->purpose.intent.use;
	char record[320];

	if (use != RAMIFY_USE_RAW && use != RAMIFY_USE_IDLE)
		return;
	where(a, record, sizeof(record));
	did(a, "stays RAM, as it is in use, though %s says %s: ramify remove %s, then ramify apply",
	    record, ramify_use_name(use), a->target.dev->name);
}

static int settle_ram(struct application *a)
{
	int err;

	if (!a->target.dev->driver)
		return 0;
	if (a->found && a->current && a->state.phase != STATE_RAM)
		return finish_ram(a);
	err = purpose_find(a->op.ctx, &a->target, a->entries, &a->purpose);
	if (err)
		return err;
	if (!is_stolen(a)) {
		tell_unwanted(a);
		return 0;
	}
	err = take_from_stock(a);
	return err || dry(a) ? err : make_it(a);
}

static int finish(struct application *a)
{
	switch (a->target.dev->mode) {
	case RAMIFY_MODE_RAM:
		return settle_ram(a);
	case RAMIFY_MODE_HELD:
		return finish_held(a);
	default:
		return finish_idle(a);
	}
}

/* ---- whatever it is ---- */

static int load(struct application *a)
{
	int err = record_load(a->op.ctx, &a->target, &a->state, &a->current);

	a->found = !err;
	/* Without a record the label alone tells of a mark; it is cleared through one. */
	return err == -ENOENT ? record_begin(a->op.ctx, &a->target, &a->state) : err;
}

int application_settle(struct application *a, const char *key)
{
	int err = target_open(a->op.ctx, key, &a->target);

	if (err)
		return err;
	err = load(a);
	if (!err)
		err = finish(a);
	state_clear(&a->state);
	target_close(&a->target);
	return err;
}
