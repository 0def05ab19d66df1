// SPDX-License-Identifier: LGPL-2.1-or-later
/* record.c -- a device's write-ahead record, as an operation begins, goes on and ends. */

#include "record.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bind.h"
#include "context.h"
#include "extent.h"
#include "onoff.h"

static int copy_extents(const struct ramify_device *dev, struct state_ranges *ret_ranges)
{
	struct state_ranges ranges = { 0 };
	int err = 0;

	for (size_t i = 0; !err && i < dev->n_extents; i++)
		err = ranges_append(&ranges, dev->extents[i].start, dev->extents[i].size_bytes);
	if (err)
		ranges_clear(&ranges);
	else
		*ret_ranges = ranges;
	return err;
}

int record_begin(struct ramify *ctx, const struct target *target, struct state *ret_state)
{
	const char *dax = target_dax(target);
	struct state s = { .phase = STATE_ADDING };
	int err = target_identity(ctx, target, s.identity);

	if (!err)
		err = state_boot(ctx, s.boot);
	if (!err && dax)
		err = bind_current(ctx, dax, s.driver, sizeof(s.driver));
	if (!err)
		err = copy_extents(target->dev, &s.extents);
	if (err)
		return *ctx->message ? err : fail(ctx, err, "%s: its record cannot be made: %s",
						  target->dev->name, strerror(-err));
	snprintf(s.device, sizeof(s.device), "%s", target->dev->name);
	*ret_state = s;
	return 0;
}

/* A record that is kept by address can be of what was there before. */
static bool is_of(const struct state *state, const struct ramify_device *dev)
{
	if (!dev->n_extents)
		return true;
	for (size_t i = 0; i < state->extents.n; i++)
		if (extent_overlaps(&state->extents.items[i], &dev->extents[0]))
			return true;
	return false;
}

static bool is_current(struct ramify *ctx, const struct state *state)
{
	char boot[IDENTITY_SIZE];

	return !state_boot(ctx, boot) && strcmp(boot, state->boot) == 0;
}

int record_load(struct ramify *ctx, const struct target *target, struct state *ret_state,
		bool *ret_current)
{
	char identity[IDENTITY_SIZE];
	struct state state;
	int err = target_identity(ctx, target, identity);

	if (!err)
		err = state_load(ctx, identity, &state);
	if (err)
		return err;
	/* Under a UUID the memory may have moved, with its DIMM. */
	if (strncmp(identity, "at-", 3) == 0 && !is_of(&state, target->dev)) {
		state_clear(&state);
		return -ENOENT;
	}
	*ret_current = is_current(ctx, &state);
	*ret_state = state;
	return 0;
}

struct search {
	struct ramify *ctx;
	const struct ramify_extent *extent;
	char identity[IDENTITY_SIZE];
};

static int match(void *arg, const struct state *state)
{
	struct search *s = arg;

	if (!is_current(s->ctx, state))
		return 0;
	for (size_t i = 0; i < state->extents.n; i++)
		if (extent_holds(&state->extents.items[i], s->extent)) {
			strcpy(s->identity, state->identity);
			return 1;
		}
	return 0;
}

int record_find(struct ramify *ctx, const struct ramify_extent *extent, struct state *ret_state)
{
	struct search s = { .ctx = ctx, .extent = extent };
	int found = state_each(ctx, match, &s);

	if (found <= 0)
		return found < 0 ? found : -ENOENT;
	return state_load(ctx, s.identity, ret_state);
}

int record_phase(struct op *op, struct state *state, enum state_phase phase)
{
	state->phase = phase;
	return state_store(op->ctx, state);
}

int record_offlining(struct op *op, struct state *state, const struct blockset *online)
{
	struct state_ranges ranges;
	int err = blockset_ranges(online, &ranges);

	if (err)
		return err;
	ranges_clear(&state->online);
	state->online = ranges;
	return record_phase(op, state, STATE_OFFLINING);
}

static int online_again(struct op *op, const struct blockset *set, enum ramify_zone zone)
{
	struct blockset offline = { 0 };
	uint64_t block = 0;
	int err = blockset_select(op->ctx, set, false, &offline);

	if (!err)
		err = onoff_online(op, &offline, zone, &block);
	blockset_clear(&offline);
	if (err)
		return fail(op->ctx, err, "memory block %" PRIu64 " does not go online again: %s",
			    block, strerror(-err));
	return 0;
}

int record_put_online(struct op *op, struct state *state, uint64_t block_bytes)
{
	struct blockset set;
	int err = blockset_inside(&state->online, block_bytes, &set);

	if (err)
		return err;
	err = online_again(op, &set, state->zone);
	blockset_clear(&set);
	if (err)
		return err;
	ranges_clear(&state->online);
	/* A record that still says "offlining" costs nobody anything: all is online already. */
	record_phase(op, state, STATE_RAM);
	return 0;
}
