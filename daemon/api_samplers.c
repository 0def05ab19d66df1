// SPDX-License-Identifier: GPL-2.0-or-later
/* api_samplers.c -- GET /v1/samplers: how accesses are seen, what is not, and how often. */

#include <string.h>

#include "api.h"
#include "json.h"

static const char *const limits[] = {
	[PACE_FREE] = "none",
	[PACE_CPU] = "budget",
	[PACE_STALL] = "stall",
};

static uint64_t count_processes(const struct round *round, const struct sampler *sampler)
{
	uint64_t n = 0;

	for (size_t i = 0; i < round->tenants.n_processes; i++) {
		const struct process *process = round->tenants.processes[i];

		n += process->sample && process->sampler == sampler;
	}
	return n;
}

static struct json_object *choice_json(const struct round *round,
				       const struct sample_choice *choice)
{
	const struct sampler *sampler = choice->sampler;
	struct json_object *json = json_object_new_object();

	json_text(json, "sampler", sampler->name);
	json_flag(json, "works", choice->works);
	json_text(json, "why_not", choice->works ? NULL : choice->why);
	json_flag(json, "chosen", sampler == round_sampler(round, false));
	json_flag(json, "chosen_for_guests", sampler == round_sampler(round, true));
	json_u64(json, "processes", count_processes(round, sampler));
	json_text(json, "blind", sampler->blind);
	json_flag(json, "exact", sampler->exact);
	json_u64(json, "grain_bytes", 1ULL << sampler->grade.grain_shift);
	json_flag(json, "sees_writes", sampler->writes);
	json_flag(json, "sees_guests", sampler->guests);
	json_u64(json, "settle_ns", sampler->settle_ns);
	return json;
}

/* What was wished, and what came of it. */
static struct json_object *pace_json(const struct round *round)
{
	struct json_object *json = json_object_new_object();
	const struct pace *pace = &round->pace;
	bool known = pace->period_ns;

	json_u64(json, "budget_ppm", round->config.budget_ppm);
	json_u64(json, "wanted_period_ns", round->config.period_ns);
	json_u64(json, "period_max_ns", round->config.period_max_ns);
	json_known(json, "period_ns", pace->period_ns);
	json_add(json, "coverage_ppm", known ? json_object_new_uint64(pace->coverage_ppm) : NULL);
	json_text(json, "limited_by", known ? limits[pace->limit] : NULL);
	return json;
}

int api_samplers(struct api *api, const struct api_request *request,
		 struct json_object **ret_json, struct policy_error *error)
{
	struct json_object *all = json_object_new_object(), *list = json_list(all, "samplers");

	for (size_t i = 0; i < api->round->n_samplers; i++)
		json_object_array_add(list, choice_json(api->round, &api->round->samplers[i]));
	json_add(all, "pace", pace_json(api->round));
	*ret_json = all;
	return 0;
}
