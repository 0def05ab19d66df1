// SPDX-License-Identifier: GPL-2.0-or-later
/* main.c -- ramifyd: options, and then the loop. */

#include <errno.h>
#include <getopt.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <string.h>

#include "listen.h"
#include "live.h"
#include "loop.h"

#define CONFIG "/etc/ramify/ramifyd.conf"
#define SOCKET "/run/ramify/ramifyd.sock"

static const char usage[] =
	"usage: ramifyd [OPTION...]\n"
	"\n"
	"Keeps each tenant's hot pages in fast memory, by policies.\n"
	"\n"
	"  --config FILE  instead of " CONFIG "; policy.d/*.conf beside it is read too\n"
	"  --socket FILE  instead of " SOCKET ": where it can be asked\n"
	"  --check        say whether all of it is right, and end\n"
	"  --help         this text; also -h\n"
	"  --version      the version\n";

static void complain(const struct policy_error *error)
{
	if (error->line)
		fprintf(stderr, "ramifyd: %s:%u: %s\n", error->file, error->line, error->reason);
	else
		fprintf(stderr, "ramifyd: %s: %s\n", error->file, error->reason);
}

static void print_note(const char *text)
{
	printf("note: %s\n", text);
}

/* Two for each process that policies match: as many as it may have, also where no unit says so. */
static void raise_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/* Else each large block that is freed has the C library keep more for the next one, up to tens of MiB. */
static void give_back_memory(void)
{
	mallopt(M_MMAP_THRESHOLD, 128 << 10);
	mallopt(M_TRIM_THRESHOLD, 128 << 10);
}

static int run(const char *path, bool optional, const char *socket, bool only_check)
{
	struct policy_error error = { 0 };
	struct config config;
	int err;

	err = config_load(path, optional, &config, &error);
	if (err) {
		complain(&error);
		return 1;
	}
	err = live_check(&config, &error);
	if (err || only_check) {
		if (err)
			complain(&error);
		else
			printf("%zu %s, all right\n", config.policies.n,
			       config_policies_word(&config));
		if (!err)
			live_notes(&config, print_note);
		config_free(&config);
		return err ? 1 : 0;
	}
	/* Before anything of the kernel's is tried or set beside the other one. */
	if (listen_taken(socket)) {
		fprintf(stderr,
			"ramifyd: another ramifyd listens at %s: \"ss -xlp src %s\" shows which; "
			"nothing was changed\n",
			socket, socket);
		config_free(&config);
		return 1;
	}
	raise_descriptors();
	give_back_memory();
	err = loop_run(path, optional, socket, &config);
	if (err < 0)
		fprintf(stderr, "ramifyd: %s\n", strerror(-err));
	return err < 0 ? 1 : 0;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "socket", required_argument, NULL, 's' },
		{ "check", no_argument, NULL, 'k' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'v' },
		{ 0 },
	};
	const char *path = NULL, *socket = SOCKET;
	bool check = false;
	int option;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		switch (option) {
		case 'c':
			path = optarg;
			break;
		case 's':
			socket = optarg;
			break;
		case 'k':
			check = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return 0;
		case 'v':
			puts("ramifyd " RAMIFY_VERSION);
			return 0;
		default:
			fputs(usage, stderr);
			return 2;
		}
	}
	if (optind < argc) {
		fprintf(stderr, "ramifyd: not an option: %s\n%s", argv[optind], usage);
		return 2;
	}
	return run(path ? path : CONFIG, !path, socket, check);
}
