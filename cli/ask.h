/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ask.h -- a question to ramifyd, and its answer. */
#ifndef RAMIFY_CLI_ASK_H
#define RAMIFY_CLI_ASK_H

#include <json-c/json.h>
#include <ramify.h>

/* @body may be NULL. If ramifyd refuses, its reason is told after @title: CMD_FAILED; if it cannot
 * be asked, an errno, with the message in the context. @ret_json is to be put. */
int ask(const char *title, struct ramify *ctx, const char *method, const char *path,
	struct json_object *body, struct json_object **ret_json);

/* @name as a part of a path, of any characters. Returns @buf; longer than 512 it is cut. */
#define ASK_PATH_MAX 2048
const char *ask_path(char buf[ASK_PATH_MAX], const char *folder, const char *name);

/* "" for what is missing, or no text. */
const char *ask_text(struct json_object *json, const char *key);
uint64_t ask_u64(struct json_object *json, const char *key);
bool ask_true(struct json_object *json, const char *key);
/* The list or object; NULL if there is none. */
struct json_object *ask_part(struct json_object *json, const char *key);

#endif
