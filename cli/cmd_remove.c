// SPDX-License-Identifier: GPL-2.0-or-later
/* cmd_remove.c -- ramify remove: takes RAM back. */

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arg.h"
#include "cmd.h"
#include "out.h"
#include "progress.h"

const char cmd_remove_help[] =
	"  -t, --timeout SECONDS    give up after so long without progress (60)\n"
	"  -d, --deadline SECONDS   give up the first phase after so long in all (no limit)\n"
	"  -n, --dry-run            say what would be done, and do nothing\n"
	"  -h, --help               tell how to call it\n";

static const char title[] = "ramify remove";

struct request {
	struct ramify_remove_options options;
	bool dry_run;
};

static int take_seconds(const char *option, unsigned int *ret_seconds)
{
	uint64_t value;
	int err = arg_u64(title, option, optarg, INT_MAX, &value);

	if (!err)
		*ret_seconds = value;
	return err;
}

const struct option cmd_remove_options[] = {
	{ "deadline", required_argument, NULL, 'd' },
	{ "dry-run", no_argument, NULL, 'n' },
	{ "help", no_argument, NULL, 'h' },
	{ "timeout", required_argument, NULL, 't' },
	{ 0 }
};

static int take_option(int c, struct request *r)
{
	switch (c) {
	case 'n':
		r->dry_run = true;
		return 0;
	case 't':
		return take_seconds("--timeout", &r->options.timeout_s);
	case 'd':
		return take_seconds("--deadline", &r->options.deadline_s);
	default:
		return -EINVAL;
	}
}

static int parse(int argc, char **argv, struct request *r)
{
	int c;

	while ((c = getopt_long(argc, argv, "d:hnt:", cmd_remove_options, NULL)) != -1) {
		if (c == 'h')
			return CMD_HELP;
		if (take_option(c, r))
			return CMD_USAGE;
	}
	if (optind < argc)
		return 0;
	fprintf(stderr, "%s: which device? ramify list shows them\n", title);
	return CMD_USAGE;
}

/* Memory that kmem added, and that was found without privilege, has no known size. */
static bool is_told(uint64_t bytes)
{
	return bytes && bytes != RAMIFY_UNKNOWN;
}

static void print_plan(const struct ramify_remove_plan *plan)
{
	char size[OUT_SIZE_MAX], used[OUT_SIZE_MAX];

	if (!is_told(plan->added_bytes) || plan->node < 0)
		return;
	printf("%s: %s of RAM on node %d go", plan->device, out_size(size, plan->added_bytes),
	       plan->node);
	if (is_told(plan->move_bytes))
		printf("; %s in use move elsewhere", out_size(used, plan->move_bytes));
	putchar('\n');
	if (plan->huge_bytes)
		printf("  note: %s of free huge pages on node %d go too; nr_hugepages there falls\n",
		       out_size(size, plan->huge_bytes), plan->node);
}

static void say_removed(struct ramify *ctx, const char *name, uint64_t bytes, const char *note)
{
	const struct ramify_device *dev;
	char size[OUT_SIZE_MAX], what[80] = "", driver[80] = "";
	struct ramify_system *sys;
	bool zeroed = !*note;

	if (is_told(bytes))
		snprintf(what, sizeof(what), ": %s%s", out_size(size, bytes),
			 zeroed ? " zeroed" : "");
	if (!ramify_system_read(ctx, &sys)) {
		if (!ramify_find_device(ctx, sys, name, &dev))
			snprintf(driver, sizeof(driver), "%s %s", *what ? "," : ":",
				 dev->driver ? "driver " : "no driver");
		if (*driver && dev->driver)
			snprintf(driver + strlen(driver), sizeof(driver) - strlen(driver), "%s",
				 dev->driver);
		ramify_system_free(sys);
	}
	out_done(title, "%s is taken back%s%s", name, what, driver);
	if (*note)
		fprintf(stderr, "%s: note: %s\n", title, note);
}

static int remove_one(struct ramify *ctx, const struct ramify_remove_plan *plan,
		      const struct request *r)
{
	struct progress progress;
	char *note;
	int err;

	progress_begin(&progress, plan->device);
	err = ramify_remove(ctx, plan->device, &r->options, progress_show, &progress);
	progress_end(&progress);
	if (err)
		return err;
	note = strdup(ramify_message(ctx));
	say_removed(ctx, plan->device,
		    plan->zeroed_bytes ? plan->zeroed_bytes : plan->added_bytes, note ? note : "");
	free(note);
	return 0;
}

static int plan_one(struct ramify *ctx, const char *device, struct ramify_remove_plan **ret_plan)
{
	int err = ramify_remove_plan(ctx, device, ret_plan);

	if (err)
		return err;
	print_plan(*ret_plan);
	return out_arrived(title, "nothing was changed") ? 0 : CMD_FAILED;
}

static int plan_and_remove(struct ramify *ctx, const struct request *r, int n, char **devices,
			   struct ramify_remove_plan **plans)
{
	int err = 0;

	for (int i = 0; !err && i < n; i++)
		err = plan_one(ctx, devices[i], &plans[i]);
	if (err || r->dry_run)
		return err;
	progress_catch_signals();
	for (int i = 0; !err && i < n; i++)
		err = remove_one(ctx, plans[i], r);
	return err;
}

static int remove_all(struct ramify *ctx, const struct request *r, int n, char **devices)
{
	int err = arg_devices(title, ctx, n, devices);
	struct ramify_remove_plan **plans;

	if (err)
		return *ramify_message(ctx) || err != -EINVAL ? err : CMD_USAGE;
	plans = calloc(n, sizeof(struct ramify_remove_plan *));
	if (!plans)
		return -ENOMEM;
	err = plan_and_remove(ctx, r, n, devices, plans);
	for (int i = 0; i < n; i++)
		ramify_remove_plan_free(plans[i]);
	free(plans);
	return err;
}

int cmd_remove(struct ramify *ctx, int argc, char **argv)
{
	struct request r = { .options = RAMIFY_REMOVE_DEFAULTS };
	int err = parse(argc, argv, &r);

	return err ? err : remove_all(ctx, &r, argc - optind, argv + optind);
}
