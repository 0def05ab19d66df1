/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd.h -- what a command is: an entry in main.c's table, and a file cmd_NAME.c. */
#ifndef RAMIFY_CLI_CMD_H
#define RAMIFY_CLI_CMD_H

#include <getopt.h>
#include <ramify.h>

/*
 * Results of a command beside 0 and a negative errno; main prints the usage for the first two.
 * They are positive, as the kernel's own EINVAL is no misuse of the command.
 */
enum cmd_result {
	CMD_HELP = 1,		/* -h was given: usage on stdout, exit 0 */
	CMD_USAGE = 2,		/* called wrongly: usage on stderr, exit 2 */
	CMD_FAILED = 3,		/* all is said: exit 1 */
};

/*
 * argv[0] is "ramify NAME", so that getopt's messages start with it. On a negative
 * result main prints ramify_message(), or the error's text where that is "".
 */
typedef int cmd_fn(struct ramify *ctx, int argc, char **argv);

struct cmd {
	const char *name;
	cmd_fn *run;
	const char *usage;	/* the man page's synopsis without "ramify", word for word */
	const char *line;
	const struct option *options;	/* what getopt takes, and the shells complete */
	const char *help;	/* as -h lists them, the heads as in the man page */
	bool shows;		/* all that it does is to print */
	bool starts;		/* what follows -- is another program's */
	const char *words;	/* its first arguments, of which one is wanted; NULL: no such */
};

cmd_fn cmd_add;
cmd_fn cmd_apply;
cmd_fn cmd_create;
cmd_fn cmd_destroy;
cmd_fn cmd_doctor;
cmd_fn cmd_forget;
cmd_fn cmd_keep;
cmd_fn cmd_list;
cmd_fn cmd_measure;
cmd_fn cmd_policy;
cmd_fn cmd_remove;
cmd_fn cmd_report;
cmd_fn cmd_resize;
cmd_fn cmd_run;

extern const struct option cmd_add_options[], cmd_apply_options[], cmd_create_options[],
	cmd_destroy_options[], cmd_doctor_options[], cmd_forget_options[], cmd_keep_options[],
	cmd_list_options[], cmd_measure_options[], cmd_policy_options[], cmd_remove_options[],
	cmd_report_options[], cmd_resize_options[], cmd_run_options[];
extern const char cmd_add_help[], cmd_apply_help[], cmd_create_help[], cmd_destroy_help[],
	cmd_doctor_help[], cmd_forget_help[], cmd_keep_help[], cmd_list_help[], cmd_measure_help[],
	cmd_policy_help[], cmd_remove_help[], cmd_report_help[], cmd_resize_help[],
	cmd_run_help[];

#endif
