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

	if (plan->lost_align_bytes)
		printf("  lost: %sB, as only whole memory blocks can be added\n",
		       out_size(text, plan->lost_align_bytes));
	if (plan->lost_skip_bytes)
		printf("  lost: %sB, in memory blocks with bad or given ranges\n",
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
	printf("%s: %sB, of which %sB become RAM on node %d, zone %s, driver %s\n", plan->device,
	       out_size(size, plan->size_bytes), out_size(added, plan->added_bytes), plan->node,
	       ramify_zone_name(plan->zone), o->stock ? "kmem" : "ramify");
	if (plan->convert)
		puts("  the namespace is empty, and becomes devdax first");
	print_lost(plan);
	printf("  struct pages: %sB of %s\n", out_size(memmap, plan->memmap_bytes),
	       plan->memmap == RAMIFY_MEMMAP_DEVICE ? "the device" : "DRAM");
	print_warning(plan->warning);
	fflush(stdout);
}

static int show_plan(struct ramify *ctx, const char *device, const struct request *r)
{
	struct ramify_add_plan *plan;
	int err = ramify_add_plan(ctx, device, &r->arg.options, &plan);

	if (err)
		return err;
	print_plan(plan, &r->arg.options);
	ramify_add_plan_free(plan);
	return 0;
}

static int add_one(struct ramify *ctx, const char *device, const struct request *r)
{
	struct progress progress;
	int err;

	progress_begin(&progress, device);
	err = ramify_add(ctx, device, &r->arg.options, progress_show, &progress);
	progress_end(&progress);
	if (!err)
		printf("%s: RAM now%s\n", device,
		       r->arg.options.keep ? ", and at each boot" : "");
	return err;
}

static int add_all(struct ramify *ctx, const struct request *r, int n, char **devices)
{
	int err = arg_devices("ramify add", ctx, n, devices);

	if (err)
		return *ramify_message(ctx) || err != -EINVAL ? err : CMD_USAGE;
	/* What was interrupted goes on as it was planned then. */
	for (int i = 0; !err && i < n && !r->arg.options.resume; i++)
		err = show_plan(ctx, devices[i], r);
	if (r->dry_run)
		return err;
	progress_catch_signals();
	for (int i = 0; !err && i < n; i++)
		err = add_one(ctx, devices[i], r);
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
