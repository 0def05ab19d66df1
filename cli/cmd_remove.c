// SPDX-License-Identifier: GPL-2.0-or-later
/* cmd_remove.c -- ramify remove: takes RAM back. */

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>

#include "arg.h"
#include "cmd.h"
#include "progress.h"

static int take_seconds(const char *title, const char *option, unsigned int *ret_seconds)
{
	uint64_t value;
	int err = arg_u64(title, option, optarg, INT_MAX, &value);

	if (!err)
		*ret_seconds = value;
	return err;
}

const struct option cmd_remove_options[] = {
	{ "deadline", required_argument, NULL, 'd' },
	{ "help", no_argument, NULL, 'h' },
	{ "timeout", required_argument, NULL, 't' },
	{ 0 }
};

static int parse(int argc, char **argv, struct ramify_remove_options *options)
{
	int c, err = 0;

	while (!err && (c = getopt_long(argc, argv, "hd:t:", cmd_remove_options, NULL)) != -1) {
		if (c == 'h')
			return CMD_HELP;
		if (c == 't')
			err = take_seconds(argv[0], "--timeout", &options->timeout_s);
		else if (c == 'd')
			err = take_seconds(argv[0], "--deadline", &options->deadline_s);
		else
			err = -EINVAL;
	}
	if (!err && optind == argc) {
		fprintf(stderr, "%s: which device? ramify list shows them\n", argv[0]);
		err = -EINVAL;
	}
	return err ? CMD_USAGE : 0;
}

static int remove_one(struct ramify *ctx, const char *device,
		      const struct ramify_remove_options *options)
{
	struct progress progress;
	int err;

	progress_begin(&progress, device);
	err = ramify_remove(ctx, device, options, progress_show, &progress);
	progress_end(&progress);
	if (err)
		return err;
	printf("%s: taken back\n", device);
	if (*ramify_message(ctx))
		fprintf(stderr, "ramify remove: note: %s\n", ramify_message(ctx));
	return 0;
}

static int remove_all(struct ramify *ctx, const struct ramify_remove_options *options, int n,
		      char **devices)
{
	int err = arg_devices("ramify remove", ctx, n, devices);

	if (err)
		return *ramify_message(ctx) || err != -EINVAL ? err : CMD_USAGE;
	progress_catch_signals();
	for (int i = 0; !err && i < n; i++)
		err = remove_one(ctx, devices[i], options);
	return err;
}

int cmd_remove(struct ramify *ctx, int argc, char **argv)
{
	struct ramify_remove_options options = RAMIFY_REMOVE_DEFAULTS;
	int err = parse(argc, argv, &options);

	return err ? err : remove_all(ctx, &options, argc - optind, argv + optind);
}
