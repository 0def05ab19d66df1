// SPDX-License-Identifier: LGPL-2.1-or-later
/* forget.c -- nothing is recorded about a device any more. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "context.h"
#include "keep.h"
#include "lock.h"
#include "mark.h"
#include "namespace.h"
#include "settled.h"

struct forgetting {
	struct op op;
	struct target target;
};

static bool label_speaks(struct ramify *ctx, const struct target *target)
{
	const char *name = target->dev->namespace_name;
	struct intent intent;
	int err = name ? namespace_read_intent(ctx, name, &intent) : -ENOENT;

	return err == -EBADMSG || (!err && intent.use != RAMIFY_USE_NONE);
}

/* In use, it keeps the label; a file that says nothing holds against it, and empties it later. */
static int forget_label(struct forgetting *k, struct ramify_kept *kept)
{
	struct intent none = INTENT_NONE;
	char file[ENTRY_NAME_SIZE];
	int err;

	if (!keep_is_used(k->op.ctx, &k->target)) {
		err = mark_keep(&k->op, &k->target, &none);
		if (err != -EBUSY)
			return err;
	}
	err = keep_in_file(k->op.ctx, &k->target, &none, NULL, 0, true, file);
	if (!err)
		snprintf(kept->note, sizeof(kept->note),
			 "its label is in use; /" ENTRY_DIR "/%.100s says so till the next ramify apply empties it",
			 file);
	return err;
}

static int forget_locked(struct forgetting *k, const char *key, struct ramify_kept *ret_kept)
{
	struct ramify *ctx = k->op.ctx;
	struct ramify_kept kept = { 0 };
	bool speaks;
	size_t n = 0;
	int err = target_open(ctx, key, &k->target);

	if (err)
		return err;
	snprintf(kept.device, sizeof(kept.device), "%s", k->target.dev->name);
	speaks = label_speaks(ctx, &k->target);
	err = keep_drop_files(ctx, &k->target, &n);
	if (!err && speaks)
		err = forget_label(k, &kept);
	else if (!err && !n)
		err = fail(ctx, -ENOENT, "nothing is recorded about %s", k->target.dev->name);
	target_close(&k->target);
	if (!err)
		*ret_kept = kept;
	return err;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* A file that makes no sense, if it is the one that is meant. */
struct bad_file {
	struct ramify *ctx;
	const char *name;
	size_t n;
	int err;
};

static void forget_bad(void *arg, const char *file, int err)
{
	struct bad_file *bad = arg;

	if (err != -EBADMSG || strcmp(file, bad->name))
		return;
	bad->err = entry_remove(bad->ctx, file);
	bad->n++;
}

/* What is recorded about memory that is not there now, or in a file that makes no sense. */
static int forget_absent(struct ramify *ctx, const char *name, struct ramify_kept *ret_kept)
{
	struct bad_file bad = { ctx, base_name(name), 0, 0 };
	struct ramify_kept kept = { 0 };
	struct entry_list list;
	int err = entries_read(ctx, forget_bad, &bad, &list);
	size_t n = bad.n;

	if (err)
		return err;
	err = bad.err;
	if (n)
		snprintf(kept.device, sizeof(kept.device), "%.60s", bad.name);
	for (size_t i = 0; !err && i < list.n; i++) {
		const struct entry *e = &list.items[i];

		if (strcmp(e->file, base_name(name)) && (!*e->uuid || strcmp(e->uuid, name)))
			continue;
		snprintf(kept.device, sizeof(kept.device), "%.60s", base_name(name));
		err = entry_remove(ctx, e->file);
		n++;
	}
	entries_free(&list);
	if (!err && !n)
		return -ENOENT;
	if (!err)
		*ret_kept = kept;
	return err;
}

int ramify_forget(struct ramify *ctx, const char *device, struct ramify_kept *ret_kept)
{
	struct forgetting k = { .op.ctx = ctx };
	char key[128], said[sizeof(ctx->message)];
	int lock, err = keep_begin(ctx, device, key, &lock);

	if (err == -ENODEV) {
		strcpy(said, ctx->message);
		err = target_need_root(ctx);
		if (!err)
			err = forget_absent(ctx, device, ret_kept);
		return err == -ENOENT ? fail(ctx, -ENODEV, "%s", said) : err;
	}
	if (err)
		return err;
	err = forget_locked(&k, key, ret_kept);
	settled_note(ctx, key, 0);
	lock_drop(lock);
	return err;
}
