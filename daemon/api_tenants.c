// SPDX-License-Identifier: GPL-2.0-or-later
/* api_tenants.c -- GET /v1/tenants: who has what, wants what, and why. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "api.h"
#include "json.h"
#include "shown.h"

static uint64_t managed_bytes(const struct process *process)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < process->ranges.n; i++)
		bytes += process->ranges.items[i].end - process->ranges.items[i].start;
	return bytes;
}

static struct json_object *process_json(const struct process *process)
{
	struct json_object *json = json_object_new_object();
	const struct sampler *sampler = process->sampler;

	json_u64(json, "pid", (uint64_t)process->pid);
	json_u64(json, "managed_bytes", managed_bytes(process));
	json_u64(json, "locked_bytes", process->ranges.locked_bytes);
	json_flag(json, "guest", process->ranges.guest);
	json_text(json, "sampler", sampler ? sampler->name : NULL);
	json_text(json, "blind", sampler ? sampler->blind : NULL);
	json_text(json, "error", process->sample_err ? strerror(-process->sample_err) : NULL);
	json_u64(json, "looks", process->looks);
	json_u64(json, "look_cpu_ns", process->look_ns);
	json_u64(json, "stall_ns", process->stall_ns);
	return json;
}

static struct json_object *failed_json(const struct move_counts *counts)
{
	struct json_object *json = json_object_new_object();

	for (int fate = MOVE_MOVED + 1; fate < MOVE_FATES; fate++)
		json_u64(json, move_fate_name(fate), counts->failed[fate] * HEAT_PAGE);
	json_u64(json, "put_off", counts->put_off * HEAT_PAGE);
	json_u64(json, "forbidden", counts->forbidden * HEAT_PAGE);
	return json;
}

/* What the last plan says of it; null before the first one. */
static void add_part(struct json_object *json, const struct tenant *tenant)
{
	static const char *const keys[] = { "min_bytes", "max_bytes", "wanted_bytes",
					    "granted_bytes", "threshold_level" };
	const struct plan_tenant *part = &tenant->part;
	uint64_t values[] = { part->min_bytes, part->max_bytes, part->wanted_bytes,
			      part->granted_bytes, part->threshold_level };

	json_text(json, "state", part->tenant ? plan_state_name(part->state) : NULL);
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		json_add(json, keys[i], part->tenant ? json_object_new_uint64(values[i]) : NULL);
}

static void add_counts(struct json_object *json, const struct tenant *tenant)
{
	json_u64(json, "promoted_bytes", tenant->counts.promoted * HEAT_PAGE);
	json_u64(json, "demoted_bytes", tenant->counts.demoted * HEAT_PAGE);
	json_add(json, "failed_bytes", failed_json(&tenant->counts));
	json_u64(json, "looks", tenant->looks);
	json_u64(json, "look_cpu_ns", tenant->look_ns);
}

static struct json_object *tenant_json(const struct round *round, const struct tenant *tenant)
{
	struct json_object *json = json_object_new_object();
	const struct policy_settings *settings = &tenant->policy->settings;
	struct shown shown = shown_of(round, tenant);

	json_text(json, "tenant", tenant->name);
	json_text(json, "policy", tenant->policy->name);
	json_flag(json, "dry_run", settings->dry_run || round->config.dry_run);
	json_text(json, "numa_balancing", tenant_numab(tenant));
	json_u64(json, "resident_bytes", shown.fast_bytes + shown.slow_bytes);
	json_u64(json, "fast_bytes", shown.fast_bytes);
	json_u64(json, "slow_bytes", shown.slow_bytes);
	json_u64(json, "hot_bytes", shown.hot_bytes);
	json_u64(json, "cold_bytes", shown.cold_bytes);
	json_u64(json, "blind_bytes", shown.blind_bytes);
	add_part(json, tenant);
	json_u64(json, "left_alone_rounds", shown.left_alone);
	add_counts(json, tenant);
	return json;
}

/* ---- with their processes ---- */

/* Sorted by tenant: thousands of tenants with thousands of processes are no rare thing. */
struct place {
	const struct tenant *tenant;
	struct json_object *list;
};

static int compare(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return (x->tenant > y->tenant) - (x->tenant < y->tenant);
}

static void add_processes(const struct tenants *tenants, struct place *places, size_t n)
{
	qsort(places, n, sizeof(*places), compare);
	for (size_t i = 0; i < tenants->n_processes; i++) {
		const struct process *process = tenants->processes[i];
		struct place key = { .tenant = process->tenant };
		struct place *place = bsearch(&key, places, n, sizeof(*places), compare);

		if (place)
			json_object_array_add(place->list, process_json(process));
	}
}

static const struct tenant *find(const struct tenants *tenants, const char *name)
{
	const struct tenant *tenant = tenants->first;

	while (tenant && strcmp(tenant->name, name))
		tenant = tenant->next;
	return tenant;
}

int api_tenants(struct api *api, const struct api_request *request, struct json_object **ret_json,
		struct policy_error *error)
{
	const struct tenants *tenants = &api->round->tenants;
	struct json_object *all, *list;
	struct place *places;
	size_t n = 0;

	for (const struct tenant *t = tenants->first; t; t = t->next)
		n++;
	places = calloc(n + 1, sizeof(*places));
	if (!places)
		return -ENOMEM;
	all = json_object_new_object();
	list = json_list(all, "tenants");
	n = 0;
	for (const struct tenant *t = tenants->first; t; t = t->next) {
		struct json_object *json = tenant_json(api->round, t);

		places[n++] = (struct place){ t, json_list(json, "processes") };
		json_object_array_add(list, json);
	}
	add_processes(tenants, places, n);
	free(places);
	*ret_json = all;
	return 0;
}

int api_tenant(struct api *api, const struct api_request *request, struct json_object **ret_json,
	       struct policy_error *error)
{
	const struct tenant *tenant = find(&api->round->tenants, request->name);
	struct place place = { .tenant = tenant };
	struct json_object *json;

	if (!tenant) {
		snprintf(error->reason, sizeof(error->reason), "there is no tenant %.128s",
			 request->name);
		return -ENOENT;
	}
	json = tenant_json(api->round, tenant);
	place.list = json_list(json, "processes");
	add_processes(&api->round->tenants, &place, 1);
	*ret_json = json;
	return 0;
}
