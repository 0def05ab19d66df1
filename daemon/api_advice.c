// SPDX-License-Identifier: GPL-2.0-or-later
/* api_advice.c -- POST /v1/advice: a process says where a part of its own memory belongs. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "api.h"
#include "json.h"

#define ADDRESS_END (1ULL << 56)

static int fail(struct policy_error *error, int err, const char *reason)
{
	snprintf(error->reason, sizeof(error->reason), "%s", reason);
	return err;
}

static int get_address(const struct json_object *body, const char *key, uint64_t *ret_address)
{
	struct json_object *value;
	uint64_t address;

	if (!json_object_object_get_ex(body, key, &value) ||
	    json_object_get_type(value) != json_type_int || json_object_get_int64(value) < 0)
		return -EINVAL;
	address = json_object_get_uint64(value);
	if (address > ADDRESS_END || address % HEAT_PAGE)
		return -EINVAL;
	*ret_address = address;
	return 0;
}

static int get_tier(const struct json_object *body, enum policy_tier *ret_tier)
{
	struct json_object *value;
	const char *name;

	if (!json_object_object_get_ex(body, "tier", &value) ||
	    json_object_get_type(value) != json_type_string)
		return -EINVAL;
	name = json_object_get_string(value);
	for (enum policy_tier tier = POLICY_TIER_AUTO; tier <= POLICY_TIER_SLOW; tier++) {
		if (!strcmp(name, policy_tier_name(tier))) {
			*ret_tier = tier;
			return 0;
		}
	}
	return -EINVAL;
}

/* The one who connected, if policies manage it. */
static int find_process(struct api *api, const struct peer *peer, struct process **ret_process,
			struct policy_error *error)
{
	struct process *process;
	int err = peer->pid > 0 ? round_process(api->round, peer->pid, &process) : -EPERM;

	if (err == -EPERM)
		return fail(error, err, "it is not to be seen which process asks");
	if (err == -ESRCH)
		return fail(error, err, "no policy matches this process");
	if (err)
		return err;
	/* Another one that has got the PID since then, and is somebody else's. */
	if (process->status.uid != (int64_t)peer->uid)
		return fail(error, -EPERM, "the process runs as another user than it connected as");
	*ret_process = process;
	return 0;
}

static int advise(struct process *process, uint64_t start, uint64_t end, enum policy_tier tier,
		  struct policy_error *error)
{
	uint64_t image;
	int err = advice_image(process->pid, &image);

	if (err)
		return err;
	if (process->advice.image != image)
		advice_clear(&process->advice);
	process->advice.image = image;
	err = advice_set(&process->advice, start, end, tier);
	process->stale = true;
	return err == -E2BIG ? fail(error, err, "the process has said too much already") : err;
}

int api_advice(struct api *api, const struct api_request *request, struct json_object **ret_json,
	       struct policy_error *error)
{
	enum policy_tier tier;
	struct process *process;
	uint64_t start, end;
	int err;

	if (!request->body || get_address(request->body, "start", &start) ||
	    get_address(request->body, "end", &end) || start >= end ||
	    get_tier(request->body, &tier))
		return fail(error, -EINVAL,
			    "wanted are start and end, addresses of whole pages, and a tier: auto, "
			    "fast or slow");
	err = find_process(api, request->peer, &process, error);
	if (!err)
		err = advise(process, start, end, tier, error);
	if (err)
		return err;
	*ret_json = json_object_new_object();
	json_text(*ret_json, "tenant", process->tenant->name);
	json_u64(*ret_json, "ranges", process->advice.n);
	return 0;
}
