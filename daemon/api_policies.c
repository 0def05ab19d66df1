// SPDX-License-Identifier: GPL-2.0-or-later
/* api_policies.c -- /v1/policies: list, set and unset live. */

#include <errno.h>
#include <string.h>

#include "api.h"
#include "json.h"
#include "log.h"
#include "patch.h"

/* ---- to be shown ---- */

static struct json_object *settings_json(const struct policy *policy)
{
	struct json_object *json = json_object_new_object();
	char text[POLICY_TEXT_MAX + 32];
	const char *key;

	for (size_t i = 0; (key = policy_setting(policy, i, text, sizeof(text))); i++)
		json_text(json, key, text);
	return json;
}

/* By key, in the form in which they can be set. */
static struct json_object *matches_json(const struct policy *policy)
{
	struct json_object *json = json_object_new_object();
	char text[POLICY_TEXT_MAX + 32];

	for (size_t i = 0; i < policy->n_matches; i++) {
		const char *key = policy_match_text(&policy->matches[i], text, sizeof(text));
		struct json_object *list;

		if (!json_object_object_get_ex(json, key, &list))
			list = json_list(json, key);
		json_object_array_add(list, json_string(text));
	}
	return json;
}

static void add_mappings(struct json_object *json, const struct policy *policy)
{
	struct json_object *list = json_list(json, "mapping");
	char text[POLICY_TEXT_MAX + 32];

	for (size_t i = 0; i < policy->n_mappings; i++) {
		policy_mapping_text(&policy->mappings[i], text, sizeof(text));
		json_object_array_add(list, json_string(text));
	}
}

static void add_live(struct json_object *json, const struct overlay *overlay)
{
	struct json_object *list = json_list(json, "live");

	for (size_t i = 0; overlay && i < overlay->n_lines; i++) {
		if (i && !strcmp(overlay->lines[i].key, overlay->lines[i - 1].key))
			continue;
		json_object_array_add(list, json_object_new_string(overlay->lines[i].key));
	}
}

static struct json_object *policy_json(const struct api *api, const struct policy *policy)
{
	struct json_object *json = json_object_new_object();
	uint64_t tenants = 0;

	for (const struct tenant *t = api->round->tenants.first; t; t = t->next)
		tenants += t->policy == policy;
	json_text(json, "policy", policy->name);
	json_text(json, "file", *policy->file ? policy->file : NULL);
	json_known(json, "line", policy->line);
	add_live(json, overlays_find(&api->live->overlays, policy->name));
	json_u64(json, "tenants", tenants);
	json_add(json, "match", matches_json(policy));
	add_mappings(json, policy);
	json_add(json, "settings", settings_json(policy));
	return json;
}

int api_policies(struct api *api, const struct api_request *request,
		 struct json_object **ret_json, struct policy_error *error)
{
	struct json_object *all = json_object_new_object(), *list = json_list(all, "policies");
	const struct policies *policies = &api->round->config.policies;

	for (size_t i = 0; i < policies->n; i++)
		json_object_array_add(list, policy_json(api, &policies->items[i]));
	*ret_json = all;
	return 0;
}

static int fail_name(const char *name, const char *format, struct policy_error *error)
{
	snprintf(error->reason, sizeof(error->reason), format, name);
	return -ENOENT;
}

int api_policy(struct api *api, const struct api_request *request, struct json_object **ret_json,
	       struct policy_error *error)
{
	const struct policies *policies = &api->round->config.policies;

	for (size_t i = 0; i < policies->n; i++) {
		if (strcmp(policies->items[i].name, request->name))
			continue;
		*ret_json = policy_json(api, &policies->items[i]);
		return 0;
	}
	return fail_name(request->name, "there is no policy %.64s", error);
}

/* ---- to be set ---- */

/* All of it holds, or nothing. */
static int change(struct api *api, struct overlays *overlays, struct policy_error *error)
{
	struct config config;
	int err = live_overlays(api->live, overlays, &config, error);

	if (!err) {
		round_configure(api->round, &config);
		return 0;
	}
	/* What is wrong is what was sent, no line of a file. */
	*error->file = '\0';
	error->line = 0;
	return err;
}

static bool only_unsets(struct json_object *body)
{
	json_object_object_foreach(body, key, value) {
		(void)key;
		if (value && !(json_object_is_type(value, json_type_array) &&
			       !json_object_array_length(value)))
			return false;
	}
	return true;
}

/* What only was set live may be gone now: {} then. */
static void tell(struct api *api, const struct api_request *request, const char *what,
		 struct json_object **ret_json)
{
	struct policy_error error;
	bool gone = api_policy(api, request, ret_json, &error);

	if (gone)
		*ret_json = json_object_new_object();
	log_event(EVENT_SET, SD_NOTICE, "policy %s %s", request->name,
		  gone ? "is gone: it was only set live" : what);
}

int api_policy_set(struct api *api, const struct api_request *request,
		   struct json_object **ret_json, struct policy_error *error)
{
	struct overlays overlays = { 0 };
	int err;

	if (!request->body || !json_object_object_length(request->body)) {
		snprintf(error->reason, sizeof(error->reason), "nothing was sent to be set");
		return -EINVAL;
	}
	err = overlays_copy(&api->live->overlays, &overlays);
	if (!err)
		err = patch_apply(&overlays, request->name, request->body, error);
	if (!err)
		err = change(api, &overlays, error);
	if (err) {
		overlays_free(&overlays);
		return err;
	}
	tell(api, request,
	     only_unsets(request->body) ? "is in part again as files say" : "was set live", ret_json);
	return 0;
}

int api_policy_unset(struct api *api, const struct api_request *request,
		     struct json_object **ret_json, struct policy_error *error)
{
	struct overlays overlays = { 0 };
	int err = overlays_copy(&api->live->overlays, &overlays);

	if (err)
		return err;
	err = overlays_drop(&overlays, request->name);
	if (err)
		fail_name(request->name, "nothing was set live for policy %.64s", error);
	else
		err = change(api, &overlays, error);
	if (err)
		overlays_free(&overlays);
	else
		tell(api, request, "is again as files say", ret_json);
	return err;
}
