// SPDX-License-Identifier: GPL-2.0-or-later
/* api.c -- what can be asked of the daemon: finds the route, calls its handler. */

#include "api.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "metrics.h"
#include "patch.h"

static const struct api_route routes[] = {
	{ "GET", "/v1/status", PEER_READ, false, api_status },
	{ "POST", "/v1/pause", PEER_WRITE, false, api_pause },
	{ "POST", "/v1/resume", PEER_WRITE, false, api_resume },
	{ "GET", "/v1/tenants", PEER_READ, false, api_tenants },
	{ "GET", "/v1/tenants/", PEER_READ, false, api_tenant },
	{ "GET", "/v1/policies", PEER_READ, false, api_policies },
	{ "GET", "/v1/policies/", PEER_READ, false, api_policy },
	{ "PATCH", "/v1/policies/", PEER_WRITE, false, api_policy_set },
	{ "DELETE", "/v1/policies/", PEER_WRITE, false, api_policy_unset },
	{ "GET", "/v1/samplers", PEER_READ, false, api_samplers },
	{ "GET", "/v1/tiers", PEER_READ, false, api_tiers },
	{ "GET", "/v1/decisions", PEER_READ, false, api_decisions },
	{ "POST", "/v1/advice", PEER_OWN, false, api_advice },
	{ "GET", "/metrics", PEER_READ, true, NULL, metrics_write },
};

#define N_ROUTES (sizeof(routes) / sizeof(*routes))

/* ---- answers ---- */

static void answer_json(unsigned int status, struct json_object *json,
			struct api_answer *ret_answer)
{
	const char *text = json ? json_object_to_json_string_ext(
					  json, JSON_C_TO_STRING_NOSLASHESCAPE) :
				  "{}";
	int len = text ? asprintf(&ret_answer->text, "%s\n", text) : -1;

	ret_answer->status = status;
	ret_answer->type = "application/json";
	ret_answer->len = len < 0 ? 0 : (size_t)len;
	if (len < 0)
		ret_answer->text = NULL;
	json_object_put(json);
}

void api_refuse(unsigned int status, const struct policy_error *error,
		struct api_answer *ret_answer)
{
	struct json_object *json = json_object_new_object();

	json_text(json, "error", error->reason);
	if (*error->file)
		json_text(json, "file", error->file);
	if (error->line)
		json_u64(json, "line", error->line);
	answer_json(status, json, ret_answer);
}

static void refuse(unsigned int status, const char *reason, struct api_answer *ret_answer)
{
	struct policy_error error = { 0 };

	snprintf(error.reason, sizeof(error.reason), "%s", reason);
	api_refuse(status, &error, ret_answer);
}

/* ---- routes ---- */

/* NULL, or what follows the route's path. */
static const char *name_in(const struct api_route *route, const char *path)
{
	size_t len = strlen(route->path);

	if (strncmp(route->path, path, len))
		return NULL;
	/* A route that ends with '/' wants a name, another one none. */
	return (route->path[len - 1] == '/') == (path[len] != '\0') ? path + len : NULL;
}

static bool may(const struct peer *peer, const struct api_route *route)
{
	return peer->right == PEER_NET ? route->net : peer->right >= route->right;
}

static void refuse_right(const struct api_route *route, struct api_answer *ret_answer)
{
	refuse(403,
	       route->right == PEER_WRITE ? "only root may do this" :
					    "only root and members of group ramify may see this",
	       ret_answer);
}

const struct api_route *api_find(const char *method, const char *path, const struct peer *peer,
				 const char **ret_name, struct api_answer *ret_answer)
{
	bool known = false;

	for (size_t i = 0; i < N_ROUTES; i++) {
		const char *name = name_in(&routes[i], path);

		if (!name)
			continue;
		known = true;
		if (strcmp(routes[i].method, method))
			continue;
		if (!may(peer, &routes[i])) {
			refuse_right(&routes[i], ret_answer);
			return NULL;
		}
		*ret_name = name;
		return &routes[i];
	}
	refuse(known ? 405 : 404, known ? "this cannot be done with it" : "there is no such path",
	       ret_answer);
	return NULL;
}

/* ---- calls ---- */

static unsigned int status_of(int err)
{
	switch (err) {
	case -EINVAL: return 400;
	case -EPERM: return 403;
	case -ENOENT:
	case -ESRCH: return 404;
	case -EEXIST: return 409;
	case -E2BIG: return 413;
	case -EAGAIN: return 503;
	default: return 500;
	}
}

/* As in Prometheus' format, which is what there is beside JSON. */
static void answer_text(const struct api *api, const struct api_route *route,
			struct api_answer *ret_answer)
{
	FILE *to = open_memstream(&ret_answer->text, &ret_answer->len);
	bool good;

	ret_answer->status = 200;
	ret_answer->type = "text/plain; version=0.0.4; charset=utf-8";
	if (!to)
		return;
	route->text(to, api->round);
	good = !ferror(to);
	if (!fclose(to) && good)
		return;
	free(ret_answer->text);
	ret_answer->text = NULL;
}

void api_call(struct api *api, const struct api_route *route, const struct peer *peer,
	      const char *name, const char *body, size_t len, struct api_answer *ret_answer)
{
	struct api_request request = { .peer = peer, .name = name };
	struct policy_error error = { 0 };
	struct json_object *json = NULL;
	int err;

	if (route->text) {
		answer_text(api, route, ret_answer);
		return;
	}
	err = len ? patch_parse(body, len, &request.body, &error) : 0;
	if (!err)
		err = route->handler(api, &request, &json, &error);
	json_object_put(request.body);
	if (!err) {
		answer_json(200, json, ret_answer);
		return;
	}
	if (!*error.reason)
		snprintf(error.reason, sizeof(error.reason), "%s", strerror(-err));
	api_refuse(status_of(err), &error, ret_answer);
}
