// SPDX-License-Identifier: GPL-2.0-or-later
/* cmd_doctor.c -- ramify doctor: what works here, what does not, and what mends it. */

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arg.h"
#include "cmd.h"
#include "out.h"

const char cmd_doctor_help[] =
	"  --json                   print JSON\n"
	"  -h, --help               tell how to call it\n";

enum column { VERDICT, SUBJECT, FINDING, N_COLUMNS };

static const struct out_column columns[N_COLUMNS] = {
	[VERDICT] = { "VERDICT", 0 },
	[SUBJECT] = { "SUBJECT", 0 },
	[FINDING] = { "FINDING", OUT_WRAP },
};

static size_t widest_subject(const struct ramify_findings *findings)
{
	const struct ramify_finding *finding = NULL;
	size_t widest = strlen("SUBJECT");

	while ((finding = ramify_next_finding(findings, finding))) {
		size_t len = strlen(finding->subject);

		widest = len > widest ? len : widest;
	}
	return widest;
}

static int add_finding(struct out_table *table, const struct ramify_finding *finding, size_t left)
{
	int row = out_row(table, -1);
	char *text;

	if (asprintf(&text, "%s%s%s", finding->text, *finding->remedy ? "\n-> " : "",
		     finding->remedy) < 0)
		return -ENOMEM;
	out_cell(table, row, VERDICT, "%s", ramify_verdict_name(finding->verdict));
	out_cell(table, row, SUBJECT, "%s", finding->subject);
	out_text(table, row, FINDING, left, text);
	free(text);
	return 0;
}

static int print_table(const struct ramify_findings *findings)
{
	struct out_table *table = out_table_create(columns, N_COLUMNS);
	size_t left = strlen("VERDICT") + 1 + widest_subject(findings) + 1;
	const struct ramify_finding *finding = NULL;
	int err = 0;

	while (!err && (finding = ramify_next_finding(findings, finding)))
		err = add_finding(table, finding, left);
	if (!err)
		err = out_table_print(table);
	out_table_destroy(table);
	return err;
}

static int print_json(const struct ramify_findings *findings)
{
	struct json_object *all = json_object_new_object(), *list = json_object_new_array();
	const struct ramify_finding *finding = NULL;

	json_object_object_add(all, "findings", list);
	while ((finding = ramify_next_finding(findings, finding))) {
		struct json_object *json = json_object_new_object();

		out_json_text(json, "subject", finding->subject);
		out_json_text(json, "verdict", ramify_verdict_name(finding->verdict));
		out_json_text(json, "text", finding->text);
		out_json_text(json, "remedy", *finding->remedy ? finding->remedy : NULL);
		json_object_array_add(list, json);
	}
	return out_json_print(all);
}

static bool any_bad(const struct ramify_findings *findings)
{
	const struct ramify_finding *finding = NULL;

	while ((finding = ramify_next_finding(findings, finding))) {
		if (finding->verdict == RAMIFY_BAD)
			return true;
	}
	return false;
}

const struct option cmd_doctor_options[] = {
	{ "help", no_argument, NULL, 'h' },
	{ "json", no_argument, NULL, 'j' },
	{ 0 }
};

int cmd_doctor(struct ramify *ctx, int argc, char **argv)
{
	struct ramify_findings *findings;
	bool json = false;
	int c, err;

	while ((c = getopt_long(argc, argv, "h", cmd_doctor_options, NULL)) != -1) {
		if (c != 'j')
			return c == 'h' ? CMD_HELP : CMD_USAGE;
		json = true;
	}
	err = arg_none(argv[0], argc - optind, argv + optind);
	if (err)
		return err;
	err = ramify_examine(ctx, &findings);
	if (err)
		return err;
	err = json ? print_json(findings) : print_table(findings);
	if (!err && any_bad(findings))
		err = CMD_FAILED;
	ramify_findings_free(findings);
	return err;
}
