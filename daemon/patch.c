// SPDX-License-Identifier: GPL-2.0-or-later
/* patch.c -- what is sent to be set live: JSON, with a member for each key. */

#include "patch.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define DEPTH 8

int patch_parse(const char *text, size_t len, struct json_object **ret_json,
		struct policy_error *error)
{
	struct json_tokener *tokener = json_tokener_new_ex(DEPTH);
	struct json_object *json;
	int err = 0;

	if (!tokener)
		return -ENOMEM;
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	json = json_tokener_parse_ex(tokener, text, (int)len);
	if (json_tokener_get_error(tokener) != json_tokener_success)
		snprintf(error->reason, sizeof(error->reason), "the body is no JSON, from byte %zu on",
			 json_tokener_get_parse_end(tokener));
	else if (json_object_get_type(json) != json_type_object)
		snprintf(error->reason, sizeof(error->reason), "the body is no JSON object");
	else
		*ret_json = json_object_get(json);
	if (*error->reason)
		err = -EINVAL;
	json_object_put(json);
	json_tokener_free(tokener);
	return err;
}

/* A text, or a number, which is taken as a text. NULL: it is neither. */
static const char *text_of(struct json_object *json)
{
	const char *text;

	if (json_object_is_type(json, json_type_int))
		return json_object_get_string(json);
	if (!json_object_is_type(json, json_type_string))
		return NULL;
	text = json_object_get_string(json);
	/* With a zero in it, it would end there. */
	return strlen(text) == (size_t)json_object_get_string_len(json) ? text : NULL;
}

/* What is misspelt, or was not set, is told. */
static int unset(struct overlays *overlays, const char *name, const char *key,
		 struct policy_error *error)
{
	const struct overlay *overlay = overlays_find(overlays, name);

	if (!policy_takes(key)) {
		snprintf(error->reason, sizeof(error->reason), "%.64s: a policy has no such setting",
			 key);
		return -EINVAL;
	}
	if (!overlay || !overlay_has(overlay, key)) {
		snprintf(error->reason, sizeof(error->reason),
			 "%s: nothing was set live for policy %.64s", key, name);
		return -ENOENT;
	}
	return overlays_set(overlays, name, key, NULL, 0);
}

static int set_values(struct overlays *overlays, const char *name, const char *key,
		      struct json_object *json, struct policy_error *error)
{
	bool is_list = json_object_is_type(json, json_type_array);
	size_t n = is_list ? json_object_array_length(json) : json ? 1 : 0;
	const char *values[POLICY_ITEMS_MAX];

	if (!n)
		return unset(overlays, name, key, error);
	if (n > POLICY_ITEMS_MAX)
		return -E2BIG;
	for (size_t i = 0; i < n; i++) {
		values[i] = text_of(is_list ? json_object_array_get_idx(json, i) : json);
		if (values[i])
			continue;
		snprintf(error->reason, sizeof(error->reason),
			 "%.64s: a text, a whole number, a list of these or null is wanted", key);
		return -EINVAL;
	}
	return overlays_set(overlays, name, key, values, n);
}

int patch_apply(struct overlays *overlays, const char *name, struct json_object *json,
		struct policy_error *error)
{
	json_object_object_foreach(json, key, value) {
		int err = set_values(overlays, name, key, value, error);

		if (err)
			return err;
	}
	return 0;
}
