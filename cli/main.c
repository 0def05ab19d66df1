// SPDX-License-Identifier: GPL-2.0-or-later
/* main.c -- the command: finds the subcommand, reports its failure once. */

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "completion.h"
#include "out.h"

/* Longer than any path or list of ranges that makes sense. */
#define ARGUMENT_MAX 8192

/* In the order in which "ramify help" shows them. */
static const struct cmd cmds[] = {
	{ "list", cmd_list, "list [--json]", "show tiers, nodes, regions and devices",
	  cmd_list_options, cmd_list_help, true },
	{ "add", cmd_add, "add [OPTION]... DEV...", "make devices RAM", cmd_add_options,
	  cmd_add_help },
	{ "remove", cmd_remove, "remove [OPTION]... DEV...", "take RAM back", cmd_remove_options,
	  cmd_remove_help },
	{ "create", cmd_create, "create [OPTION]... --size SIZE REGION", "divide a region",
	  cmd_create_options, cmd_create_help },
	{ "resize", cmd_resize, "resize [--force] --size SIZE DEV", "change the size of a device",
	  cmd_resize_options, cmd_resize_help },
	{ "destroy", cmd_destroy, "destroy [--force] DEV...",
	  "give memory back to its region", cmd_destroy_options, cmd_destroy_help },
	{ "keep", cmd_keep, "keep [OPTION]... DEV...", "record what devices are for",
	  cmd_keep_options, cmd_keep_help },
	{ "forget", cmd_forget, "forget DEV...", "record nothing about devices any more",
	  cmd_forget_options, cmd_forget_help },
	{ "apply", cmd_apply, "apply [--device DEV] [--once] [--dry-run]",
	  "make of devices what is recorded, as at boot", cmd_apply_options, cmd_apply_help },
	{ "measure", cmd_measure, "measure [--seconds N] [--save] [--json] [NODE...]",
	  "measure latency and bandwidth of each node", cmd_measure_options, cmd_measure_help },
	{ "run", cmd_run, "run [OPTION]... -p POLICY -- PROGRAM [ARGUMENT]...",
	  "start a program under a policy", cmd_run_options, cmd_run_help, false, true },
	{ "policy", cmd_policy,
	  "policy [--json] list|show|set|unset|pause|resume|decisions [NAME [KEY[=VALUE]...]]",
	  "list, show and set policies of ramifyd; stop its moves", cmd_policy_options,
	  cmd_policy_help, .words = "list show set unset pause resume decisions" },
	{ "doctor", cmd_doctor, "doctor [--json]",
	  "say what works here, and how to mend what does not", cmd_doctor_options,
	  cmd_doctor_help, true },
	{ "report", cmd_report, "report [--output FILE]", "pack what a bug report needs",
	  cmd_report_options, cmd_report_help },
	{ 0 }
};

static void print_help(FILE *to)
{
	fputs("usage: ramify [--root DIR] COMMAND [ARGUMENT]...\n\n", to);
	for (const struct cmd *cmd = cmds; cmd->name; cmd++)
		fprintf(to, "  %-10s%s\n", cmd->name, cmd->line);
	fputs("\nramify COMMAND -h tells how to call a command, man ramify-COMMAND the rest.\n", to);
}

static void print_usage(FILE *to, const struct cmd *cmd)
{
	fprintf(to, "usage: ramify %s\n", cmd->usage);
}

static void print_cmd_help(const struct cmd *cmd)
{
	print_usage(stdout, cmd);
	printf("ramify %s: %s\n\n%s\nman ramify-%s tells the rest.\n", cmd->name, cmd->line,
	       cmd->help ? cmd->help : "", cmd->name);
}

static const struct cmd *find_cmd(const char *name)
{
	for (const struct cmd *cmd = cmds; cmd->name; cmd++) {
		if (!strcmp(cmd->name, name))
			return cmd;
	}
	fprintf(stderr, "ramify: there is no command \"%.32s\"; ramify -h lists them\n", name);
	return NULL;
}

static int help(int argc, char **argv)
{
	const struct cmd *cmd;

	if (argc < 2) {
		print_help(stdout);
		return 0;
	}
	cmd = find_cmd(argv[1]);
	if (!cmd)
		return CMD_USAGE;
	print_cmd_help(cmd);
	return 0;
}

static int report(const struct cmd *cmd, const struct ramify *ctx, int err)
{
	const char *message = ramify_message(ctx);

	if (err == CMD_HELP) {
		print_cmd_help(cmd);
		return 0;
	}
	if (err == CMD_USAGE)
		print_usage(stderr, cmd);
	else if (err < 0)
		fprintf(stderr, "ramify %s: %s\n", cmd->name, *message ? message : strerror(-err));
	return err < 0 || err == CMD_FAILED ? EXIT_FAILURE : err;
}

static int run(const struct cmd *cmd, const char *root, int argc, char **argv)
{
	struct ramify *ctx;
	char title[32];
	int err = ramify_new(root, &ctx);

	if (err) {
		fprintf(stderr, "ramify: cannot use \"%.64s\" as root: %s\n", root ? root : "/",
			strerror(-err));
		return EXIT_FAILURE;
	}
	snprintf(title, sizeof(title), "ramify %s", cmd->name);
	argv[0] = title;
	optind = 0; /* getopt: start anew, as main has used it before */
	err = cmd->run(ctx, argc, argv);
	/* What it did is not undone by nobody having heard of it. */
	if (!err && !cmd->shows)
		out_arrived(title, "what was asked for is done");
	err = report(cmd, ctx, err);
	ramify_free(ctx);
	return err;
}

static int dispatch(const char *root, int argc, char **argv)
{
	const struct cmd *cmd;

	if (!argc) {
		print_help(stderr);
		return CMD_USAGE;
	}
	if (!strcmp(argv[0], "help"))
		return help(argc, argv);
	cmd = find_cmd(argv[0]);
	return cmd ? run(cmd, root, argc, argv) : CMD_USAGE;
}

/* Output that did not arrive (a full disk, say) is a failure. */
static int flushed(int status)
{
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	if (errno != EPIPE)
		fprintf(stderr, "ramify: cannot write the output: %s\n", strerror(errno));
	return status ? status : EXIT_FAILURE;
}

/* The first byte of a control character, C0, DEL or UTF-8's form of C1; NULL: none. */
static const char *find_control(const char *text)
{
	for (const unsigned char *c = (const unsigned char *)text; *c; c++)
		if (*c < ' ' || *c == 0x7f || (*c == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0))
			return (const char *)c;
	return NULL;
}

/* How many are ours, not another program's. */
static int own_arguments(int argc, char **argv)
{
	bool starts = false;
	int i;

	for (i = 1; i < argc && !(starts && !strcmp(argv[i], "--")); i++) {
		for (const struct cmd *cmd = cmds; cmd->name; cmd++)
			starts |= cmd->starts && !strcmp(argv[i], cmd->name);
	}
	return i;
}

/* Arguments are repeated in messages, by getopt in full and as they are. */
static int check_arguments(int argc, char **argv)
{
	for (int i = 1; i < own_arguments(argc, argv); i++) {
		size_t len = strlen(argv[i]);
		const char *control = find_control(argv[i]);

		if (control)
			fprintf(stderr, "ramify: argument %d has a control character, \\x%02x, after \"%.*s\"\n",
				i, (unsigned char)*control,
				(int)(control - argv[i] < 32 ? control - argv[i] : 32), argv[i]);
		else if (len >= ARGUMENT_MAX)
			fprintf(stderr, "ramify: an argument has %zu characters: \"%.32s...\"\n",
				len, argv[i]);
		else
			continue;
		return CMD_USAGE;
	}
	return 0;
}

/*
 * A file that is opened later must not become stdout or stderr, and be written to as such. Opened
 * the wrong way round these answer as closed ones do: with an error.
 */
static int reserve_descriptors(void)
{
	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			return -EBADF;
	return 0;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "completion", required_argument, NULL, 'c' }, /* for the build */
		{ "help", no_argument, NULL, 'h' },
		{ "root", required_argument, NULL, 'r' },
		{ "version", no_argument, NULL, 'V' },
		{ 0 }
	};
	const char *root = NULL;
	int c;

	/* How wide a character is; all else of a locale is a dozen files to open at each start. */
	setlocale(LC_CTYPE, "");
	if (reserve_descriptors())
		return EXIT_FAILURE;
	if (check_arguments(argc, argv))
		return CMD_USAGE;
	while ((c = getopt_long(argc, argv, "+h", options, NULL)) != -1) {
		switch (c) {
		case 'h':
			print_help(stdout);
			return flushed(EXIT_SUCCESS);
		case 'V':
			puts("ramify " RAMIFY_VERSION);
			return flushed(EXIT_SUCCESS);
		case 'c':
			return flushed(completion_print(cmds, optarg));
		case 'r':
			root = optarg;
			break;
		default:
			print_help(stderr);
			return CMD_USAGE;
		}
	}
	return flushed(dispatch(root, argc - optind, argv + optind));
}
