// SPDX-License-Identifier: GPL-2.0-or-later
/* api_tenants.c -- GET /v1/tenants: who has what, and why. */

#include <inttypes.h>

#include "api.h"

static void add_text(struct json_object *json, const char *key, const char *text)
{
	json_object_object_add(json, key, text ? json_object_new_string(text) : NULL);
}

static void add_u64(struct json_object *json, const char *key, uint64_t value)
{
	json_object_object_add(json, key, json_object_new_uint64(value));
}

static struct json_object *process_json(const struct process *process)
{
	struct json_object *json = json_object_new_object();

	add_u64(json, "pid", (uint64_t)process->pid);
	add_text(json, "sampler", process->sampler ? process->sampler->name : NULL);
	return json;
}

static struct json_object *processes_json(const struct api *api, const struct tenant *tenant)
{
	const struct tenants *tenants = &api->round->tenants;
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < tenants->n_processes; i++) {
		if (tenants->processes[i]->tenant == tenant)
			json_object_array_add(list, process_json(tenants->processes[i]));
	}
	return list;
}

static struct json_object *tenant_json(const struct api *api, const struct tenant *tenant)
{
	struct json_object *json = json_object_new_object();

	add_text(json, "tenant", tenant->name);
	add_text(json, "policy", tenant->policy->name);
	add_u64(json, "resident_bytes", heat_resident_bytes(tenant->heat));
	json_object_object_add(json, "processes", processes_json(api, tenant));
	return json;
}

int api_tenants(struct api *api, const struct api_request *request, struct json_object **ret_json,
		struct policy_error *error)
{
	struct json_object *all = json_object_new_object(), *list = json_object_new_array();

	json_object_object_add(all, "tenants", list);
	for (const struct tenant *t = api->round->tenants.first; t; t = t->next)
		json_object_array_add(list, tenant_json(api, t));
	*ret_json = all;
	return 0;
}
