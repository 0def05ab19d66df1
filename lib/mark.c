// SPDX-License-Identifier: LGPL-2.1-or-later
/* mark.c -- the durable note that a device holds data that was in RAM. */

#include "mark.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bind.h"
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

static bool label_is_marked(struct ramify *ctx, const char *namespace_name,
			    const struct state *state)
{
	struct intent intent;
	int err = namespace_read_intent(ctx, namespace_name, &intent);

	/* A label that was damaged since had the mark that the record tells of. */
	if (err == -EBADMSG)
		return state && state->mark == STATE_MARK_LABEL;
	return !err && intent.volatile_data;
}

bool mark_is_set(struct ramify *ctx, const struct target *target, const struct state *state)
{
	const char *namespace_name = target->dev->namespace_name;

	if (state && state->mark == STATE_MARK_FILE)
		return true;
	return namespace_name && label_is_marked(ctx, namespace_name, state);
}

void mark_read(struct ramify *ctx, const struct target *target, struct intent *ret_intent)
{
	struct intent none = INTENT_NONE, intent;
	const char *name = target->dev->namespace_name;

	*ret_intent = name && !namespace_read_intent(ctx, name, &intent) ? intent : none;
}

/* A label without any content goes away. */
static bool intent_is_empty(const struct intent *intent)
{
	return intent->use == RAMIFY_USE_NONE && !intent->volatile_data;
}

static bool is_same(const struct intent *a, const struct intent *b)
{
	char first[INTENT_LABEL_SIZE], second[INTENT_LABEL_SIZE];

	intent_to_label(a, "", first);
	intent_to_label(b, "", second);
	return strcmp(first, second) == 0;
}

static int write_label(struct op *op, struct target *target, const struct intent *intent)
{
	int err = namespace_write_intent(op->ctx, target->dev->namespace_name,
					 intent_is_empty(intent) ? NULL : intent);

	return err ? err : target_refresh(op->ctx, target);
}

static int write_mark(struct op *op, struct target *target, const struct intent *keep, bool marked)
{
	struct intent old, intent;

	if (!label_is_usable(op->ctx, target->dev->namespace_name, &old))
		return 0;
	intent = keep ? *keep : old;
	intent.volatile_data = marked;
	return is_same(&intent, &old) ? 0 : write_label(op, target, &intent);
}

int mark_keep(struct op *op, struct target *target, const struct intent *keep)
{
	char driver[64] = "", name[64];
	const char *dax = target_dax(target);
	struct intent old = INTENT_NONE, intent = *keep;
	int err = namespace_read_intent(op->ctx, target->dev->namespace_name, &old);

	if (err == -EEXIST || err == -EOPNOTSUPP)
		return err;
	intent.volatile_data = old.volatile_data;
	if (err == -ENOENT ? intent_is_empty(&intent) : !err && is_same(&intent, &old))
		return 0;
	err = dax ? bind_current(op->ctx, dax, driver, sizeof(driver)) : 0;
	if (!err)
		err = write_label(op, target, &intent);
	if (err || !target_dax(target))
		return err;
	snprintf(name, sizeof(name), "%s", target_dax(target));
	return bind_restore(op, name, driver);
}

int mark_set(struct op *op, struct target *target, struct state *state,
	     const struct intent *keep)
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
		err = write_mark(op, target, keep, true);
	return err;
}

/* The record is the last to forget. */
int mark_clear(struct op *op, struct target *target, struct state *state,
	       const struct intent *keep)
{
	int err = 0;

	if (target->dev->namespace_name)
		err = write_mark(op, target, keep, false);
	if (err || state->mark == STATE_MARK_NONE)
		return err;
	state->mark = STATE_MARK_NONE;
	return state_store(op->ctx, state);
}

int mark_clear_label(struct op *op, struct target *target, const struct intent *keep)
{
	return target->dev->namespace_name ? write_mark(op, target, keep, false) : 0;
}

int mark_to_record(struct op *op, struct target *target, struct state *state)
{
	const char *namespace_name = target->dev->namespace_name;
	int err;

	if (!namespace_name || !label_is_marked(op->ctx, namespace_name, state))
		return 0;
	state->mark = STATE_MARK_FILE;
	err = state_store(op->ctx, state);
	return err ? err : write_mark(op, target, NULL, false);
}
