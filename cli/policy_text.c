// SPDX-License-Identifier: GPL-2.0-or-later
/* policy_text.c -- a policy that ramifyd told, as a file of policy.d could have it. */

#include "policy_text.h"

#include "ask.h"

static void print_lines(FILE *out, const char *key, struct json_object *list)
{
	for (size_t i = 0; list && i < json_object_array_length(list); i++)
		fprintf(out, "%s = %s\n", key,
			json_object_get_string(json_object_array_get_idx(list, i)));
}

void policy_text(struct json_object *json, FILE *out)
{
	struct json_object *match = ask_part(json, "match"), *settings = ask_part(json, "settings");

	fprintf(out, "[policy %s]\n", ask_text(json, "policy"));
	if (match) {
		json_object_object_foreach(match, key, values)
			print_lines(out, key, values);
	}
	print_lines(out, "mapping", ask_part(json, "mapping"));
	if (settings) {
		json_object_object_foreach(settings, key, value)
			fprintf(out, "%s = %s\n", key, json_object_get_string(value));
	}
}
