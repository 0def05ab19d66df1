// SPDX-License-Identifier: GPL-2.0-or-later
/* cmd_resize.c -- ramify resize: changes a device's size. */

#include <errno.h>
#include <getopt.h>
#include <stdio.h>

#include "arg.h"
#include "cmd.h"
#include "out.h"
#include "progress.h"

const char cmd_resize_help[] =
	"  --size SIZE              the new size: 256M, 1.5G, 50%, all\n"
	"  --force                  destroy data that is in a namespace\n"
	"  -h, --help               tell how to call it\n";

const struct option cmd_resize_options[] = {
	{ "force", no_argument, NULL, 'f' },
	{ "help", no_argument, NULL, 'h' },
	{ "size", required_argument, NULL, 's' },
	{ 0 }
};

struct request {
	struct ramify_size size;
	bool has_size, force;
};

static int parse(int argc, char **argv, struct request *r)
{
	int c;

	while ((c = getopt_long(argc, argv, "h", cmd_resize_options, NULL)) != -1) {
		if (c == 'h')
			return CMD_HELP;
		if (c == 'f')
			r->force = true;
		else if (c != 's' || arg_size(argv[0], "--size", optarg, 1, &r->size) < 0)
			return CMD_USAGE;
		r->has_size |= c == 's';
	}
	if (optind + 1 == argc && r->has_size)
		return 0;
	fprintf(stderr, "%s: %s\n", argv[0],
		!r->has_size ? "to what size? --size takes 256M, 1.5G, 50% or all" :
		optind < argc ? "one device at a time" :
				"which device? ramify list shows them");
	return CMD_USAGE;
}

int cmd_resize(struct ramify *ctx, int argc, char **argv)
{
	struct request r = { 0 };
	char text[OUT_SIZE_MAX];
	uint64_t bytes;
	int err = parse(argc, argv, &r);

	/* A moment: a signal waits for its end. */
	progress_catch_signals();
	if (!err)
		err = ramify_resize(ctx, argv[optind], &r.size, r.force, &bytes);
	if (!err)
		printf("%s: %s now\n", argv[optind], out_size(text, bytes));
	return err;
}
