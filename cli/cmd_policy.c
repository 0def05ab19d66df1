// SPDX-License-Identifier: GPL-2.0-or-later
/* cmd_policy.c -- ramify policy: policies of the running daemon, and its kill switch. */

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "arg.h"
#include "ask.h"
#include "cmd.h"
#include "decisions.h"
#include "out.h"
#include "policy_text.h"

const char cmd_policy_help[] =
	"  list                     the policies that hold, in the order in which they are tried\n"
	"  show NAME                one, as lines of a file\n"
	"  set NAME KEY=VALUE...    from now until ramifyd ends; KEY may be given again\n"
	"  unset NAME [KEY...]      as files say again\n"
	"  pause, resume            stop all moves at once; go on\n"
	"  decisions                what was planned lately, why, and what became of it\n"
	"\n"
	"  --json                   print JSON, as ramifyd answers\n"
	"  -h, --help               tell how to call it\n";

struct call {
	struct ramify *ctx;
	const char *title;
	bool json;
	int n;			/* arguments after the action */
	char **arguments;
};

/* ---- list ---- */

enum column { NAME, TENANTS, TIER, MIN, MAX, WEIGHT, NOTE, FOR, FROM, N_COLUMNS };

static const struct out_column columns[N_COLUMNS] = {
	[NAME] = { "POLICY", 0 },
	[TENANTS] = { "TENANTS", OUT_RIGHT },
	[TIER] = { "TIER", 0 },
	[MIN] = { "FAST-MIN", OUT_RIGHT },
	[MAX] = { "FAST-MAX", OUT_RIGHT },
	[WEIGHT] = { "WEIGHT", OUT_RIGHT },
	[NOTE] = { "NOTE", 0 },
	[FOR] = { "FOR", OUT_ASIDE },
	[FROM] = { "FROM", OUT_ASIDE },
};

/* Bytes as they are read; a share as it is. */
static void amount_cell(struct out_table *table, int row, enum column column, const char *text)
{
	char size[OUT_SIZE_MAX];
	unsigned long long bytes;
	int end = 0;

	if (sscanf(text, "%llu%n", &bytes, &end) == 1 && !text[end])
		text = out_size(size, bytes);
	out_cell(table, row, column, "%s", text);
}

/* "cgroup = /a; user = root" */
static void for_cell(struct out_table *table, int row, struct json_object *match)
{
	char text[256] = "";
	size_t len = 0;

	if (!match)
		return;
	json_object_object_foreach(match, key, list) {
		for (size_t i = 0; i < json_object_array_length(list) && len < sizeof(text); i++)
			len += (size_t)snprintf(
				text + len, sizeof(text) - len, "%s%s = %s", len ? "; " : "", key,
				json_object_get_string(json_object_array_get_idx(list, i)));
	}
	out_cell(table, row, FOR, "%s%s", text, len >= sizeof(text) ? "..." : "");
}

static void policy_row(struct out_table *table, struct json_object *json)
{
	struct json_object *settings = ask_part(json, "settings"), *live = ask_part(json, "live");
	bool is_live = live && json_object_array_length(live);
	const char *file = ask_text(json, "file");
	int row = out_row(table, -1);

	out_cell(table, row, NAME, "%s", ask_text(json, "policy"));
	out_cell(table, row, TENANTS, "%llu", (unsigned long long)ask_u64(json, "tenants"));
	out_cell(table, row, TIER, "%s", ask_text(settings, "tier"));
	amount_cell(table, row, MIN, ask_text(settings, "fast-min"));
	amount_cell(table, row, MAX, ask_text(settings, "fast-max"));
	out_cell(table, row, WEIGHT, "%s", ask_text(settings, "weight"));
	if (!strcmp(ask_text(settings, "dry-run"), "yes"))
		out_cell(table, row, NOTE, "dry run");
	for_cell(table, row, ask_part(json, "match"));
	if (*file)
		out_cell(table, row, FROM, "%s:%llu%s", file,
			 (unsigned long long)ask_u64(json, "line"), is_live ? ", live" : "");
	else
		out_cell(table, row, FROM, "live");
}

static int print_list(struct json_object *json)
{
	struct json_object *list = ask_part(json, "policies");
	struct out_table *table = out_table_create(columns, N_COLUMNS);
	int err;

	for (size_t i = 0; list && i < json_object_array_length(list); i++)
		policy_row(table, json_object_array_get_idx(list, i));
	err = out_table_print(table);
	out_table_destroy(table);
	return err;
}

/* How often is looked now: settings count from the next look on. */
static int ask_pace(const struct call *call, double *ret_seconds, double *ret_percent)
{
	struct json_object *json, *pace;
	uint64_t period_ns;
	int err = ask(call->title, call->ctx, "GET", "/v1/samplers", NULL, &json);

	if (err)
		return err;
	pace = ask_part(json, "pace");
	period_ns = ask_u64(pace, "period_ns");
	/* Before the first look it is not known. */
	*ret_percent = period_ns ? (double)ask_u64(pace, "coverage_ppm") / 1e4 : 100;
	*ret_seconds = (double)(period_ns ? period_ns : ask_u64(pace, "wanted_period_ns")) / 1e9;
	json_object_put(json);
	return 0;
}

static int print_pace(const struct call *call)
{
	double seconds, percent;
	int err = ask_pace(call, &seconds, &percent);

	if (!err)
		printf("\nA look every %.3g s, at %.3g %% of memory; settings count from the next on.\n",
		       seconds, percent);
	return err;
}

static int list(const struct call *call)
{
	struct json_object *json, *status;
	int err = arg_none(call->title, call->n, call->arguments);

	if (!err)
		err = ask(call->title, call->ctx, "GET", "/v1/policies", NULL, &json);
	if (err)
		return err;
	if (call->json)
		return out_json_print(json);
	err = print_list(json);
	json_object_put(json);
	if (!err)
		err = print_pace(call);
	if (!err)
		err = ask(call->title, call->ctx, "GET", "/v1/status", NULL, &status);
	if (err)
		return err;
	if (ask_true(status, "paused"))
		puts("\nPaused: nothing is moved until \"ramify policy resume\".");
	if (ask_true(status, "dry_run"))
		puts("\nDry run: nothing is moved, as [global] dry-run = yes says.");
	json_object_put(status);
	return 0;
}

/* ---- show ---- */

static void print_origin(struct json_object *json)
{
	struct json_object *live = ask_part(json, "live");
	size_t n = live ? json_object_array_length(live) : 0;

	if (*ask_text(json, "file"))
		printf("# from %s:%llu\n", ask_text(json, "file"),
		       (unsigned long long)ask_u64(json, "line"));
	for (size_t i = 0; i < n; i++)
		printf("%s%s%s", i ? ", " : "# set live: ",
		       json_object_get_string(json_object_array_get_idx(live, i)),
		       i + 1 == n ? "\n" : "");
}

static int want_name(const struct call *call)
{
	if (call->n)
		return 0;
	fprintf(stderr, "%s: which policy? ramify policy list shows them\n", call->title);
	return CMD_USAGE;
}

static int show(const struct call *call)
{
	char path[ASK_PATH_MAX];
	struct json_object *json;
	int err = want_name(call);

	if (!err)
		err = arg_none(call->title, call->n - 1, call->arguments + 1);
	if (err)
		return err;
	ask_path(path, "/v1/policies/", call->arguments[0]);
	err = ask(call->title, call->ctx, "GET", path, NULL, &json);
	if (err)
		return err;
	if (call->json)
		return out_json_print(json);
	print_origin(json);
	policy_text(json, stdout);
	json_object_put(json);
	return 0;
}

/* ---- set, unset ---- */

/* Prints what was answered, or just @done. */
static int conclude(const struct call *call, struct json_object *json, const char *done)
{
	if (call->json)
		return out_json_print(json);
	json_object_put(json);
	out_done(call->title, "%s", done);
	return 0;
}

static int change(const struct call *call, const char *method, struct json_object *body,
		  const char *done)
{
	char path[ASK_PATH_MAX];
	struct json_object *json;
	int err;

	ask_path(path, "/v1/policies/", call->arguments[0]);
	err = ask(call->title, call->ctx, method, path, body, &json);
	json_object_put(body);
	if (err)
		return err;
	if (call->json || *ask_text(json, "policy"))
		return conclude(call, json, done);
	json_object_put(json);
	out_done(call->title, "policy %s is gone: it was only set live", call->arguments[0]);
	return 0;
}

/* A key that is given again has several values. */
static void add_value(struct json_object *body, const char *key, const char *value)
{
	struct json_object *list = ask_part(body, key);

	if (!list) {
		list = json_object_new_array();
		json_object_object_add(body, key, list);
	}
	json_object_array_add(list, json_object_new_string(value));
}

static int set(const struct call *call)
{
	struct json_object *body;
	int err = want_name(call);

	if (err)
		return err;
	if (call->n == 1) {
		fprintf(stderr, "%s: set what of policy %.64s? KEY=VALUE, as in ramifyd.conf(5)\n",
			call->title, call->arguments[0]);
		return CMD_USAGE;
	}
	body = json_object_new_object();
	for (int i = 1; i < call->n; i++) {
		char *value = strchr(call->arguments[i], '=');

		if (!value) {
			fprintf(stderr, "%s: not KEY=VALUE: %.64s\n", call->title,
				call->arguments[i]);
			json_object_put(body);
			return CMD_USAGE;
		}
		*value = '\0';
		add_value(body, call->arguments[i], value + 1);
	}
	return change(call, "PATCH", body,
		      "set until ramifyd ends; a file in /etc/ramify/policy.d would keep it");
}

static int unset(const struct call *call)
{
	struct json_object *body;
	int err = want_name(call);

	if (err)
		return err;
	if (call->n == 1)
		return change(call, "DELETE", NULL, "as files say");
	body = json_object_new_object();
	for (int i = 1; i < call->n; i++)
		json_object_object_add(body, call->arguments[i], NULL);
	return change(call, "PATCH", body, "these are as files say");
}

/* ---- the kill switch ---- */

static int turn(const struct call *call, const char *path, const char *done)
{
	struct json_object *json;
	int err = arg_none(call->title, call->n, call->arguments);

	if (!err)
		err = ask(call->title, call->ctx, "POST", path, NULL, &json);
	return err ? err : conclude(call, json, done);
}

static int pause_all(const struct call *call)
{
	return turn(call, "/v1/pause",
		    "nothing is moved until \"ramify policy resume\", also if ramifyd is started again");
}

static int resume_all(const struct call *call)
{
	return turn(call, "/v1/resume", "pages are moved again");
}

/* ---- decisions ---- */

static int decisions(const struct call *call)
{
	struct json_object *json;
	int err = arg_none(call->title, call->n, call->arguments);

	if (!err)
		err = ask(call->title, call->ctx, "GET", "/v1/decisions", NULL, &json);
	if (err)
		return err;
	if (call->json)
		return out_json_print(json);
	err = decisions_print(json);
	json_object_put(json);
	return err;
}

const struct option cmd_policy_options[] = {
	{ "help", no_argument, NULL, 'h' },
	{ "json", no_argument, NULL, 'j' },
	{ 0 }
};

int cmd_policy(struct ramify *ctx, int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(const struct call *call);
	} actions[] = {
		{ "list", list },	    { "show", show },
		{ "set", set },		    { "unset", unset },
		{ "pause", pause_all },	    { "resume", resume_all },
		{ "decisions", decisions },
	};
	struct call call = { .ctx = ctx, .title = argv[0] };
	int c;

	while ((c = getopt_long(argc, argv, "h", cmd_policy_options, NULL)) != -1) {
		if (c != 'j')
			return c == 'h' ? CMD_HELP : CMD_USAGE;
		call.json = true;
	}
	if (optind == argc)
		return CMD_USAGE;
	call.n = argc - optind - 1;
	call.arguments = argv + optind + 1;
	for (size_t i = 0; i < sizeof(actions) / sizeof(*actions); i++) {
		if (!strcmp(actions[i].name, argv[optind]))
			return actions[i].run(&call);
	}
	fprintf(stderr, "%s: there is no \"%.32s\"\n", argv[0], argv[optind]);
	return CMD_USAGE;
}
