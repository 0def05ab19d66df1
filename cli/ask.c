// SPDX-License-Identifier: GPL-2.0-or-later
/* ask.c -- a question to ramifyd, and its answer. */

#include "ask.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

#define NAME_LEN 512

const char *ask_path(char buf[ASK_PATH_MAX], const char *folder, const char *name)
{
	int len = snprintf(buf, ASK_PATH_MAX, "%.128s", folder);

	for (size_t i = 0; i < NAME_LEN && name[i]; i++) {
		unsigned char c = (unsigned char)name[i];

		len += snprintf(buf + len, (size_t)(ASK_PATH_MAX - len),
				isalnum(c) || strchr("-_.", c) ? "%c" : "%%%02x", c);
	}
	return buf;
}

struct json_object *ask_part(struct json_object *json, const char *key)
{
	struct json_object *part;

	return json_object_object_get_ex(json, key, &part) ? part : NULL;
}

const char *ask_text(struct json_object *json, const char *key)
{
	struct json_object *part = ask_part(json, key);

	return json_object_is_type(part, json_type_string) ? json_object_get_string(part) : "";
}

uint64_t ask_u64(struct json_object *json, const char *key)
{
	return json_object_get_uint64(ask_part(json, key));
}

bool ask_true(struct json_object *json, const char *key)
{
	return json_object_get_boolean(ask_part(json, key));
}

/* What it says may quote what anybody can name. */
static void print_blunt(const char *text)
{
	for (; *text; text++)
		fputc((unsigned char)*text < ' ' || *text == 0x7f ? '?' : *text, stderr);
}

static void print_refusal(const char *title, unsigned int status, struct json_object *json)
{
	const char *file = ask_text(json, "file"), *reason = ask_text(json, "error");

	fprintf(stderr, "%s: ", title);
	print_blunt(file);
	if (ask_u64(json, "line"))
		fprintf(stderr, ":%llu", (unsigned long long)ask_u64(json, "line"));
	fputs(*file ? ": " : "", stderr);
	print_blunt(*reason ? reason : "ramifyd refuses, and does not say why");
	fputs(status == 403 ? "\n" : "; nothing was changed\n", stderr);
}

int ask(const char *title, struct ramify *ctx, const char *method, const char *path,
	struct json_object *body, struct json_object **ret_json)
{
	struct json_object *json;
	unsigned int status;
	char *text;
	int err = ramify_ask(ctx, method, path, body ? json_object_to_json_string(body) : NULL,
			     &status, &text);

	if (err)
		return err;
	json = json_tokener_parse(text);
	free(text);
	if (status == 200 && json_object_is_type(json, json_type_object)) {
		*ret_json = json;
		return 0;
	}
	print_refusal(title, status, json);
	json_object_put(json);
	return CMD_FAILED;
}
