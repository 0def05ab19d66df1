// SPDX-License-Identifier: GPL-2.0-or-later
/* cmd_destroy.c -- ramify destroy: gives devices' memory back to their region. */

#include <errno.h>
#include <getopt.h>
#include <stdio.h>

#include "arg.h"
#include "cmd.h"
#include "progress.h"

const char cmd_destroy_help[] =
	"  --force                  destroy data that is in a namespace\n"
	"  -h, --help               tell how to call it\n";

const struct option cmd_destroy_options[] = {
	{ "force", no_argument, NULL, 'f' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 }
};

static int destroy_all(struct ramify *ctx, bool force, int n, char **devices)
{
	int err = arg_devices("ramify destroy", ctx, n, devices);

	if (err)
		return *ramify_message(ctx) || err != -EINVAL ? err : CMD_USAGE;
	/* A moment each: a signal waits for its end. */
	progress_catch_signals();
	for (int i = 0; !err && i < n; i++) {
		err = ramify_destroy(ctx, devices[i], force);
		if (!err)
			printf("%s: destroyed\n", devices[i]);
	}
	return err;
}

int cmd_destroy(struct ramify *ctx, int argc, char **argv)
{
	bool force = false;
	int c;

	while ((c = getopt_long(argc, argv, "h", cmd_destroy_options, NULL)) != -1) {
		if (c == 'h')
			return CMD_HELP;
		if (c != 'f')
			return CMD_USAGE;
		force = true;
	}
	if (optind == argc) {
		fprintf(stderr, "%s: which device? ramify list shows them\n", argv[0]);
		return CMD_USAGE;
	}
	return destroy_all(ctx, force, argc - optind, argv + optind);
}
