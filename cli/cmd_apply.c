// SPDX-License-Identifier: GPL-2.0-or-later
/* cmd_apply.c -- ramify apply: settles devices as they appear. */

#include <getopt.h>
#include <stdio.h>

#include "cmd.h"
#include "progress.h"

const struct option cmd_apply_options[] = {
	{ "device", required_argument, NULL, 'd' },
	{ "dry-run", no_argument, NULL, 'n' },
	{ "help", no_argument, NULL, 'h' },
	{ "once", no_argument, NULL, 'o' },
	{ 0 }
};

const char cmd_apply_help[] =
	"  -d, --device DEV         only this device\n"
	"  --once                   not a device that was settled since it appeared\n"
	"  -n, --dry-run            say what would be done, and do nothing\n"
	"  -h, --help               tell how to call it\n";

struct telling {
	struct progress progress;	/* first: the library hands one argument to both */
	bool failed;
};

static void tell(void *arg, const char *device, int err, const char *text)
{
	struct telling *t = arg;

	progress_end(&t->progress);
	if (err) {
		t->failed = true;
		fprintf(stderr, "ramify apply: %s\n", text);
	} else {
		printf("%s %s\n", device, text);
		fflush(stdout);
	}
}

int cmd_apply(struct ramify *ctx, int argc, char **argv)
{
	struct ramify_apply_options o = RAMIFY_APPLY_DEFAULTS;
	struct telling telling = { 0 };
	int c, err;

	while ((c = getopt_long(argc, argv, "d:hn", cmd_apply_options, NULL)) != -1) {
		switch (c) {
		case 'd':
			o.device = optarg;
			break;
		case 'n':
			o.dry_run = true;
			break;
		case 'o':
			o.once = true;
			break;
		default:
			return c == 'h' ? CMD_HELP : CMD_USAGE;
		}
	}
	if (optind < argc) {
		fprintf(stderr, "%s: a device is given by --device\n", argv[0]);
		return CMD_USAGE;
	}
	progress_catch_signals();
	o.settled = tell;
	progress_begin(&telling.progress, o.device ? o.device : "apply");
	err = ramify_apply(ctx, &o, progress_show, &telling);
	progress_end(&telling.progress);
	return err && telling.failed ? CMD_FAILED : err;
}
