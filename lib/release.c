// SPDX-License-Identifier: LGPL-2.1-or-later
/* release.c -- the second half of a remove: only forward. */

#include "release.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bind.h"
#include "context.h"
#include "driver.h"
#include "mark.h"
#include "record.h"

/* It never stays where the stock driver, once loaded, would take it for RAM. */
static const char *driver_after(const struct target *target, const struct state *state)
{
	bool stock_waits = target->region && bind_kmem_takes(target->region->source);

	if (strcmp(state->driver, DRIVER_STOCK) == 0 || (!*state->driver && stock_waits))
		return DRIVER_RAW;
	return state->driver;
}

/* The record goes last, and the mark with it: till then a crash costs one scrub more. */
int release_finish(struct op *op, struct target *target, struct state *state)
{
	int err = mark_to_record(op, target, state);

	if (!err && target_dax(target))
		err = bind_restore(op, target_dax(target), driver_after(target, state));
	return err ? err : state_remove(op->ctx, state->identity);
}

static int explain(struct op *op, const char *name, int err)
{
	char said[sizeof(op->ctx->message)];

	snprintf(said, sizeof(said), "%s", op->ctx->message);
	return fail(op->ctx, err,
		    "%.1500s\n%s is no RAM any more, and what is not scrubbed yet can be read by nobody; ramify remove %s finishes it",
		    said, name, name);
}

static bool nothing_was_removed(struct ramify *ctx, const char *dax)
{
	char word[32];

	return !driver_state(ctx, dax, word, sizeof(word)) &&
	       (strcmp(word, "offline") == 0 || strcmp(word, "partial") == 0 ||
		strcmp(word, "online") == 0);
}

int release_device(struct op *op, struct target *target, struct state *state)
{
	char dax[64];
	int err;

	snprintf(dax, sizeof(dax), "%s", target_dax(target));
	err = op_progress(op, RAMIFY_PHASE_REMOVE, 0, 1);
	if (err) {
		fail(op->ctx, err, "%s: interrupted", dax);
	} else {
		/* The kernel finishes what it began; who stops waiting for it only loses its answer. */
		op->undoing = true;
		err = driver_release(op, dax);
	}
	if (!err)
		return release_finish(op, target, state);
	if (!nothing_was_removed(op->ctx, dax))
		return explain(op, dax, err);
	op->undoing = false;
	return err;
}

/*
 * The namespace may be destroyed: then there is no mark left to clear. While it is
 * disabled or half torn down its label may refuse; that costs one scrub more.
 */
static int clear_of_held(struct op *op, struct state *state)
{
	char said[sizeof(op->ctx->message)];
	struct target target;
	int err;

	if (target_open_identity(op->ctx, state->identity, &target) < 0)
		return state_remove(op->ctx, state->identity);
	err = release_finish(op, &target, state);
	target_close(&target);
	if (!err)
		return 0;
	snprintf(said, sizeof(said), "%s", op->ctx->message);
	return fail(op->ctx, 0, "it is scrubbed, and will be once more before its next use: %.1500s",
		    said);
}

int release_held(struct op *op, const struct target *target, struct state *state)
{
	const char *name = target->dev->name;
	int err;

	op->undoing = true;
	err = driver_release(op, name);
	if (err)
		return explain(op, name, err);
	return *state->identity ? clear_of_held(op, state) : 0;
}

int release_scrub(struct op *op, struct target *target, struct state *state)
{
	const char *dax = target_dax(target);
	char request[96];
	int err;

	if (!dax)
		return fail(op->ctx, -ENODEV,
			    "%s is marked as holding what was in RAM, and is disabled; ndctl enable-namespace %s, then ramify apply",
			    target->dev->name, target->dev->name);
	err = driver_require(op->ctx);
	if (!err)
		err = bind_none(op, dax);
	snprintf(request, sizeof(request), "%s scrub=only", dax);
	if (!err)
		err = driver_add(op, dax, request, RAMIFY_PHASE_SCRUB);
	return err ? err : mark_clear(op, target, state, NULL);
}
