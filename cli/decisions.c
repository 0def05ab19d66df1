// SPDX-License-Identifier: GPL-2.0-or-later
/* decisions.c -- what ramifyd planned lately, and what became of it, as a table. */

#include "decisions.h"

#include <stdio.h>
#include <string.h>

#include "ask.h"
#include "out.h"

enum column {
	TIME,
	TENANT,
	PID,
	DECISION,
	REASON,
	SIZE,
	MOVED,
	FAILED,
	N_COLUMNS
};

static const struct out_column columns[N_COLUMNS] = {
	[TIME] = {"TIME", 0},		[TENANT] = {"TENANT", 0},
	[PID] = {"PID", OUT_RIGHT},	[DECISION] = {"DECISION", 0},
	[REASON] = {"REASON", 0},	[SIZE] = {"SIZE", OUT_RIGHT},
	[MOVED] = {"MOVED", OUT_RIGHT}, [FAILED] = {"FAILED", OUT_ASIDE},
};

static void size_cell(struct out_table *table, int row, enum column column,
		      uint64_t bytes)
{
	char size[OUT_SIZE_MAX];

	out_cell(table, row, column, "%s", out_size(size, bytes));
}

/* "busy 4 KiB, no room 2 MiB" */
static void failed_cell(struct out_table *table, int row,
			struct json_object *failed)
{
	char text[256] = "", size[OUT_SIZE_MAX];
	size_t len = 0;

	if (!failed)
		return;
	json_object_object_foreach(failed, key, value)
	{
		uint64_t bytes = json_object_get_uint64(value);

		if (bytes && len < sizeof(text))
			len += (size_t)snprintf(text + len, sizeof(text) - len,
						"%s%s %s", len ? ", " : "", key,
						out_size(size, bytes));
	}
	for (char *at = text; *at; at++) {
		if (*at == '_')
			*at = ' ';
	}
	out_cell(table, row, FAILED, "%s", text);
}

/* Of 2026-11-27T14:02:11.482Z what is after the date. */
static void time_cell(struct out_table *table, int row, const char *text)
{
	const char *time = strchr(text, 'T');

	out_cell(table, row, TIME, "%.12s", time ? time + 1 : text);
}

static void decision_row(struct out_table *table, struct json_object *json)
{
	int row = out_row(table, -1);

	time_cell(table, row, ask_text(json, "time"));
	out_cell(table, row, TENANT, "%s", ask_text(json, "tenant"));
	out_cell(table, row, PID, "%llu",
		 (unsigned long long)ask_u64(json, "pid"));
	out_cell(table, row, DECISION, "%s", ask_text(json, "decision"));
	out_cell(table, row, REASON, "%s", ask_text(json, "reason"));
	size_cell(table, row, SIZE, ask_u64(json, "bytes"));
	if (ask_true(json, "dry_run") || ask_true(json, "paused")) {
		out_cell(table, row, FAILED, ask_true(json, "paused") ? "paused" : "dry run");
		return;
	}
	size_cell(table, row, MOVED, ask_u64(json, "moved_bytes"));
	failed_cell(table, row, ask_part(json, "failed_bytes"));
}

int decisions_print(struct json_object *json)
{
	struct json_object *list = ask_part(json, "decisions");
	struct out_table *table = out_table_create(columns, N_COLUMNS);
	int err;

	for (size_t i = 0; list && i < json_object_array_length(list); i++)
		decision_row(table, json_object_array_get_idx(list, i));
	err = out_table_print(table);
	out_table_destroy(table);
	return err;
}
