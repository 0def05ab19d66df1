// SPDX-License-Identifier: LGPL-2.1-or-later
/* guard.c -- the data guard: nothing that somebody may want is destroyed unasked. */

#include "guard.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bind.h"
#include "claim.h"
#include "context.h"
#include "probe.h"

int guard_check_use(struct ramify *ctx, const struct target *target)
{
	if (target_dax(target))
		return claim_check_dax(ctx, target_dax(target));
	if (target->dev->block_device)
		return claim_check_block(ctx, target->dev->block_device);
	return 0;
}

static int judge(struct ramify *ctx, const char *name, const struct probe *probe)
{
	char signature[64];
	uint64_t offset;
	int err = probe_signature(probe, signature, sizeof(signature));

	if (err)
		return fail(ctx, err, "%s: cannot be searched for data: %s", name, strerror(-err));
	if (*signature)
		return fail(ctx, -EEXIST,
			    "%s holds data: %s; nothing was changed; save what you need, then --force destroys it",
			    name, signature);
	err = probe_find_data(probe, &offset);
	if (!err)
		return fail(ctx, -EEXIST,
			    "%s holds data of an unknown kind at offset %" PRIu64 "; nothing was changed; save what you need, then --force destroys it",
			    name, offset);
	if (err != -ENOENT)
		return fail(ctx, err, "%s: cannot be searched for data: %s", name, strerror(-err));
	if (probe->bad_pages)
		return fail(ctx, -EEXIST,
			    "%s: %" PRIu64 " pages cannot be read, so that nobody can say whether it holds data; nothing was changed; --force overrides this",
			    name, probe->bad_pages);
	return 0;
}

static int look(struct ramify *ctx, const char *name, const char *path, uint64_t size_bytes,
		uint64_t align)
{
	struct probe probe;
	int err = probe_read(ctx, path, size_bytes, align, &probe);

	if (err)
		return fail(ctx, err, "/%s cannot be searched for data: %s; nothing was changed",
			    path, strerror(-err));
	err = judge(ctx, name, &probe);
	probe_close(&probe);
	return err;
}

static int look_at_block(struct ramify *ctx, const char *block_device)
{
	char path[96];
	uint64_t sectors;
	int err;

	snprintf(path, sizeof(path), "sys/class/block/%s/size", block_device);
	err = attr_read_u64(ctx, path, &sectors);
	if (err)
		return fail(ctx, err, "/%s cannot be read: %s", path, strerror(-err));
	snprintf(path, sizeof(path), "dev/%s", block_device);
	return look(ctx, block_device, path, sectors * 512, 0);
}

static int look_at_dax(struct ramify *ctx, const char *dax, uint64_t size_bytes)
{
	char path[160];
	uint64_t align;
	int err;

	snprintf(path, sizeof(path), "sys/bus/dax/devices/%s/align", dax);
	err = attr_read_u64(ctx, path, &align);
	if (err || !align)
		return fail(ctx, err ? err : -EBADMSG, "/%s cannot be read", path);
	snprintf(path, sizeof(path), "dev/%s", dax);
	return look(ctx, dax, path, size_bytes, align);
}

/* A failure to look keeps its message, whatever becomes of putting it back. */
static int look_unbound(struct op *op, const char *dax, uint64_t size_bytes)
{
	char message[sizeof(op->ctx->message)];
	int err = bind_to(op, dax, DRIVER_RAW), back;

	if (err)
		return err;
	err = look_at_dax(op->ctx, dax, size_bytes);
	strcpy(message, op->ctx->message);
	back = bind_none(op, dax);
	if (!err)
		return back;
	return fail(op->ctx, err, "%s%s", message,
		    back ? "; it stays with driver " DRIVER_RAW : "");
}

/* Only device_dax lets it be mapped. */
static int look_bound(struct op *op, const char *dax, uint64_t size_bytes)
{
	char driver[64];
	int err = bind_current(op->ctx, dax, driver, sizeof(driver));

	if (err)
		return fail(op->ctx, err, "%s: its driver cannot be read: %s", dax, strerror(-err));
	if (strcmp(driver, DRIVER_RAW) == 0)
		return look_at_dax(op->ctx, dax, size_bytes);
	if (*driver)
		return fail(op->ctx, -EBUSY, "%s belongs to driver %s; nothing was changed", dax,
			    driver);
	return look_unbound(op, dax, size_bytes);
}

int guard_check_data(struct op *op, const struct target *target)
{
	const char *dax = target_dax(target);

	if (!target->persistent)
		return 0;
	if (dax)
		return look_bound(op, dax, target->dev->size_bytes);
	if (target->dev->block_device)
		return look_at_block(op->ctx, target->dev->block_device);
	return fail(op->ctx, -ENODEV,
		    "%s is disabled, so that nobody can look at it; nothing was changed; ndctl enable-namespace %s",
		    target->dev->name, target->dev->name);
}
