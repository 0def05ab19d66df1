// SPDX-License-Identifier: GPL-2.0-or-later
/* api_status.c -- GET /v1/status, and POST /v1/pause and /v1/resume: the kill switch. */

#include <string.h>

#include "api.h"
#include "json.h"
#include "log.h"
#include "pause.h"

static struct json_object *status_json(const struct api *api)
{
	const struct round *round = api->round;
	struct json_object *json = json_object_new_object();
	size_t n_tenants = 0;

	for (const struct tenant *t = round->tenants.first; t; t = t->next)
		n_tenants++;
	json_text(json, "version", RAMIFY_VERSION);
	json_flag(json, "paused", round->paused);
	json_flag(json, "dry_run", round->config.dry_run);
	json_u64(json, "round", round->number);
	json_u64(json, "policies", round->config.policies.n);
	json_u64(json, "tenants", n_tenants);
	json_u64(json, "processes", round->tenants.n_processes);
	json_u64(json, "capacity_bytes", round->plan.capacity_bytes);
	json_u64(json, "minima_bytes", round->plan.minima_bytes);
	json_flag(json, "minima_scaled", round->plan.minima_scaled);
	json_flag(json, "limited", round->plan.limited);
	json_u64(json, "heat_bytes", heat_size_bytes(round->heat));
	return json;
}

int api_status(struct api *api, const struct api_request *request, struct json_object **ret_json,
	       struct policy_error *error)
{
	*ret_json = status_json(api);
	return 0;
}

static int set_paused(struct api *api, bool paused, struct json_object **ret_json,
		      struct policy_error *error)
{
	int err;

	/* At once, whatever else fails. */
	if (paused)
		round_pause(api->round, true);
	err = pause_write(api->pause_path, paused);
	if (err) {
		snprintf(error->reason, sizeof(error->reason), "%.128s: %s; %s",
			 api->pause_path, strerror(-err),
			 paused ? "nothing is moved until ramifyd starts again" :
				  "nothing is moved, as before");
		return err;
	}
	round_pause(api->round, paused);
	if (paused)
		log_event(EVENT_PAUSED, SD_NOTICE,
			  "paused: nothing is moved until \"ramify policy resume\"");
	else
		log_event(EVENT_RESUMED, SD_NOTICE, "resumed: pages are moved again");
	*ret_json = status_json(api);
	return 0;
}

int api_pause(struct api *api, const struct api_request *request, struct json_object **ret_json,
	      struct policy_error *error)
{
	return set_paused(api, true, ret_json, error);
}

int api_resume(struct api *api, const struct api_request *request, struct json_object **ret_json,
	       struct policy_error *error)
{
	return set_paused(api, false, ret_json, error);
}
