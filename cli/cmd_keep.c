// SPDX-License-Identifier: GPL-2.0-or-later
/* cmd_keep.c -- ramify keep: records what devices are for. */

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "add_arg.h"
#include "arg.h"
#include "cmd.h"

enum { OPT_AS = ADD_ARG_LAST, OPT_FALLBACK, OPT_FROM_DAXCTL, OPT_IN_ETC, OPT_MODE, OPT_OWNER };

const char cmd_keep_help[] =
	"  --as ram|raw|idle        what it is for\n"
	"  --in-etc                 record it in /etc, not in the device's label\n"
	"  --from-daxctl            record what daxctl.conf says of devices that are there\n"
	"  --zone movable|kernel    this and those to --driver as ramify add takes them\n"
	"  --node N\n"
	"  --memmap dram|device\n"
	"  --adistance N\n"
	"  --ratio N\n"
	"  --scrub\n"
	"  --skip START-END[,START-END]...\n"
	"  --driver ramify|kmem\n"
	"  --fallback kmem          use the stock driver if ours is not there\n"
	"  --owner USER[:GROUP]     who may map a raw device\n"
	"  --mode MODE              the mode of its node in /dev\n"
	"  -h, --help               tell how to call it\n";

const struct option cmd_keep_options[] = {
	{ "adistance", required_argument, NULL, ADD_ARG_ADISTANCE },
	{ "as", required_argument, NULL, OPT_AS },
	{ "driver", required_argument, NULL, ADD_ARG_DRIVER },
	{ "fallback", required_argument, NULL, OPT_FALLBACK },
	{ "from-daxctl", no_argument, NULL, OPT_FROM_DAXCTL },
	{ "help", no_argument, NULL, 'h' },
	{ "in-etc", no_argument, NULL, OPT_IN_ETC },
	{ "memmap", required_argument, NULL, ADD_ARG_MEMMAP },
	{ "mode", required_argument, NULL, OPT_MODE },
	{ "node", required_argument, NULL, ADD_ARG_NODE },
	{ "owner", required_argument, NULL, OPT_OWNER },
	{ "ratio", required_argument, NULL, ADD_ARG_RATIO },
	{ "scrub", no_argument, NULL, ADD_ARG_SCRUB },
	{ "skip", required_argument, NULL, ADD_ARG_SKIP },
	{ "zone", required_argument, NULL, ADD_ARG_ZONE },
	{ 0 }
};

struct request {
	struct ramify_keep_options options;
	struct add_arg add;
	bool ram_options, raw_options, from_daxctl;
};

static int take_use(const char *title, const char *text, struct request *r)
{
	static const enum ramify_use uses[] = { RAMIFY_USE_RAM, RAMIFY_USE_RAW, RAMIFY_USE_IDLE };

	for (size_t i = 0; i < sizeof(uses) / sizeof(uses[0]); i++)
		if (strcmp(text, ramify_use_name(uses[i])) == 0) {
			r->options.use = uses[i];
			return 0;
		}
	fprintf(stderr, "%s: --as is ram, raw or idle, not \"%.32s\"\n", title, text);
	return CMD_USAGE;
}

static int take_fallback(const char *title, const char *text, struct request *r)
{
	if (strcmp(text, "kmem") != 0) {
		fprintf(stderr, "%s: --fallback is kmem, not \"%.32s\"\n", title, text);
		return CMD_USAGE;
	}
	r->options.fallback = r->ram_options = true;
	return 0;
}

static int take_option(const char *title, int c, struct request *r)
{
	switch (c) {
	case OPT_AS:
		return take_use(title, optarg, r);
	case OPT_FALLBACK:
		return take_fallback(title, optarg, r);
	case OPT_FROM_DAXCTL:
		r->from_daxctl = true;
		return 0;
	case OPT_IN_ETC:
		r->options.in_etc = true;
		return 0;
	case OPT_MODE:
		r->raw_options = true;
		return arg_mode(title, optarg, &r->options.perms) ? CMD_USAGE : 0;
	case OPT_OWNER:
		r->raw_options = true;
		return arg_owner(title, optarg, &r->options.uid, &r->options.gid) ? CMD_USAGE : 0;
	default:
		r->ram_options = true;
		return add_arg_take(title, c, optarg, &r->add) ? CMD_USAGE : 0;
	}
}

/* Options for RAM or for raw say as what, too. */
static int check(const char *title, struct request *r, int n_devices)
{
	enum ramify_use *use = &r->options.use;
	bool any = *use != RAMIFY_USE_NONE || r->ram_options || r->raw_options || r->options.in_etc;

	if (r->from_daxctl && (any || n_devices)) {
		fprintf(stderr, "%s: --from-daxctl goes with no device and no other option\n", title);
		return CMD_USAGE;
	}
	if (!r->from_daxctl && !n_devices) {
		fprintf(stderr, "%s: which device? ramify list shows them\n", title);
		return CMD_USAGE;
	}
	if (*use == RAMIFY_USE_NONE && r->ram_options != r->raw_options)
		*use = r->ram_options ? RAMIFY_USE_RAM : RAMIFY_USE_RAW;
	if ((r->ram_options && *use != RAMIFY_USE_RAM) || (r->raw_options && *use != RAMIFY_USE_RAW)) {
		fprintf(stderr, "%s: --owner and --mode go with --as raw, what says how it becomes RAM with --as ram\n",
			title);
		return CMD_USAGE;
	}
	if (r->ram_options)
		r->options.add = &r->add.options;
	return 0;
}

static void show(const struct ramify_kept *kept)
{
	printf("%s: meant as %s", kept->device, ramify_use_name(kept->use));
	if (kept->use == RAMIFY_USE_RAM)
		printf(" in zone %s", ramify_zone_name(kept->zone));
	printf("; recorded in %s\n", kept->where);
	if (*kept->note)
		printf("  note: %s\n", kept->note);
	fflush(stdout);
}

static int keep_all(const char *title, struct ramify *ctx, const struct request *r, int n,
		    char **devices)
{
	int err = arg_devices(title, ctx, n, devices);

	if (err)
		return *ramify_message(ctx) ? err : CMD_USAGE;
	for (int i = 0; !err && i < n; i++) {
		struct ramify_kept kept;

		err = ramify_keep(ctx, devices[i], &r->options, &kept);
		if (!err)
			show(&kept);
	}
	return err;
}

static void tell(void *arg, const char *device, int err, const char *text)
{
	bool *failed = arg;

	if (err) {
		*failed = true;
		fprintf(stderr, "ramify keep: %s\n", text);
	} else {
		printf("%s: %s\n", device, text);
		fflush(stdout);
	}
}

static int from_daxctl(struct ramify *ctx)
{
	bool failed = false;
	int err = ramify_keep_from_daxctl(ctx, tell, &failed);

	return err && failed ? CMD_FAILED : err;
}

int cmd_keep(struct ramify *ctx, int argc, char **argv)
{
	struct request r = { .options = RAMIFY_KEEP_DEFAULTS, .add.options = RAMIFY_ADD_DEFAULTS };
	int c, err = 0;

	while (!err && (c = getopt_long(argc, argv, "h", cmd_keep_options, NULL)) != -1)
		err = c == 'h' ? CMD_HELP : take_option(argv[0], c, &r);
	if (!err)
		err = check(argv[0], &r, argc - optind);
	if (!err)
		err = r.from_daxctl ? from_daxctl(ctx) :
				      keep_all(argv[0], ctx, &r, argc - optind, argv + optind);
	add_arg_free(&r.add);
	return err;
}
