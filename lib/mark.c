// SPDX-License-Identifier: LGPL-2.1-or-later
/* mark.c -- the durable note that a device holds data that was in RAM. */

#include "mark.h"

#include <errno.h>

#include "namespace.h"

/* Ours, or none of anybody's yet: then it can be written. */
static bool label_is_usable(struct ramify *ctx, const char *namespace_name,
			    struct intent *ret_intent)
{
	struct intent none = INTENT_NONE;
	int err = namespace_read_intent(ctx, namespace_name, ret_intent);

	if (err == -ENOENT || err == -EBADMSG)
		*ret_intent = none;
	return err != -EEXIST && err != -EOPNOTSUPP;
}

static bool label_is_marked(struct ramify *ctx, const char *namespace_name)
{
	struct intent intent;

	return !namespace_read_intent(ctx, namespace_name, &intent) && intent.volatile_data;
}

bool mark_is_set(struct ramify *ctx, const struct target *target, const struct state *state)
{
	const char *namespace_name = target->dev->namespace_name;

	if (state && state->mark == STATE_MARK_FILE)
		return true;
	return namespace_name && label_is_marked(ctx, namespace_name);
}

/* A label without any other content goes away with the mark. */
static bool intent_is_empty(const struct intent *intent)
{
	return intent->use == INTENT_USE_NONE && !intent->volatile_data && !intent->lists;
}

static int write_mark(struct op *op, struct target *target, bool marked)
{
	struct intent intent;
	int err;

	if (!label_is_usable(op->ctx, target->dev->namespace_name, &intent) ||
	    intent.volatile_data == marked)
		return 0;
	intent.volatile_data = marked;
	err = namespace_write_intent(op->ctx, target->dev->namespace_name,
				     intent_is_empty(&intent) ? NULL : &intent);
	return err ? err : target_refresh(op->ctx, target);
}

int mark_set(struct op *op, struct target *target, struct state *state)
{
	struct intent intent;
	int err;

	state->mark = STATE_MARK_NONE;
	if (target->persistent) {
		const char *namespace_name = target->dev->namespace_name;

		state->mark = namespace_name && label_is_usable(op->ctx, namespace_name, &intent) ?
			      STATE_MARK_LABEL : STATE_MARK_FILE;
	}
	err = state_store(op->ctx, state);
	if (!err && state->mark == STATE_MARK_LABEL)
		err = write_mark(op, target, true);
	return err;
}

/* The record is the last to forget. */
int mark_clear(struct op *op, struct target *target, struct state *state)
{
	int err = 0;

	if (target->dev->namespace_name)
		err = write_mark(op, target, false);
	if (err || state->mark == STATE_MARK_NONE)
		return err;
	state->mark = STATE_MARK_NONE;
	return state_store(op->ctx, state);
}
