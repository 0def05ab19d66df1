// SPDX-License-Identifier: GPL-2.0-or-later
/* api_decisions.c -- GET /v1/decisions: what was planned lately, why, and what became of it; the last
 * one first. */

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "api.h"
#include "json.h"

static void add_time(struct json_object *json, uint64_t time_ns)
{
	time_t seconds = (time_t)(time_ns / 1000000000);
	char text[40], whole[24];
	struct tm tm;

	gmtime_r(&seconds, &tm);
	strftime(whole, sizeof(whole), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text, sizeof(text), "%s.%03uZ", whole, (unsigned int)(time_ns / 1000000 % 1000));
	json_text(json, "time", text);
}

static struct json_object *failed_json(const struct outcome *outcome)
{
	struct json_object *json = json_object_new_object();

	for (int fate = MOVE_MOVED + 1; fate < MOVE_FATES; fate++)
		json_u64(json, move_fate_name(fate), (uint64_t)outcome->fates[fate] * HEAT_PAGE);
	json_u64(json, "put_off", (uint64_t)outcome->put_off * HEAT_PAGE);
	json_u64(json, "forbidden", (uint64_t)outcome->forbidden * HEAT_PAGE);
	return json;
}

static struct json_object *decision_json(const struct decision *d)
{
	struct json_object *json = json_object_new_object();

	add_time(json, d->time_ns);
	json_u64(json, "round", d->round);
	json_text(json, "tenant", d->tenant);
	json_u64(json, "pid", (uint64_t)d->pid);
	json_text(json, "decision", plan_kind_name(d->kind));
	json_text(json, "reason", plan_reason_name(d->reason));
	json_u64(json, "from_rank", d->from);
	json_u64(json, "to_rank", d->to);
	json_u64(json, "bytes", d->pages * HEAT_PAGE);
	json_u64(json, "moved_bytes", (uint64_t)d->outcome.fates[MOVE_MOVED] * HEAT_PAGE);
	json_add(json, "failed_bytes", failed_json(&d->outcome));
	json_u64(json, "start", d->start);
	json_u64(json, "end", d->end);
	json_u64(json, "level_min", d->level_min);
	json_u64(json, "level_max", d->level_max);
	json_flag(json, "dry_run", d->dry_run);
	json_flag(json, "paused", d->paused);
	return json;
}

int api_decisions(struct api *api, const struct api_request *request,
		  struct json_object **ret_json, struct policy_error *error)
{
	struct json_object *all = json_object_new_object(), *list = json_list(all, "decisions");
	const struct decision *d;

	for (size_t back = 0; (d = decisions_back(&api->round->decisions, back)); back++)
		json_object_array_add(list, decision_json(d));
	*ret_json = all;
	return 0;
}
