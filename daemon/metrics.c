// SPDX-License-Identifier: GPL-2.0-or-later
/* metrics.c -- figures for Prometheus, in its text format. */

#include "metrics.h"

#include <inttypes.h>
#include <string.h>
#include <sys/resource.h>

#include "shown.h"

/* ---- the format ---- */

static void head(FILE *to, const char *name, const char *type, const char *help)
{
	fprintf(to, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void label(FILE *to, const char *before, const char *key, const char *value)
{
	fprintf(to, "%s%s=\"", before, key);
	for (size_t len; *value; value += len) {
		len = strcspn(value, "\\\"\n");
		fwrite(value, 1, len, to);
		if (value[len])
			fprintf(to, "\\%c", value[len] == '\n' ? 'n' : value[len]);
		len += !!value[len];
	}
	fputc('"', to);
}

static void seconds(FILE *to, uint64_t ns)
{
	fprintf(to, " %" PRIu64 ".%09" PRIu64 "\n", ns / 1000000000, ns % 1000000000);
}

static void single(FILE *to, const char *name, const char *type, const char *help, uint64_t value)
{
	head(to, name, type, help);
	fprintf(to, "%s %" PRIu64 "\n", name, value);
}

static void single_ns(FILE *to, const char *name, const char *type, const char *help, uint64_t ns)
{
	head(to, name, type, help);
	fputs(name, to);
	seconds(to, ns);
}

/* ---- tenants ---- */

static uint64_t row_fast(const struct tenant *t) { return t->shown.fast_bytes; }
static uint64_t row_slow(const struct tenant *t) { return t->shown.slow_bytes; }
static uint64_t row_hot(const struct tenant *t) { return t->shown.hot_bytes; }
static uint64_t row_cold(const struct tenant *t) { return t->shown.cold_bytes; }
static uint64_t row_blind(const struct tenant *t) { return t->shown.blind_bytes; }
static uint64_t row_wanted(const struct tenant *t) { return t->part.wanted_bytes; }
static uint64_t row_granted(const struct tenant *t) { return t->part.granted_bytes; }
static uint64_t row_min(const struct tenant *t) { return t->part.min_bytes; }
static uint64_t row_max(const struct tenant *t) { return t->part.max_bytes; }
static uint64_t row_processes(const struct tenant *t) { return t->n_processes; }
static uint64_t row_promoted(const struct tenant *t) { return t->counts.promoted * HEAT_PAGE; }
static uint64_t row_demoted(const struct tenant *t) { return t->counts.demoted * HEAT_PAGE; }
static uint64_t row_looks(const struct tenant *t) { return t->looks; }
static uint64_t row_look_ns(const struct tenant *t) { return t->look_ns; }

static const struct family {
	const char *name, *type, *help;
	uint64_t (*value)(const struct tenant *tenant);
	bool is_ns;		/* shown in seconds */
} families[] = {
	{ "ramify_tenant_fast_bytes", "gauge", "Resident in fast memory.", row_fast },
	{ "ramify_tenant_slow_bytes", "gauge", "Resident in slow memory.", row_slow },
	{ "ramify_tenant_hot_bytes", "gauge", "Resident and hot.", row_hot },
	{ "ramify_tenant_cold_bytes", "gauge", "Resident and cold.", row_cold },
	{ "ramify_tenant_blind_bytes", "gauge", "Not seen by the sampler.", row_blind },
	{ "ramify_tenant_wanted_bytes", "gauge", "Fast memory wanted.", row_wanted },
	{ "ramify_tenant_granted_bytes", "gauge", "Fast memory granted.", row_granted },
	{ "ramify_tenant_min_bytes", "gauge", "Fast memory guaranteed by the policy.", row_min },
	{ "ramify_tenant_max_bytes", "gauge", "Fast memory allowed by the policy.", row_max },
	{ "ramify_tenant_processes", "gauge", "Processes.", row_processes },
	{ "ramify_tenant_promoted_bytes_total", "counter", "Moved to faster memory.",
	  row_promoted },
	{ "ramify_tenant_demoted_bytes_total", "counter", "Moved to slower memory.", row_demoted },
	{ "ramify_tenant_looks_total", "counter", "Looks at all of a process.", row_looks },
	{ "ramify_tenant_look_cpu_seconds_total", "counter", "Processor time for looking.",
	  row_look_ns, true },
};

static void sample(FILE *to, const char *name, const struct tenant *tenant)
{
	fputs(name, to);
	label(to, "{", "tenant", tenant->name);
	label(to, ",", "policy", tenant->policy->name);
}

static void write_family(FILE *to, const struct round *round, const struct family *family)
{
	head(to, family->name, family->type, family->help);
	for (const struct tenant *t = round->tenants.first; t; t = t->next) {
		sample(to, family->name, t);
		fputc('}', to);
		if (family->is_ns)
			seconds(to, family->value(t));
		else
			fprintf(to, " %" PRIu64 "\n", family->value(t));
	}
}

static void failed(FILE *to, const struct tenant *tenant, const char *reason, uint64_t pages)
{
	sample(to, "ramify_tenant_failed_bytes_total", tenant);
	label(to, ",", "reason", reason);
	fprintf(to, "} %" PRIu64 "\n", pages * HEAT_PAGE);
}

static void write_failed(FILE *to, const struct round *round)
{
	head(to, "ramify_tenant_failed_bytes_total", "counter", "Planned, and not moved.");
	for (const struct tenant *t = round->tenants.first; t; t = t->next) {
		for (int fate = MOVE_MOVED + 1; fate < MOVE_FATES; fate++)
			failed(to, t, move_fate_name(fate), t->counts.failed[fate]);
		failed(to, t, "put_off", t->counts.put_off);
		failed(to, t, "forbidden", t->counts.forbidden);
	}
}

/* ---- nodes ---- */

static uint64_t node_managed(const struct tiers *t, unsigned int node)
{
	return t->now.nodes[node].managed_bytes;
}

static uint64_t node_free(const struct tiers *t, unsigned int node)
{
	return t->now.nodes[node].free_bytes;
}

static void write_nodes(FILE *to, const struct tiers *tiers, const char *name, const char *help,
			uint64_t (*value)(const struct tiers *tiers, unsigned int node))
{
	head(to, name, "gauge", help);
	for (unsigned int node = 0; node < tiers->n_nodes; node++) {
		if (tiers->now.nodes[node].managed_bytes)
			fprintf(to, "%s{node=\"%u\",rank=\"%u\"} %" PRIu64 "\n", name, node,
				tiers->ranks[node], value(tiers, node));
	}
}

/* ---- the daemon ---- */

static uint64_t cpu_ns(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000 +
	       (uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000;
}

static void write_samplers(FILE *to, const struct round *round)
{
	head(to, "ramify_sampler_works", "gauge", "Whether this way to see accesses works here.");
	for (size_t i = 0; i < round->n_samplers; i++)
		fprintf(to, "ramify_sampler_works{sampler=\"%s\"} %d\n",
			round->samplers[i].sampler->name, round->samplers[i].works);
}

static void write_daemon(FILE *to, const struct round *round)
{
	head(to, "ramify_build_info", "gauge", "The daemon's version.");
	fputs("ramify_build_info{version=\"" RAMIFY_VERSION "\"} 1\n", to);
	single(to, "ramify_paused", "gauge", "Whether nothing is moved.", round->paused);
	single(to, "ramify_rounds_total", "counter", "Rounds begun.", round->number);
	single_ns(to, "ramify_period_seconds", "gauge", "Time between two looks.",
		  round->pace.period_ns);
	head(to, "ramify_coverage_ratio", "gauge", "Part of memory that a period's look covers.");
	fprintf(to, "ramify_coverage_ratio %u.%06u\n", round->pace.coverage_ppm / 1000000,
		round->pace.coverage_ppm % 1000000);
	single(to, "ramify_fast_capacity_bytes", "gauge", "Fast memory that is shared out.",
	       round->plan.capacity_bytes);
	single(to, "ramify_heat_bytes", "gauge", "What is known of heat takes so much.",
	       heat_size_bytes(round->heat));
	single(to, "ramify_move_calls_total", "counter", "Calls to the kernel to move pages.",
	       round->mover.calls);
	single(to, "ramify_move_calls_below_min_total", "counter",
	       "That put a node below its min watermark.",
	       round->mover.calls_below_min);
	single_ns(to, "ramify_cpu_seconds_total", "counter", "Processor time of the daemon.",
		  cpu_ns());
}

void metrics_write(FILE *to, const struct round *round)
{
	write_daemon(to, round);
	write_samplers(to, round);
	write_nodes(to, &round->tiers, "ramify_node_managed_bytes", "Memory.", node_managed);
	write_nodes(to, &round->tiers, "ramify_node_free_bytes", "Free memory.", node_free);
	write_nodes(to, &round->tiers, "ramify_node_idle_file_bytes",
		    "Of idle pages of files, what counts as free.", tiers_idle);
	write_nodes(to, &round->tiers, "ramify_node_kept_free_bytes",
		    "Memory that is kept free.", tiers_mark);
	for (struct tenant *t = round->tenants.first; t; t = t->next)
		t->shown = shown_of(round, t);
	for (size_t i = 0; i < sizeof(families) / sizeof(*families); i++)
		write_family(to, round, &families[i]);
	write_failed(to, round);
}
