/* SPDX-License-Identifier: GPL-2.0-or-later */
/* json.h -- members of JSON objects. */
#ifndef RAMIFYD_JSON_H
#define RAMIFYD_JSON_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"

static inline void json_add(struct json_object *json, const char *key, struct json_object *value)
{
	json_object_object_add(json, key, value);
}

/** Of any bytes. NULL is null. */
static inline struct json_object *json_string(const char *text)
{
	char *mended = text ? strdup(text) : NULL;
	struct json_object *json = mended ? json_object_new_string(utf8_mend(mended)) : NULL;

	free(mended);
	return json;
}

static inline void json_text(struct json_object *json, const char *key, const char *text)
{
	json_add(json, key, json_string(text));
}

static inline void json_u64(struct json_object *json, const char *key, uint64_t value)
{
	json_add(json, key, json_object_new_uint64(value));
}

static inline void json_flag(struct json_object *json, const char *key, bool value)
{
	json_add(json, key, json_object_new_boolean(value));
}

/** Of what is 0 where it is not known. */
static inline void json_known(struct json_object *json, const char *key, uint64_t value)
{
	json_add(json, key, value ? json_object_new_uint64(value) : NULL);
}

/** An empty list in @json. */
static inline struct json_object *json_list(struct json_object *json, const char *key)
{
	struct json_object *list = json_object_new_array();

	json_add(json, key, list);
	return list;
}

#endif
