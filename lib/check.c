// SPDX-License-Identifier: LGPL-2.1-or-later
/* check.c -- what must hold before a device can become RAM. */

#include "check.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bind.h"
#include "context.h"
#include "device.h"
#include "extent.h"
#include "idlist.h"
#include "module.h"

#define RATIO_WARN 4
#define RATIO_MAX 16
#define MIB (UINT64_C(1) << 20)
#define NODE_POSSIBLE "sys/devices/system/node/possible"
#define MEMMAP_ON_MEMORY "sys/module/memory_hotplug/parameters/memmap_on_memory"
#define AUTO_ONLINE "sys/devices/system/memory/auto_online_blocks"

void add_plan_warn(struct add_plan *plan, const char *fmt, ...)
{
	size_t len = strlen(plan->warning);
	va_list ap;

	if (len && len + 1 < sizeof(plan->warning))
		plan->warning[len++] = '\n';
	va_start(ap, fmt);
	vsnprintf(plan->warning + len, sizeof(plan->warning) - len, fmt, ap);
	va_end(ap);
}

static int check_namespace(struct ramify *ctx, const struct ramify_device *dev)
{
	const char *mode = dev->namespace_mode ? dev->namespace_mode : "unknown";

	if (strcmp(mode, "fsdax") == 0 || strcmp(mode, "raw") == 0)
		return 0;
	if (strcmp(mode, "devdax") == 0)
		return fail(ctx, -ENODEV,
			    "%s is disabled; nothing was changed; first: ndctl enable-namespace %s",
			    dev->name, dev->name);
	return fail(ctx, -EOPNOTSUPP,
		    "%s is in mode %s, which is not converted; nothing was changed; if nobody needs it: ndctl create-namespace -f -e %s -m devdax",
		    dev->name, mode, dev->name);
}

int check_mode(struct ramify *ctx, const struct add_plan *plan)
{
	const struct ramify_device *dev = plan->target.dev;

	switch (dev->mode) {
	case RAMIFY_MODE_RAM:
		if (target_is_stuck(&plan->target))
			return target_refuse_stuck(ctx, &plan->target);
		if (dev->state == RAMIFY_STATE_REMOVING || dev->state == RAMIFY_STATE_SCRUBBING)
			return fail(ctx, -EBUSY,
				    "%s is on its way from RAM; nothing was changed; ramify remove %s finishes it",
				    dev->name, dev->name);
		return fail(ctx, -EBUSY,
			    "%s is RAM already (driver %s); nothing was changed; --resume brings online what an interrupted remove took offline",
			    dev->name, dev->driver);
	case RAMIFY_MODE_HELD:
		return fail(ctx, -EBUSY,
			    "the memory at %s is in use without its device; nothing was changed; ramify remove %s",
			    dev->name, dev->name);
	default:
		break;
	}
	if (!dev->size_bytes)
		return fail(ctx, -ENOSPC, "%s has no memory; nothing was changed", dev->name);
	return target_dax(&plan->target) ? 0 : check_namespace(ctx, dev);
}

static bool node_is_possible(struct ramify *ctx, int node)
{
	char text[ATTR_MAX];
	const char *rest = text;
	unsigned int first, last;

	/* Where it cannot be read the driver has the last word. */
	if (attr_read(ctx, NODE_POSSIBLE, text, sizeof(text)) < 0)
		return true;
	while (idlist_next(&rest, &first, &last) > 0)
		if ((unsigned int)node >= first && (unsigned int)node <= last)
			return true;
	return false;
}

int check_node(struct ramify *ctx, struct add_plan *plan)
{
	int node = plan->options.node >= 0 ? plan->options.node : plan->target.dev->node;

	if (node < 0)
		return fail(ctx, -ENODEV,
			    "%s: firmware gave it no NUMA node; slow memory on a node of fast memory is a trap, so it is not added by itself; nothing was changed; --node N adds it to node N",
			    plan->target.dev->name);
	if (!node_is_possible(ctx, node))
		return fail(ctx, -ENODEV,
			    "node %d cannot be on this machine; nothing was changed; /" NODE_POSSIBLE
			    " lists those that can", node);
	plan->told.node = node;
	return 0;
}

/* Bad memory is worse than less memory. The kernel cuts its list at a page: what is not told would be used until it kills somebody. */
int check_bad(struct ramify *ctx, const struct add_plan *plan)
{
	const struct ramify_region *region = plan->target.region;
	const char *warning = ramify_warning(plan->target.sys);

	if (warning)
		return fail(ctx, -EBADMSG,
			    "what is bad of %s is not known: %s; nothing was changed",
			    plan->target.dev->name, warning);
	if (!region || !region->persistent || region->bad_bytes != RAMIFY_UNKNOWN)
		return 0;
	return fail(ctx, -EIO,
		    "%s has more bad ranges than the kernel tells, so that they cannot be left out; nothing was changed; ndctl clear-errors %s mends those that can be mended",
		    region->name,
		    plan->target.dev->namespace_name ? plan->target.dev->namespace_name : region->name);
}

int check_memmap(struct ramify *ctx, const struct add_plan *plan)
{
	char text[16];
	int err;

	if (plan->options.memmap != RAMIFY_MEMMAP_DEVICE)
		return 0;
	err = attr_read(ctx, MEMMAP_ON_MEMORY, text, sizeof(text));
	if (!err && (*text == 'Y' || *text == '1' || strcmp(text, "force") == 0))
		return 0;
	return fail(ctx, -EOPNOTSUPP,
		    "struct pages on the device need memory_hotplug.memmap_on_memory=1 on the kernel's command line (in /etc/default/grub, then update-grub and reboot); nothing was changed; --memmap dram does without");
}

/* On the whole machine, after the add. */
static void count_zones(struct add_plan *plan)
{
	const struct ramify_node *node = NULL;
	uint64_t movable = 0, kernel = 0;

	while ((node = ramify_next_node(plan->target.sys, node))) {
		if (node->total_bytes == RAMIFY_UNKNOWN)
			continue;
		if (node->movable_bytes == RAMIFY_UNKNOWN) {
			kernel += node->total_bytes;
			continue;
		}
		movable += node->movable_bytes;
		kernel += node->total_bytes > node->movable_bytes ?
			  node->total_bytes - node->movable_bytes : 0;
	}
	if (plan->options.zone == RAMIFY_ZONE_MOVABLE)
		movable += plan->told.added_bytes;
	else
		kernel += plan->told.added_bytes;
	plan->told.movable_bytes = movable;
	plan->told.kernel_bytes = kernel;
}

int check_ratio(struct ramify *ctx, struct add_plan *plan)
{
	unsigned int most = plan->options.ratio ? plan->options.ratio : RATIO_MAX;
	uint64_t movable, kernel;

	count_zones(plan);
	movable = plan->told.movable_bytes;
	kernel = plan->told.kernel_bytes;
	if (plan->options.zone != RAMIFY_ZONE_MOVABLE || !kernel)
		return 0;
	if (movable / kernel >= most && movable > kernel * most)
		return fail(ctx, -ENOMEM,
			    "%s: movable memory would be %.1f times what the kernel can use (%" PRIu64
			    " to %" PRIu64 " MiB), and more than %u times starves the kernel; nothing was changed; --zone kernel lets the kernel use it too, --ratio N raises the bound",
			    plan->target.dev->name, (double)movable / kernel, movable / MIB,
			    kernel / MIB, most);
	if (movable > kernel * RATIO_WARN)
		add_plan_warn(plan, "movable memory will be %.1f times what the kernel can use: above %d, kernel memory can run out first",
			      (double)movable / kernel, RATIO_WARN);
	return 0;
}

int check_skip(struct ramify *ctx, const struct ramify_device *dev,
	       const struct ramify_extent *skip, size_t n_skip)
{
	for (size_t i = 0; dev->n_extents && i < n_skip; i++) {
		if (device_touches(dev, &skip[i]))
			continue;
		return fail(ctx, -ERANGE,
			    "nothing of 0x%" PRIx64 "-0x%" PRIx64
			    ", which is to be left out, is in %s, which %s 0x%" PRIx64 "-0x%" PRIx64
			    "; nothing was changed",
			    skip[i].start, extent_last(&skip[i]), dev->name,
			    dev->n_extents > 1 ? "has pieces of" : "is", dev->extents[0].start,
			    extent_last(&dev->extents[dev->n_extents - 1]));
	}
	return 0;
}

static int refuse_option(struct ramify *ctx, const char *option)
{
	return fail(ctx, -EOPNOTSUPP,
		    "%s needs the driver ramify: the stock driver kmem does not have it; nothing was changed",
		    option);
}

/* The stock driver adds memory that the kernel may bring online in a zone of its choice. */
static int check_auto_online(struct ramify *ctx, struct add_plan *plan)
{
	const char *wanted = plan->options.zone == RAMIFY_ZONE_MOVABLE ? "online_movable"
								      : "online_kernel";
	char policy[32];

	if (attr_read(ctx, AUTO_ONLINE, policy, sizeof(policy)) < 0 ||
	    strcmp(policy, "offline") == 0 || strcmp(policy, wanted) == 0)
		return 0;
	return fail(ctx, -EBUSY,
		    "with the stock driver kmem the kernel would bring the memory online itself (auto_online_blocks is %s), in a zone that it may never leave; nothing was changed; first: echo %s > /"
		    AUTO_ONLINE ", or use the driver ramify", policy, wanted);
}

/* Once loaded, kmem takes each device that waits for it. */
static void warn_of_others(struct ramify *ctx, struct add_plan *plan)
{
	const struct ramify_device *dev = NULL;

	if (module_is_loaded(ctx, DRIVER_STOCK) || !plan->target.region ||
	    !bind_kmem_takes(plan->target.region->source))
		return;
	while ((dev = ramify_next_device(plan->target.sys, dev)))
		if (dev != plan->target.dev && dev->mode == RAMIFY_MODE_IDLE &&
		    !dev->namespace_name)
			add_plan_warn(plan, "loading kmem makes RAM of %s too", dev->name);
}

int check_stock(struct ramify *ctx, struct add_plan *plan)
{
	const struct ramify_add_options *o = &plan->options;

	if (!o->stock)
		return 0;
	if (o->memmap == RAMIFY_MEMMAP_DEVICE)
		return refuse_option(ctx, "--memmap device");
	if (o->scrub)
		return refuse_option(ctx, "--scrub");
	if (o->node >= 0 && o->node != plan->target.dev->node)
		return refuse_option(ctx, "--node");
	if (o->adistance >= 0)
		return refuse_option(ctx, "--adistance");
	if (plan->skip.n)
		return refuse_option(ctx, "leaving out bad or given ranges");
	warn_of_others(ctx, plan);
	add_plan_warn(plan, "stock driver kmem: whoever brings blocks online chooses their zone; an unbind with a block online sticks until reboot; nothing is scrubbed when it is taken back, nor after a power cut");
	return check_auto_online(ctx, plan);
}
