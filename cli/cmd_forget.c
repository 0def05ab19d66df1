// SPDX-License-Identifier: GPL-2.0-or-later
/* cmd_forget.c -- ramify forget: nothing is recorded about devices any more. */

#include <getopt.h>
#include <stdio.h>

#include "cmd.h"

static int forget_one(struct ramify *ctx, const char *device)
{
	struct ramify_kept kept;
	int err = ramify_forget(ctx, device, &kept);

	if (err)
		return err;
	printf("%s: nothing is recorded any more\n", kept.device);
	if (*kept.note)
		printf("  note: %s\n", kept.note);
	fflush(stdout);
	return 0;
}

const char cmd_forget_help[] =
	"  -h, --help               tell how to call it\n";

const struct option cmd_forget_options[] = {
	{ "help", no_argument, NULL, 'h' },
	{ 0 }
};

int cmd_forget(struct ramify *ctx, int argc, char **argv)
{
	int c, err = 0;

	while ((c = getopt_long(argc, argv, "h", cmd_forget_options, NULL)) != -1)
		return c == 'h' ? CMD_HELP : CMD_USAGE;
	if (optind == argc) {
		fprintf(stderr, "%s: which device? ramify list shows them\n", argv[0]);
		return CMD_USAGE;
	}
	for (int i = optind; !err && i < argc; i++)
		err = forget_one(ctx, argv[i]);
	return err;
}
