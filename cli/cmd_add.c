// SPDX-License-Identifier: GPL-2.0-or-later
/* cmd_add.c -- ramify add: makes devices RAM. */

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "add_arg.h"
#include "arg.h"
#include "cmd.h"
#include "out.h"
#include "progress.h"

const char cmd_add_help[] =
	"  -n, --dry-run            say what would be done, and do nothing\n"
	"  --zone movable|kernel    movable (default): can be taken back; kernel: may not\n"
	"  --node N                 add to NUMA node N instead of the device's own\n"
	"  --memmap dram|device     where struct pages live: in DRAM (default), on the device\n"
	"  --adistance N            abstract distance of its memory tier\n"
	"  --skip START-END[,START-END]...\n"
	"                           physical addresses to leave out\n"
	"  --scrub                  zero the device first\n"
	"  --ratio N                most movable memory for each byte that the kernel can use (16)\n"
	"  --force                  destroy data that is on the device\n"
	"  --keep                   record that it is RAM at each boot too\n"
	"  --driver ramify|kmem     kmem: the stock kernel's driver\n"
	"  --resume                 put back what an interrupted ramify remove took offline\n"
	"  -h, --help               tell how to call it\n";

/* Longer than any name that names a device. */
#define NAME_SIZE 256

struct request {
	struct add_arg arg;
	bool dry_run;
};

enum { OPT_FORCE = ADD_ARG_LAST, OPT_KEEP, OPT_RESUME };

const struct option cmd_add_options[] = {
	{ "adistance", required_argument, NULL, ADD_ARG_ADISTANCE },
	{ "driver", required_argument, NULL, ADD_ARG_DRIVER },
	{ "dry-run", no_argument, NULL, 'n' },
	{ "force", no_argument, NULL, OPT_FORCE },
	{ "help", no_argument, NULL, 'h' },
	{ "keep", no_argument, NULL, OPT_KEEP },
	{ "memmap", required_argument, NULL, ADD_ARG_MEMMAP },
	{ "node", required_argument, NULL, ADD_ARG_NODE },
	{ "ratio", required_argument, NULL, ADD_ARG_RATIO },
	{ "resume", no_argument, NULL, OPT_RESUME },
	{ "scrub", no_argument, NULL, ADD_ARG_SCRUB },
	{ "skip", required_argument, NULL, ADD_ARG_SKIP },
	{ "zone", required_argument, NULL, ADD_ARG_ZONE },
	{ 0 }
};

static int take_option(const char *title, int c, struct request *r)
{
	switch (c) {
	case 'n':
		r->dry_run = true;
		return 0;
	case OPT_FORCE:
		r->arg.options.force = true;
		return 0;
	case OPT_KEEP:
		r->arg.options.keep = true;
		return 0;
	case OPT_RESUME:
		r->arg.options.resume = true;
		return 0;
	default:
		return add_arg_take(title, c, optarg, &r->arg);
	}
}

static void print_lost(const struct ramify_add_plan *plan)
{
	char text[OUT_SIZE_MAX];

	if (plan->kept_bytes)
		printf("  lost: %s, that the namespace keeps for its own description\n",
		       out_size(text, plan->kept_bytes));
	if (plan->lost_align_bytes)
		printf("  lost: %s, as only whole memory blocks can be added\n",
		       out_size(text, plan->lost_align_bytes));
	if (plan->lost_skip_bytes)
		printf("  lost: %s, in memory blocks with bad or given ranges\n",
		       out_size(text, plan->lost_skip_bytes));
}

static void print_warning(const char *warning)
{
	while (*warning) {
		int len = strcspn(warning, "\n");

		printf("  note: %.*s\n", len, warning);
		warning += len + (warning[len] == '\n');
	}
}

static void print_plan(const struct ramify_add_plan *plan, const struct ramify_add_options *o)
{
	char size[OUT_SIZE_MAX], added[OUT_SIZE_MAX], memmap[OUT_SIZE_MAX];

	if (plan->finish) {
		printf("%s: what is RAM of it already goes on to be\n", plan->device);
		return;
	}
	printf("%s: %s, of which %s become RAM on node %d, zone %s, driver %s\n", plan->device,
	       out_size(size, plan->size_bytes), out_size(added, plan->added_bytes), plan->node,
	       ramify_zone_name(plan->zone), o->stock ? "kmem" : "ramify");
	if (plan->convert)
		printf("  the namespace %sbecomes devdax first\n",
		       o->force ? "" : "is empty, and ");
	print_lost(plan);
	printf("  struct pages: %s of %s\n", out_size(memmap, plan->memmap_bytes),
	       plan->memmap == RAMIFY_MEMMAP_DEVICE ? "the device" : "DRAM");
	print_warning(plan->warning);
}

static const char title[] = "ramify add";

/* The device's own name, which it was not called by maybe, goes to @name. */
static int show_plan(struct ramify *ctx, const char *device, const struct request *r,
		     char name[NAME_SIZE])
{
	struct ramify_add_plan *plan;
	int err = ramify_add_plan(ctx, device, &r->arg.options, &plan);

	if (err)
		return err;
	print_plan(plan, &r->arg.options);
	snprintf(name, NAME_SIZE, "%s", plan->device);
	ramify_add_plan_free(plan);
	return out_arrived(title, "nothing was changed") ? 0 : CMD_FAILED;
}

static void say_added(struct ramify *ctx, const char *name, bool keep)
{
	const struct ramify_device *dev;
	struct ramify_system *sys;
	char size[OUT_SIZE_MAX];

	if (ramify_system_read(ctx, &sys)) {
		out_done(title, "%s is RAM now", name);
		return;
	}
	if (ramify_find_device(ctx, sys, name, &dev))
		out_done(title, "%s is RAM now", name);
	else
		out_done(title, "%s is RAM now%s: %s on node %d, zone %s", dev->name,
			 keep ? ", and at each boot" : "", out_size(size, dev->online_bytes),
			 dev->node,
			 ramify_zone_name(dev->zone) ? ramify_zone_name(dev->zone) : "unknown");
	ramify_system_free(sys);
}

static int add_one(struct ramify *ctx, const char *name, const struct request *r)
{
	struct progress progress;
	int err;

	progress_begin(&progress, name);
	err = ramify_add(ctx, name, &r->arg.options, progress_show, &progress);
	progress_end(&progress);
	if (!err)
		say_added(ctx, name, r->arg.options.keep);
	return err;
}

static int plan_and_add(struct ramify *ctx, const struct request *r, int n, char **devices,
			char (*names)[NAME_SIZE])
{
	int err = 0;

	/* A look at what is on a device may bind it for that time. */
	progress_catch_signals();
	/* What was interrupted goes on as it was planned then. */
	for (int i = 0; !err && i < n; i++)
		if (r->arg.options.resume)
			snprintf(names[i], NAME_SIZE, "%s", devices[i]);
		else
			err = show_plan(ctx, devices[i], r, names[i]);
	if (err || r->dry_run)
		return err;
	if (progress_stopped(title))
		return CMD_FAILED;
	for (int i = 0; !err && i < n; i++)
		err = add_one(ctx, names[i], r);
	return err;
}

static int add_all(struct ramify *ctx, const struct request *r, int n, char **devices)
{
	int err = arg_devices(title, ctx, n, devices);
	char (*names)[NAME_SIZE];

	if (err)
		return *ramify_message(ctx) || err != -EINVAL ? err : CMD_USAGE;
	names = calloc(n, sizeof(*names));
	if (!names)
		return -ENOMEM;
	err = plan_and_add(ctx, r, n, devices, names);
	free(names);
	return err;
}

static int parse(int argc, char **argv, struct request *r)
{
	int c;

	while ((c = getopt_long(argc, argv, "hn", cmd_add_options, NULL)) != -1) {
		if (c == 'h')
			return CMD_HELP;
		if (take_option(argv[0], c, r) < 0)
			return CMD_USAGE;
	}
	if (optind == argc) {
		fprintf(stderr, "%s: which device? ramify list shows them\n", argv[0]);
		return CMD_USAGE;
	}
	return 0;
}

int cmd_add(struct ramify *ctx, int argc, char **argv)
{
	struct request r = { .arg.options = RAMIFY_ADD_DEFAULTS };
	int err = parse(argc, argv, &r);

	if (!err)
		err = add_all(ctx, &r, argc - optind, argv + optind);
	add_arg_free(&r.arg);
	return err;
}
