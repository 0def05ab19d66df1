// SPDX-License-Identifier: GPL-2.0-or-later
/* cmd_report.c -- ramify report: what a bug report needs, as one text. */

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "arg.h"
#include "cmd.h"

const char cmd_report_help[] =
	"  -o, --output FILE        write it to FILE, which must not be there yet\n"
	"  -h, --help               tell how to call it\n";

const struct option cmd_report_options[] = {
	{ "help", no_argument, NULL, 'h' },
	{ "output", required_argument, NULL, 'o' },
	{ 0 }
};

static const char preface[] =
	"It tells of the kernel, its command line and its log as far as they are about memory,\n"
	"of memory and its physical addresses, of devices with their UUIDs and serial numbers,\n"
	"of ramify's own files, how ramifyd fares, and what its services wrote to the journal.\n"
	"It has nothing of what is in memory, and no processes.\n"
	"Read it before you send it.\n";

static void print_title(const char *title)
{
	printf("\n=== %s ===\n", title);
}

/* Several lines stand below the name of their file, one stands beside it. */
static int print_item(void *arg, const char *title, const char *name, const char *content)
{
	const char **last = arg;

	if (*last != title)
		print_title(title);
	*last = title;
	if (!name)
		puts(content);
	else if (strchr(content, '\n'))
		printf("%s:\n%s\n", name, content);
	else
		printf("%s: %s\n", name, content);
	/* Which main() tells. */
	return ferror(stdout) ? CMD_FAILED : 0;
}

/* Another command's output, and what it says if it fails, are part of the report. */
static void print_command(struct ramify *ctx, cmd_fn *run, const char *name, char *option)
{
	char title[32];
	char *argv[] = { title, option, NULL };
	int err;

	snprintf(title, sizeof(title), "ramify %s", name);
	print_title(title);
	optind = 0;
	err = run(ctx, option ? 2 : 1, argv);
	if (err < 0)
		printf("failed: %s\n", *ramify_message(ctx) ? ramify_message(ctx) : strerror(-err));
}

/* In its own words, or why there are none. */
static void print_daemon(struct ramify *ctx)
{
	unsigned int status;
	char *text;

	print_title("ramifyd");
	if (ramify_ask(ctx, "GET", "/v1/status", NULL, &status, &text)) {
		puts(ramify_message(ctx));
		return;
	}
	fputs(text, stdout);
	free(text);
}

static int print_report(struct ramify *ctx)
{
	char json[] = "--json", date[32];
	const char *last = NULL;
	time_t now = time(NULL);
	struct tm tm;

	strftime(date, sizeof(date), "%F %T", gmtime_r(&now, &tm));
	printf("ramify report, %s UTC, ramify %s%s\n\n%s", date, RAMIFY_VERSION,
	       geteuid() ? ", not as root: much is missing" : "", preface);
	print_command(ctx, cmd_doctor, "doctor", NULL);
	print_command(ctx, cmd_list, "list", json);
	print_daemon(ctx);
	return ramify_report(ctx, print_item, &last);
}

/* For its owner only, as it has addresses. */
static int open_output(const char *title, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0) {
		fprintf(stderr, "%s: \"%.256s\" cannot be written: %s\n", title, path,
			strerror(errno));
		return CMD_FAILED;
	}
	close(fd);
	return 0;
}

int cmd_report(struct ramify *ctx, int argc, char **argv)
{
	const char *output = NULL, *title = argv[0];
	int c, err;

	while ((c = getopt_long(argc, argv, "ho:", cmd_report_options, NULL)) != -1) {
		if (c != 'o')
			return c == 'h' ? CMD_HELP : CMD_USAGE;
		output = optarg;
	}
	err = arg_none(title, argc - optind, argv + optind);
	if (!err && output)
		err = open_output(title, output);
	return err ? err : print_report(ctx);
}
