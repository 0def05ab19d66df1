// SPDX-License-Identifier: GPL-2.0-or-later
/* cmd_apply.c -- ramify apply: settles devices as they appear. */

#include <getopt.h>
#include <stdio.h>

#include "cmd.h"
#include "progress.h"

const struct option cmd_apply_options[] = {
	{ "device", required_argument, NULL, 'd' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 }
};

int cmd_apply(struct ramify *ctx, int argc, char **argv)
{
	const char *device = NULL;
	struct progress progress;
	int c, err;

	while ((c = getopt_long(argc, argv, "d:h", cmd_apply_options, NULL)) != -1) {
		if (c == 'h')
			return CMD_HELP;
		if (c != 'd')
			return CMD_USAGE;
		device = optarg;
	}
	if (optind < argc) {
		fprintf(stderr, "%s: a device is given by --device\n", argv[0]);
		return CMD_USAGE;
	}
	progress_catch_signals();
	progress_begin(&progress, device ? device : "apply");
	err = ramify_apply(ctx, device, progress_show, &progress);
	progress_end(&progress);
	return err;
}
