// SPDX-License-Identifier: GPL-2.0-or-later
/* cmd_run.c -- ramify run: becomes a program that belongs to a policy from its first page on. */

#include <errno.h>
#include <getopt.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ask.h"
#include "cmd.h"
#include "conf/conf.h"
#include "core/core.h"
#include "mempolicy.h"
#include "policy_text.h"
#include "scope.h"

/* As the shell has them. */
enum { CANNOT_START = 126, NOT_FOUND = 127 };

enum { OPT_CONFIG = 256, OPT_NO_SCOPE };

const char cmd_run_help[] =
	"  -p, --policy POLICY      the policy that it belongs to\n"
	"  --config FILE            read FILE and policy.d beside it, not /etc/ramify/ramifyd.conf\n"
	"  --no-scope               leave it in the cgroup that this is\n"
	"  -h, --help               tell how to call it\n";

const struct option cmd_run_options[] = {
	{ "config", required_argument, NULL, OPT_CONFIG },
	{ "help", no_argument, NULL, 'h' },
	{ "no-scope", no_argument, NULL, OPT_NO_SCOPE },
	{ "policy", required_argument, NULL, 'p' },
	{ 0 }
};

struct request {
	const char *title, *policy, *config;
	bool no_scope;
};

/* ---- the policy ---- */

/* What [global] says is the daemon's. */
static int pass_over(void *arg, const struct conf_line *line, struct policy_error *error)
{
	return strcmp(line->section, "global") ? -ENOENT : 0;
}

/* What the daemon says of the policy, as a file could have it; NULL: it does not run, does not tell this user, or has
 * no such policy. To be freed. */
static char *live_text(struct ramify *ctx, const struct request *request)
{
	char path[ASK_PATH_MAX], *answer, *text = NULL;
	struct json_object *json = NULL;
	unsigned int status;
	size_t size;
	FILE *out;

	ask_path(path, "/v1/policies/", request->policy);
	if (ramify_ask(ctx, "GET", path, NULL, &status, &answer))
		return NULL;
	if (status == 200)
		json = json_tokener_parse(answer);
	free(answer);
	out = json_object_is_type(json, json_type_object) ? open_memstream(&text, &size) : NULL;
	if (out) {
		policy_text(json, out);
		fclose(out);
	}
	json_object_put(json);
	return text;
}

/* With what is set live. -ENOENT: by files, then. */
static int load_live(struct ramify *ctx, const struct request *request, struct policies *policies)
{
	struct policy_error error = { 0 };
	struct conf conf = { policies, pass_over, NULL, &error };
	char *text = live_text(ctx, request);
	int err = text ? conf_text(&conf, text, "ramifyd") : -ENOENT;

	free(text);
	if (!err)
		return 0;
	if (*error.reason)
		fprintf(stderr,
			"%s: what ramifyd tells of policy %.64s makes no sense here, so files are read: %s\n",
			request->title, request->policy, error.reason);
	policies_free(policies);
	memset(policies, 0, sizeof(*policies));
	return -ENOENT;
}

static int load_files(const struct request *request, struct policies *policies)
{
	const char *path = request->config ? request->config : CONF_PATH;
	struct policy_error error = { 0 };
	struct conf conf = { policies, pass_over, NULL, &error };

	if (!conf_load(&conf, path, !request->config))
		return 0;
	if (error.line)
		fprintf(stderr, "%s: %s:%u: %s\n", request->title, error.file, error.line,
			error.reason);
	else
		fprintf(stderr, "%s: %s: %s\n", request->title, error.file, error.reason);
	return CMD_FAILED;
}

static int find(const struct request *request, const struct policies *policies,
		const struct policy **ret_policy)
{
	const char *path = request->config ? request->config : CONF_PATH;
	char folder[4096] = "";

	*ret_policy = policies_named(policies, request->policy);
	if (*ret_policy)
		return 0;
	conf_folder(path, folder, sizeof(folder));
	fprintf(stderr, "%s: there is no policy \"%.64s\" in %s and %s/*.conf\n", request->title,
		request->policy, path, folder);
	return CMD_USAGE;
}

/* The daemon would not count it among the policy's, then. */
static int check_user(const struct request *request, const struct policy *policy)
{
	struct policy_process process = { .run = policy->name, .run_uid = geteuid() };
	const struct passwd *user = getpwuid(geteuid());

	process.run_user = user ? user->pw_name : NULL;
	if (request->no_scope || policy_runs(policy, &process))
		return 0;
	fprintf(stderr, "%s: policy %s is not for you: %s:%u has no line run = %s\n",
		request->title, policy->name, policy->file, policy->line,
		user ? user->pw_name : "your UID");
	return CMD_FAILED;
}

static int policy_of(struct ramify *ctx, const struct request *request, struct policies *policies,
		     const struct policy **ret_policy)
{
	int err = request->config ? -ENOENT : load_live(ctx, request, policies);

	if (err)
		err = load_files(request, policies);
	if (!err)
		err = find(request, policies, ret_policy);
	return err ? err : check_user(request, *ret_policy);
}

/* ---- the program ---- */

static int set_memory(struct ramify *ctx, const struct request *request,
		      const struct policy *policy)
{
	struct ramify_system *sys;
	int err = ramify_system_read(ctx, &sys);

	if (err)
		return err;
	err = mempolicy_set(request->title, sys, policy);
	ramify_system_free(sys);
	if (!err)
		return 0;
	fprintf(stderr, "%s: the memory policy of %s cannot be set: %s\n", request->title,
		policy->name,
		err == -EINVAL ? "the cpuset allows none of its nodes" : strerror(-err));
	return CMD_FAILED;
}

static int become(const struct request *request, char **argv)
{
	int err;

	execvp(argv[0], argv);
	err = errno;
	fprintf(stderr, "%s: %.256s cannot be started: %s\n", request->title, argv[0],
		strerror(err));
	return err == ENOENT ? NOT_FOUND : CANNOT_START;
}

static int start(struct ramify *ctx, const struct request *request, char **argv)
{
	struct policies policies = { 0 };
	const struct policy *policy;
	int err = policy_of(ctx, request, &policies, &policy);

	if (!err)
		err = set_memory(ctx, request, policy);
	if (!err && !request->no_scope && scope_enter(request->title, policy->name))
		err = CMD_FAILED;
	policies_free(&policies);
	return err ? err : become(request, argv);
}

int cmd_run(struct ramify *ctx, int argc, char **argv)
{
	struct request request = { .title = argv[0] };
	int c;

	/* What follows the program's name is the program's. */
	while ((c = getopt_long(argc, argv, "+hp:", cmd_run_options, NULL)) != -1) {
		switch (c) {
		case 'h':
			return CMD_HELP;
		case 'p':
			request.policy = optarg;
			break;
		case OPT_CONFIG:
			request.config = optarg;
			break;
		case OPT_NO_SCOPE:
			request.no_scope = true;
			break;
		default:
			return CMD_USAGE;
		}
	}
	if (request.policy && optind < argc)
		return start(ctx, &request, argv + optind);
	fprintf(stderr, "%s: %s is missing\n", request.title,
		request.policy ? "the program" : "--policy");
	return CMD_USAGE;
}
