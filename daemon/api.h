/* SPDX-License-Identifier: GPL-2.0-or-later */
/* api.h -- what can be asked of the daemon: a table of routes, a handler each. */
#ifndef RAMIFYD_API_H
#define RAMIFYD_API_H

#include <json-c/json.h>
#include <stddef.h>
#include <stdio.h>

#include "live.h"
#include "peer.h"
#include "round.h"

/* What handlers work on. */
struct api {
	struct round *round;
	struct live *live;
	char pause_path[256];
};

struct api_request {
	const struct peer *peer;
	const char *name;		/* what follows the route's path; "" if nothing does */
	struct json_object *body;	/* an object; NULL: none was sent */
};

/**
 * A handler: 0, with an object in @ret_json, which may stay NULL for none; or a negative errno,
 * with a reason in @error if the errno's own text says too little, and then nothing has changed.
 * -ENOENT there is no such thing; -EINVAL what was sent makes no sense; -EPERM, -EEXIST, ...
 */
typedef int api_handler(struct api *api, const struct api_request *request,
			struct json_object **ret_json, struct policy_error *error);

struct api_route {
	const char *method;
	const char *path;		/* ends with '/' if a name follows */
	enum peer_right right;		/* that one needs */
	bool net;			/* also over a loopback port, by anybody */
	api_handler *handler;		/* or: */
	void (*text)(FILE *to, const struct round *round);
};

struct api_answer {
	unsigned int status;		/* HTTP's */
	const char *type;		/* HTTP's Content-Type */
	char *text;			/* NULL: no memory even for that */
	size_t len;
};

/** The route for @method and @path, and what follows it in @path. NULL: none, or @peer has no
 *  right to it: @ret_answer says so. */
const struct api_route *api_find(const char *method, const char *path, const struct peer *peer,
				 const char **ret_name, struct api_answer *ret_answer);

/** @body: JSON as it was sent, @len bytes of it. */
void api_call(struct api *api, const struct api_route *route, const struct peer *peer,
	      const char *name, const char *body, size_t len, struct api_answer *ret_answer);

/** An answer that is an error: {"error": ...}. */
void api_refuse(unsigned int status, const struct policy_error *error,
		struct api_answer *ret_answer);

/* One file a noun. */
api_handler api_advice;
api_handler api_decisions;
api_handler api_pause;
api_handler api_policies;
api_handler api_policy;
api_handler api_policy_set;
api_handler api_policy_unset;
api_handler api_resume;
api_handler api_samplers;
api_handler api_status;
api_handler api_tenant;
api_handler api_tenants;
api_handler api_tiers;

#endif
