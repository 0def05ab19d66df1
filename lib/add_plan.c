// SPDX-License-Identifier: LGPL-2.1-or-later
/* add_plan.c -- what an add will do, found out without changing anything. */

#include "add_plan.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "change.h"
#include "check.h"
#include "context.h"
#include "device.h"
#include "extent.h"
#include "fit.h"
#include "guard.h"
#include "lock.h"
#include "mark.h"
#include "namespace.h"
#include "nodemem.h"
#include "record.h"

#define MIB (UINT64_C(1) << 20)
#define ND_DIR "sys/bus/nd/devices/"

/* What a caller does not know of yet stays at its default. */
static int take_options(struct ramify *ctx, const struct ramify_add_options *options,
			struct ramify_add_options *ret_options)
{
	struct ramify_add_options o = RAMIFY_ADD_DEFAULTS;

	if (options->size > sizeof(o) || options->size < sizeof(options->size))
		return fail(ctx, -EINVAL, "the caller was built for another libramify");
	memcpy(&o, options, options->size);
	if (o.zone != RAMIFY_ZONE_MOVABLE && o.zone != RAMIFY_ZONE_KERNEL)
		return fail(ctx, -EINVAL, "memory goes online in zone movable or kernel");
	if (o.memmap == RAMIFY_MEMMAP_UNKNOWN)
		o.memmap = RAMIFY_MEMMAP_DRAM;
	*ret_options = o;
	return 0;
}

static int collect_skip(struct add_plan *plan)
{
	const struct ramify_device *dev = plan->target.dev;
	size_t n = plan->options.n_skip + dev->n_bad;
	struct ramify_extent *items = calloc(n ? n : 1, sizeof(*items));

	if (!items)
		return -ENOMEM;
	for (size_t i = 0; i < plan->options.n_skip; i++)
		items[i] = plan->options.skip[i];
	for (size_t i = 0; i < dev->n_bad; i++)
		items[plan->options.n_skip + i] = dev->bad[i];
	qsort(items, n, sizeof(*items), extent_compare);
	plan->skip = (struct state_ranges){ items, n };
	return 0;
}

static int namespace_extent(struct ramify *ctx, const char *name, struct ramify_extent *ret_extent)
{
	char path[160];
	int err;

	snprintf(path, sizeof(path), ND_DIR "%s/resource", name);
	err = attr_read_u64(ctx, path, &ret_extent->start);
	snprintf(path, sizeof(path), ND_DIR "%s/size", name);
	if (!err)
		err = attr_read_u64(ctx, path, &ret_extent->size_bytes);
	return err ? fail(ctx, err, "/%s cannot be read: %s", path, strerror(-err)) : 0;
}

static struct fit fit_converted(const struct add_plan *plan, const struct ramify_extent *ns,
				bool memmap_in_dram, uint64_t *ret_kept_bytes)
{
	uint64_t offset = namespace_devdax_offset(ns->start, ns->size_bytes, memmap_in_dram);
	struct ramify_extent data = { ns->start + offset, 0 };

	if (offset < ns->size_bytes)
		data.size_bytes = ns->size_bytes - offset;
	*ret_kept_bytes = ns->size_bytes - data.size_bytes;
	return fit_blocks(&data, 1, &plan->skip, plan->target.block_bytes);
}

/*
 * A devdax can keep its own struct pages on the device, where they cost whole blocks, or
 * in DRAM, where they cost while no driver for RAM has it. DRAM is chosen where that gains
 * a block, and takes no more than a quarter of what is free.
 */
static int fit_namespace(struct ramify *ctx, struct add_plan *plan, struct fit *ret_fit)
{
	struct ramify_extent ns;
	struct fit in_dram, on_device;
	uint64_t unused = 0, kept_dram, kept_device;
	int err = namespace_extent(ctx, plan->target.dev->name, &ns);

	if (err)
		return err;
	in_dram = fit_converted(plan, &ns, true, &kept_dram);
	on_device = fit_converted(plan, &ns, false, &kept_device);
	nodemem_read(ctx, 0, "MemFree", &unused);
	plan->memmap_in_dram = in_dram.added_bytes > on_device.added_bytes &&
			       fit_memmap_bytes(ns.size_bytes) < unused / 4;
	plan->told.convert = true;
	plan->told.size_bytes = ns.size_bytes;
	plan->told.kept_bytes = plan->memmap_in_dram ? kept_dram : kept_device;
	*ret_fit = plan->memmap_in_dram ? in_dram : on_device;
	return 0;
}

static int check_fit(struct ramify *ctx, struct add_plan *plan)
{
	const struct ramify_device *dev = plan->target.dev;
	struct fit fit;
	int err = 0;

	if (plan->target.block_bytes == RAMIFY_UNKNOWN)
		return fail(ctx, -EOPNOTSUPP, "this kernel has no memory hot-plug");
	plan->told.size_bytes = dev->size_bytes;
	if (target_dax(&plan->target))
		fit = fit_blocks(dev->extents, dev->n_extents, &plan->skip,
				 plan->target.block_bytes);
	else
		err = fit_namespace(ctx, plan, &fit);
	if (err)
		return err;
	if (!fit.added_bytes)
		return fail(ctx, -ENOSPC,
			    "%s holds no whole memory block of %" PRIu64 " MiB that is not left out; nothing was changed",
			    dev->name, plan->target.block_bytes / MIB);
	plan->told.added_bytes = fit.added_bytes;
	plan->told.lost_align_bytes = fit.lost_align_bytes;
	plan->told.lost_skip_bytes = fit.lost_skip_bytes;
	plan->told.memmap_bytes = fit_memmap_bytes(fit.added_bytes);
	return 0;
}

/* A devdax that keeps struct pages on the device: would a block be gained without? */
static void advise_on_loss(struct ramify *ctx, struct add_plan *plan)
{
	const char *name = plan->target.dev->namespace_name;
	struct ramify_extent ns;
	struct fit better;
	uint64_t kept;

	if (!name || plan->told.convert || namespace_extent(ctx, name, &ns) < 0)
		return;
	better = fit_converted(plan, &ns, true, &kept);
	if (better.added_bytes > plan->told.added_bytes)
		add_plan_warn(plan, "%" PRIu64 " MiB more would be had after: ndctl create-namespace -f -e %s -m devdax --map=mem",
			      (better.added_bytes - plan->told.added_bytes) / MIB, name);
}

static int check_data(struct op *op, struct add_plan *plan)
{
	char identity[IDENTITY_SIZE];
	struct state state = { 0 };
	int err = target_identity(op->ctx, &plan->target, identity);

	/* A namespace that has no identity yet has no record either. */
	if (!err) {
		err = state_load(op->ctx, identity, &state);
		if (err && err != -ENOENT)
			return err;
	}
	plan->marked = mark_is_set(op->ctx, &plan->target, err ? NULL : &state);
	state_clear(&state);
	*op->ctx->message = '\0';
	if (plan->marked)
		add_plan_warn(plan, "it holds what was in RAM before a crash: %s",
			      plan->options.stock ? "kmem does not scrub that" :
						    "it is scrubbed first");
	if (plan->marked)
		return 0;
	if (!plan->options.force)
		return guard_check_data(op, &plan->target);
	if (plan->target.persistent)
		add_plan_warn(plan, "--force: nobody looked for data on it, and what there is will be lost");
	return 0;
}

/* RAM already, because an add was killed half-way; or for good. */
static int check_ram(struct op *op, struct add_plan *plan)
{
	struct state state;
	bool current;
	int err = target_need_root(op->ctx);

	if (err)
		return err;
	err = record_load(op->ctx, &plan->target, &state, &current);
	if (err == -EBADMSG)
		return err;
	if (!err) {
		plan->told.finish = current && state.phase == STATE_ADDING;
		state_clear(&state);
	}
	return plan->told.finish ? 0 : check_mode(op->ctx, plan);
}

static int check_all(struct op *op, struct add_plan *plan)
{
	struct ramify *ctx = op->ctx;
	int err;

	if (plan->target.dev->mode == RAMIFY_MODE_RAM)
		return check_ram(op, plan);
	plan->told.finish = target_is_back(&plan->target);
	if (plan->told.finish)
		return target_need_root(ctx);
	err = check_mode(ctx, plan);
	if (!err)
		err = target_need_root(ctx);
	if (!err)
		err = collect_skip(plan);
	if (!err)
		err = check_stock(ctx, plan);
	if (!err)
		err = check_skip(ctx, plan->target.dev, plan->options.skip, plan->options.n_skip);
	if (!err)
		err = check_node(ctx, plan);
	if (!err)
		err = check_bad(ctx, plan);
	if (!err)
		err = check_memmap(ctx, plan);
	if (!err)
		err = check_fit(ctx, plan);
	if (!err)
		err = check_ratio(ctx, plan);
	if (!err)
		err = guard_check_use(ctx, &plan->target);
	if (!err)
		err = check_data(op, plan);
	if (!err)
		advise_on_loss(ctx, plan);
	return err;
}

int add_plan_make(struct op *op, struct target *target, const struct ramify_add_options *options,
		  struct add_plan *ret_plan)
{
	struct add_plan plan = { 0 };
	int err = take_options(op->ctx, options, &plan.options);

	if (err)
		return err;
	plan.target = *target;
	*target = (struct target){ 0 };
	plan.told.zone = plan.options.zone;
	plan.told.memmap = plan.options.memmap;
	err = check_all(op, &plan);
	if (err)
		add_plan_clear(&plan);
	else
		*ret_plan = plan;
	return err;
}

void add_plan_clear(struct add_plan *plan)
{
	ranges_clear(&plan->skip);
	target_close(&plan->target);
}

/* The driver refuses ranges that are elsewhere: what was in a namespace need not be in its device. */
int add_plan_request(const struct add_plan *plan, char *buf, size_t size)
{
	const char *before = " skip=";
	const struct ramify_add_options *o = &plan->options;
	FILE *out = fmemopen(buf, size, "w");
	int err = 0;

	if (!out)
		return -ENOMEM;
	fprintf(out, "%s node=%d zone=%s memmap=%s scrub=%d", target_dax(&plan->target),
		plan->told.node, ramify_zone_name(o->zone), ramify_memmap_name(o->memmap),
		o->scrub || plan->marked);
	if (o->adistance >= 0)
		fprintf(out, " adistance=%" PRId64, o->adistance);
	for (size_t i = 0; i < plan->skip.n; i++) {
		const struct ramify_extent *skip = &plan->skip.items[i];

		if (!device_touches(plan->target.dev, skip))
			continue;
		fprintf(out, "%s0x%" PRIx64 "-0x%" PRIx64, before, skip->start, extent_last(skip));
		before = ",";
	}
	if (fflush(out) != 0 || ftell(out) >= (long)size - 1)
		err = -E2BIG;
	fclose(out);
	return err;
}

/* What is given out owns its strings. */
struct told_plan {
	struct ramify_add_plan plan;
	char device[64];
	char warning[1024];
};

static int tell(const struct add_plan *plan, struct ramify_add_plan **ret_plan)
{
	struct told_plan *told = calloc(1, sizeof(*told));

	if (!told)
		return -ENOMEM;
	told->plan = plan->told;
	snprintf(told->device, sizeof(told->device), "%s", plan->target.dev->name);
	snprintf(told->warning, sizeof(told->warning), "%s", plan->warning);
	told->plan.device = told->device;
	told->plan.warning = told->warning;
	*ret_plan = &told->plan;
	return 0;
}

int add_plan_target(struct ramify *ctx, const char *key, const struct ramify_add_options *options,
		    struct ramify_add_plan **ret_plan)
{
	struct op op = { .ctx = ctx };
	struct target target;
	struct add_plan plan;
	int err = target_open(ctx, key, &target);

	if (err)
		return err;
	err = add_plan_make(&op, &target, options, &plan);
	target_close(&target);
	if (err)
		return err;
	err = tell(&plan, ret_plan);
	add_plan_clear(&plan);
	return err;
}

/* Under the lock, as what another command is at work on looks like leftovers of a crash. */
int ramify_add_plan(struct ramify *ctx, const char *device,
		    const struct ramify_add_options *options, struct ramify_add_plan **ret_plan)
{
	char key[128];
	int lock = -1, err = target_find_key(ctx, device, key, sizeof(key));

	if (!err && geteuid() == 0)
		err = lock_take(ctx, key, LOCK_SHORT_S, &lock);
	if (err)
		return err;
	err = add_plan_target(ctx, key, options, ret_plan);
	lock_drop(lock);
	return err;
}

void ramify_add_plan_free(struct ramify_add_plan *plan)
{
	free(plan);
}
