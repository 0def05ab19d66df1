// SPDX-License-Identifier: LGPL-2.1-or-later
/* examine_records.c -- files about memory and tiers that nobody can act upon, or has yet to. */

#include <errno.h>
#include <stdio.h>

#include "findings.h"
#include "lock.h"
#include "purpose.h"
#include "record.h"

struct bad_files {
	struct examination *ex;
	int err;
};

static void tell_bad(void *arg, const char *file, int err)
{
	struct bad_files *bad = arg;

	if (!bad->err)
		bad->err = finding_add(bad->ex, RAMIFY_BAD, "records",
				       "edit it as ramify-keep(1) says, or remove it", "%s",
				       bad->ex->ctx->message);
}

/* What waits to be moved into the label has to differ from it. */
static int tell_shadowed(struct examination *ex, const struct ramify_device *dev,
			 const struct purpose *purpose)
{
	char where[320];

	if (purpose->shadowed == RAMIFY_USE_NONE || purpose->entry->to_label ||
	    purpose->shadowed == purpose->intent.use)
		return 0;
	purpose_where(purpose, where, sizeof(where));
	return finding_add(ex, RAMIFY_WARN, "records",
			   "ramify keep --as, which leaves one record, or remove that file",
			   "%s is recorded twice: its label says %s, and does not hold; %s says %s",
			   dev->name, ramify_use_name(purpose->shadowed), where,
			   ramify_use_name(purpose->intent.use));
}

static struct target target_of(const struct examination *ex, const struct ramify_device *dev)
{
	return (struct target){
		.sys = ex->sys, .dev = dev,
		.region = dev->region ? system_region(ex->sys, dev->region) : NULL,
	};
}

static int examine_purpose(struct examination *ex, const struct ramify_device *dev,
			   const struct entry_list *entries)
{
	struct purpose purpose;
	struct target target = target_of(ex, dev);

	if (!purpose_find(ex->ctx, &target, entries, &purpose))
		return tell_shadowed(ex, dev, &purpose);
	return finding_add(ex, RAMIFY_WARN, "records", "", "%s", ex->ctx->message);
}

int examine_records(struct examination *ex)
{
	const struct ramify_device *dev = NULL;
	struct bad_files bad = { .ex = ex };
	struct entry_list entries;
	int err = entries_read(ex->ctx, tell_bad, &bad, &entries);

	if (err)
		return err == -ENOMEM ? err : finding_add(ex, RAMIFY_BAD, "records",
							  "sudo ramify doctor", "%s",
							  ex->ctx->message);
	err = bad.err;
	while (!err && (dev = ramify_next_device(ex->sys, dev)))
		err = examine_purpose(ex, dev, &entries);
	entries_free(&entries);
	return err;
}

static bool is_unfinished(struct ramify *ctx, const struct target *target,
			  enum state_phase *ret_phase)
{
	const struct ramify_device *dev = target->dev;
	struct state state;
	bool current = true;
	int err;

	if (dev->mode == RAMIFY_MODE_HELD)
		err = dev->n_extents ? record_find(ctx, &dev->extents[0], &state) : -ENOENT;
	else
		err = record_load(ctx, target, &state, &current);
	if (err)
		return false;
	*ret_phase = state.phase;
	state_clear(&state);
	return current && *ret_phase != STATE_RAM;
}

static int tell_unfinished(struct examination *ex, const struct ramify_device *dev,
			   enum state_phase phase)
{
	char remedy[192], add[96] = "";
	const char *what = "taken back: what is not zeroed yet can be read by nobody";

	if (phase == STATE_ADDING) {
		what = "made RAM";
		snprintf(add, sizeof(add), ", or ramify add %s", dev->name);
	} else if (phase == STATE_OFFLINING) {
		what = "taken back: some of it may be offline";
		if (dev->mode == RAMIFY_MODE_RAM)
			snprintf(add, sizeof(add), ", or ramify add --resume %s", dev->name);
	}
	snprintf(remedy, sizeof(remedy), "ramify remove %s%s", dev->name, add);
	return finding_add(ex, RAMIFY_WARN, "unfinished", remedy,
			   "%s: a command was killed while it was being %s", dev->name, what);
}

/* Unless a command is at work on it, as one may have been till now. */
static int examine_target(struct examination *ex, const struct target *target)
{
	enum state_phase phase;
	int lock, err = 0;

	if (!is_unfinished(ex->ctx, target, &phase) ||
	    lock_take(ex->ctx, target_key(target), 0, &lock))
		return 0;
	if (is_unfinished(ex->ctx, target, &phase))
		err = tell_unfinished(ex, target->dev, phase);
	lock_drop(lock);
	return err;
}

int examine_unfinished(struct examination *ex)
{
	const struct ramify_device *dev = NULL;
	int err = 0;

	while (!err && (dev = ramify_next_device(ex->sys, dev))) {
		struct target target = target_of(ex, dev);

		if (!target_is_stuck(&target))
			err = examine_target(ex, &target);
	}
	return err;
}

int examine_tiers(struct examination *ex)
{
	struct ramify_placements *placements;
	int err = ramify_placements_read(ex->ctx, ex->sys, &placements);

	if (err)
		return err == -ENOMEM ? err :
		       finding_add(ex, RAMIFY_BAD, "tiers", "edit it as ramify-measure(1) says",
				   "none of the file holds: %s", ex->ctx->message);
	ramify_placements_free(placements);
	return 0;
}
