// SPDX-License-Identifier: LGPL-2.1-or-later
/* reshape.c -- a device gets other memory of its region, also if the command is killed at it. */

#include "reshape.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bind.h"
#include "context.h"
#include "dir.h"
#include "division.h"
#include "durable.h"
#include "lock.h"
#include "region.h"
#include "settled.h"

/*
 * The kernel takes a device's memory before it gives it other: killed in between, it has none, and
 * nothing shows it. What it is to have is written down before, here because a reboot makes a region
 * whole again anyway.
 */
#define NOTE_DIR "run/ramify"
#define SUFFIX ".shape"
#define NOTE_MAX (1u << 20)

/* ---- the note ---- */

static void note_name(const char *dax, char name[NAME_MAX])
{
	snprintf(name, NAME_MAX, "%.64s" SUFFIX, dax);
}

/* The number that sysfs gave to the device stands for it. */
static int describe(struct op *op, const char *dax, const char *driver,
		    const struct state_ranges *after, char **ret_text)
{
	struct state note = { .phase = STATE_RESHAPING, .extents = *after };
	uint64_t number;
	int err = settled_instance(op->ctx, dax, &number);

	if (!err)
		err = state_boot(op->ctx, note.boot);
	if (err)
		return err;
	snprintf(note.identity, sizeof(note.identity), "%" PRIu64, number);
	snprintf(note.device, sizeof(note.device), "%s", dax);
	snprintf(note.driver, sizeof(note.driver), "%s", driver);
	return state_format(&note, ret_text);
}

static int note_write(struct op *op, const char *dax, const char *driver,
		      const struct state_ranges *after)
{
	char name[NAME_MAX], *text;
	int dir, err = describe(op, dax, driver, after, &text);

	if (!err) {
		note_name(dax, name);
		err = durable_open(op->ctx, "run", "ramify", true, 0755, &dir);
		if (!err) {
			err = durable_replace(dir, name, text, 0600);
			close(dir);
		}
		free(text);
	}
	return err ? fail(op->ctx, err, "no record can be written in /" NOTE_DIR
			  ": %s; without one a crash could not be mended; nothing was changed",
			  strerror(-err)) : 0;
}

static void note_remove(struct op *op, const char *dax)
{
	char name[NAME_MAX];
	int dir;

	note_name(dax, name);
	if (durable_open(op->ctx, "run", "ramify", false, 0755, &dir))
		return;
	durable_remove(dir, name);
	close(dir);
}

/* Of this very device; else -ESTALE. */
static int note_read(struct op *op, const char *dax, struct state *ret_note)
{
	char name[NAME_MAX], path[NAME_MAX + sizeof(NOTE_DIR)], *text = malloc(NOTE_MAX);
	uint64_t number, noted;
	struct state note;
	int err = text ? 0 : -ENOMEM;

	note_name(dax, name);
	snprintf(path, sizeof(path), NOTE_DIR "/%s", name);
	if (!err)
		err = attr_read(op->ctx, path, text, NOTE_MAX);
	if (!err)
		/* attr_read() drops the last newline, which the check sum line has. */
		err = state_parse(text, strlen(strcat(text, "\n")), &note);
	free(text);
	if (err)
		return err;
	if (note.phase != STATE_RESHAPING || settled_instance(op->ctx, dax, &number) ||
	    parse_u64(note.identity, &noted) || noted != number) {
		state_clear(&note);
		return -ESTALE;
	}
	*ret_note = note;
	return 0;
}

/* ---- now ---- */

int reshape(struct op *op, const char *dax, const struct state_ranges *after)
{
	char driver[64], said[sizeof(op->ctx->message)];
	int back, err = bind_current(op->ctx, dax, driver, sizeof(driver));

	if (err)
		return fail(op->ctx, err, "%s: its driver cannot be read: %s", dax, strerror(-err));
	err = note_write(op, dax, driver, after);
	if (!err)
		err = bind_none(op, dax);
	if (err) {
		note_remove(op, dax);
		return err;
	}
	err = division_shape(op->ctx, dax, after);
	strcpy(said, op->ctx->message);
	back = bind_restore(op, dax, driver);
	note_remove(op, dax);
	if (!err)
		return back;
	return fail(op->ctx, err, "%.1500s%s", said, back ? "; it has no driver now" : "");
}

/* ---- later ---- */

static bool are_equal(const struct state_ranges *a, const struct state_ranges *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (a->items[i].start != b->items[i].start ||
		    a->items[i].size_bytes != b->items[i].size_bytes)
			return false;
	return true;
}

/* Somebody gave it to a driver since: then it is his as it is. */
static int complete(struct op *op, const char *dax, const struct state *note)
{
	struct state_ranges now;
	char driver[64];
	int err = bind_current(op->ctx, dax, driver, sizeof(driver));

	if (err || *driver)
		return err;
	err = division_extents(op->ctx, dax, &now);
	if (err)
		return err;
	if (!are_equal(&now, &note->extents))
		err = division_shape(op->ctx, dax, &note->extents);
	ranges_clear(&now);
	return err ? err : bind_restore(op, dax, note->driver);
}

static int finish_locked(struct op *op, const char *dax, bool *ret_done)
{
	struct state note;
	int err = note_read(op, dax, &note);

	if (!err) {
		err = complete(op, dax, &note);
		state_clear(&note);
		*ret_done = true;
	} else if (err == -ESTALE || err == -EBADMSG) {
		err = 0;
	}
	if (!err)
		note_remove(op, dax);
	return err == -ENOENT ? 0 : err;
}

/* Region before device, as all take them. */
static int finish_one(struct op *op, const char *dax, bool *ret_done)
{
	struct dax_place place;
	int region = -1, device = -1;
	int err = dax_place_read(op->ctx, dax, &place);

	if (err || !*place.region) {
		note_remove(op, dax);
		return 0;
	}
	if (!lock_take(op->ctx, place.region, 0, &region) &&
	    !lock_take(op->ctx, dax, 0, &device))
		err = finish_locked(op, dax, ret_done);
	lock_drop(device);
	lock_drop(region);
	return err;
}

void reshape_finish(struct op *op, reshape_fn fn, void *arg)
{
	struct dir_list names;

	if (dir_list_read(op->ctx, NOTE_DIR, "dax", &names))
		return;
	for (size_t i = 0; i < names.n; i++) {
		char *end = strstr(names.names[i], SUFFIX);
		bool done = false;
		int err;

		if (!end || strcmp(end, SUFFIX) != 0)
			continue;
		*end = '\0';
		*op->ctx->message = '\0';
		err = dir_is_pair(names.names[i], "dax") ? finish_one(op, names.names[i], &done) : 0;
		if (fn && (err || done))
			fn(arg, names.names[i], err);
	}
	*op->ctx->message = '\0';
	dir_list_free(&names);
}
