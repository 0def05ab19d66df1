// SPDX-License-Identifier: GPL-2.0-or-later
/* cmd_measure.c -- ramify measure: how fast each node is, beside what firmware claims. */

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arg.h"
#include "cmd.h"
#include "out.h"
#include "progress.h"

enum column { NAME, MEASURED, SPREAD, FIRMWARE, DIFFERENCE, N_COLUMNS };

static const struct out_column columns[N_COLUMNS] = {
	[NAME] = { "NODE", OUT_TREE },
	[MEASURED] = { "MEASURED", OUT_RIGHT },
	[SPREAD] = { "SPREAD", OUT_RIGHT },
	[FIRMWARE] = { "FIRMWARE", OUT_RIGHT },
	[DIFFERENCE] = { "DIFFERENCE", OUT_RIGHT },
};

struct request {
	struct ramify_measure_options options;
	bool json, save;
};

struct result {
	const struct ramify_system *sys;
	struct ramify_speed *speeds;
	size_t n;
	char **warnings;
	size_t n_warnings;
};

enum { OPT_SAVE = 256, OPT_JSON };

const char cmd_measure_help[] =
	"  -s, --seconds N          measure each node for N seconds (4)\n"
	"  --save                   save the medians in /etc/ramify/tiers.conf\n"
	"  --json                   print JSON\n"
	"  -h, --help               tell how to call it\n";

const struct option cmd_measure_options[] = {
	{ "help", no_argument, NULL, 'h' },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "save", no_argument, NULL, OPT_SAVE },
	{ "seconds", required_argument, NULL, 's' },
	{ 0 }
};

static const struct ramify_node *node_of(const struct result *r, int number)
{
	const struct ramify_node *node = NULL;

	while ((node = ramify_next_node(r->sys, node))) {
		if (node->node == number)
			break;
	}
	return node;
}

static void print_value(struct out_table *table, int row, size_t column, double value, bool is_ns)
{
	if (is_ns)
		out_cell(table, row, column, "%.1f ns", value);
	else
		out_cell(table, row, column, "%.2f GB/s", value / 1e3);
}

static void figure_row(struct out_table *table, int parent, const char *name,
		       const struct ramify_figure *figure, uint64_t claimed, bool is_ns)
{
	int row = out_row(table, parent);

	out_cell(table, row, NAME, "%s", name);
	print_value(table, row, MEASURED, figure->median, is_ns);
	out_cell(table, row, SPREAD, "%.1f %%", figure->spread * 100);
	if (claimed == RAMIFY_UNKNOWN)
		return;
	print_value(table, row, FIRMWARE, claimed, is_ns);
	out_cell(table, row, DIFFERENCE, "%+.0f %%", ramify_deviation(figure, claimed) * 100);
}

/* How many times the time of a read a write takes. */
static double write_cost(const struct ramify_speed *s)
{
	return s->write_mbps.median > 0 ? s->read_mbps.median / s->write_mbps.median : 0;
}

static void node_rows(struct out_table *table, const struct result *r,
		      const struct ramify_speed *s)
{
	const struct ramify_node *node = node_of(r, s->node);
	int top = out_row(table, -1), row;

	out_cell(table, top, NAME, "node %d", s->node);
	figure_row(table, top, "read latency", &s->read_latency_ns, node->read_latency_ns, true);
	figure_row(table, top, "read", &s->read_mbps, node->read_bandwidth_mbps, false);
	figure_row(table, top, "write", &s->write_mbps, node->write_bandwidth_mbps, false);
	figure_row(table, top, "copy", &s->copy_mbps, RAMIFY_UNKNOWN, false);
	row = out_row(table, top);
	out_cell(table, row, NAME, "write:read");
	out_cell(table, row, MEASURED, "%.2f", write_cost(s));
}

static void print_how(const struct ramify_speed *s)
{
	char text[OUT_SIZE_MAX];

	printf("node %d: from %u CPU%s of node %d, on %s, %s\n", s->node, s->n_cpus,
	       s->n_cpus == 1 ? "" : "s", s->initiator, out_size(text, s->buffer_bytes),
	       s->huge_bytes >= s->buffer_bytes ? "all in huge pages"
	       : s->huge_bytes ? "some of it in huge pages"
			       : "in small pages: its latency is that of page tables, too");
}

static int print_table(const struct result *r)
{
	struct out_table *table = out_table_create(columns, N_COLUMNS);
	int err;

	for (size_t i = 0; i < r->n; i++)
		node_rows(table, r, &r->speeds[i]);
	err = out_table_print(table);
	out_table_destroy(table);
	if (err)
		return err;
	putchar('\n');
	for (size_t i = 0; i < r->n; i++)
		print_how(&r->speeds[i]);
	for (size_t i = 0; i < r->n_warnings; i++)
		printf("warning: %s\n", r->warnings[i]);
	return 0;
}

static void figure_json(struct json_object *parent, const char *name,
			const struct ramify_figure *figure, uint64_t claimed)
{
	struct json_object *json = json_object_new_object();

	out_json_decimal(json, "median", figure->median);
	out_json_decimal(json, "spread", figure->spread);
	out_json_u64(json, "claimed", claimed);
	json_object_object_add(parent, name, json);
}

static struct json_object *speed_json(const struct result *r, const struct ramify_speed *s)
{
	const struct ramify_node *node = node_of(r, s->node);
	struct json_object *json = json_object_new_object();

	out_json_number(json, "node", s->node);
	out_json_number(json, "initiator", s->initiator);
	out_json_number(json, "cpus", s->n_cpus);
	out_json_u64(json, "buffer_bytes", s->buffer_bytes);
	out_json_u64(json, "huge_bytes", s->huge_bytes);
	figure_json(json, "read_latency_ns", &s->read_latency_ns, node->read_latency_ns);
	figure_json(json, "read_mbps", &s->read_mbps, node->read_bandwidth_mbps);
	figure_json(json, "write_mbps", &s->write_mbps, node->write_bandwidth_mbps);
	figure_json(json, "copy_mbps", &s->copy_mbps, RAMIFY_UNKNOWN);
	out_json_decimal(json, "write_cost", write_cost(s));
	return json;
}

static int print_json(const struct result *r)
{
	struct json_object *all = json_object_new_object(), *list = json_object_new_array();

	json_object_object_add(all, "nodes", list);
	for (size_t i = 0; i < r->n; i++)
		json_object_array_add(list, speed_json(r, &r->speeds[i]));
	list = json_object_new_array();
	json_object_object_add(all, "warnings", list);
	for (size_t i = 0; i < r->n_warnings; i++)
		json_object_array_add(list, json_object_new_string(r->warnings[i]));
	return out_json_print(all);
}

static void take_warning(void *arg, const char *text)
{
	struct result *r = arg;
	char **grown = reallocarray(r->warnings, r->n_warnings + 1, sizeof(*grown));

	if (!grown)
		return;
	r->warnings = grown;
	grown[r->n_warnings] = strdup(text);
	r->n_warnings += grown[r->n_warnings] != NULL;
}

static int measure_node(struct ramify *ctx, struct result *r, const struct request *request,
			int node)
{
	struct progress progress;
	char name[32];
	int err;

	snprintf(name, sizeof(name), "node %d", node);
	progress_begin(&progress, name);
	err = ramify_measure(ctx, r->sys, node, &request->options, progress_show, &progress,
			     &r->speeds[r->n]);
	progress_end(&progress);
	r->n += !err;
	return err;
}

/* All with memory online; one that has too little free or is not permitted is told and passed
 * over, unless nothing is left. */
static int measure_any(struct ramify *ctx, struct result *r, const struct request *request)
{
	const struct ramify_node *node = NULL;
	int err = 0;

	while ((!err || err == -ENOMEM || err == -EPERM) && (node = ramify_next_node(r->sys, node))) {
		if (!node->total_bytes || node->total_bytes == RAMIFY_UNKNOWN)
			continue;
		if (err)
			fprintf(stderr, "ramify measure: %s\n", ramify_message(ctx));
		err = measure_node(ctx, r, request, node->node);
	}
	if (err && r->n && (err == -ENOMEM || err == -EPERM)) {
		fprintf(stderr, "ramify measure: %s\n", ramify_message(ctx));
		err = 0;
	}
	return err;
}

static int measure_given(struct ramify *ctx, struct result *r, const struct request *request,
			 int n, char **names)
{
	int err = 0;

	for (int i = 0; !err && i < n; i++) {
		uint64_t node;

		if (arg_u64("ramify measure", "NODE", names[i], 1023, &node))
			return CMD_USAGE;
		err = measure_node(ctx, r, request, node);
	}
	return err;
}

/* Wrong names and doubles are told before anything is measured. */
static int check_nodes(int n, char **names)
{
	for (int i = 0; i < n; i++) {
		uint64_t node, other;

		if (arg_u64("ramify measure", "NODE", names[i], 1023, &node))
			return CMD_USAGE;
		for (int k = 0; k < i; k++) {
			if (arg_u64("ramify measure", "NODE", names[k], 1023, &other) ||
			    other != node)
				continue;
			fprintf(stderr, "ramify measure: node %d is given twice\n", (int)node);
			return CMD_USAGE;
		}
	}
	return 0;
}

static int finish(struct ramify *ctx, struct result *r, const struct request *request)
{
	int err;

	ramify_judge(r->sys, r->speeds, r->n, take_warning, r);
	err = request->json ? print_json(r) : print_table(r);
	if (!err && request->save)
		err = ramify_speeds_save(ctx, r->speeds, r->n);
	if (!err && request->save && !request->json)
		puts("saved in /etc/ramify/tiers.conf");
	return err;
}

static void result_clear(struct result *r)
{
	for (size_t i = 0; i < r->n_warnings; i++)
		free(r->warnings[i]);
	free(r->warnings);
	free(r->speeds);
}

static int measure(struct ramify *ctx, const struct ramify_system *sys,
		   const struct request *request, int n, char **names)
{
	struct result r = { .sys = sys };
	const struct ramify_node *node = NULL;
	size_t most = n;
	int err;

	while ((node = ramify_next_node(sys, node)))
		most++;
	r.speeds = calloc(most, sizeof(*r.speeds));
	if (!r.speeds)
		return -ENOMEM;
	progress_catch_signals();
	err = n ? measure_given(ctx, &r, request, n, names) : measure_any(ctx, &r, request);
	if (!err)
		err = finish(ctx, &r, request);
	result_clear(&r);
	return err;
}

static int parse(int argc, char **argv, struct request *request)
{
	uint64_t seconds;
	int c;

	while ((c = getopt_long(argc, argv, "hs:", cmd_measure_options, NULL)) != -1) {
		switch (c) {
		case 'h':
			return CMD_HELP;
		case OPT_JSON:
			request->json = true;
			break;
		case OPT_SAVE:
			request->save = true;
			break;
		case 's':
			if (arg_u64(argv[0], "--seconds", optarg, RAMIFY_MEASURE_SECONDS_MAX,
				    &seconds))
				return CMD_USAGE;
			if (!seconds) {
				fprintf(stderr, "%s: --seconds takes a number from 1\n", argv[0]);
				return CMD_USAGE;
			}
			request->options.seconds = seconds;
			break;
		default:
			return CMD_USAGE;
		}
	}
	return check_nodes(argc - optind, argv + optind);
}

int cmd_measure(struct ramify *ctx, int argc, char **argv)
{
	struct request request = { .options = RAMIFY_MEASURE_DEFAULTS };
	struct ramify_system *sys;
	int err = parse(argc, argv, &request);

	/* Minutes of measuring are not to be for nothing. */
	if (!err && request.save)
		err = ramify_speeds_save(ctx, NULL, 0);
	if (!err)
		err = ramify_system_read(ctx, &sys);
	if (err)
		return err;
	err = measure(ctx, sys, &request, argc - optind, argv + optind);
	ramify_system_free(sys);
	return err;
}
