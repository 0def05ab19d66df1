/* SPDX-License-Identifier: GPL-2.0-or-later */
/* patch.h -- what is sent to be set live: JSON, with a member for each key. */
#ifndef RAMIFYD_PATCH_H
#define RAMIFYD_PATCH_H

#include <json-c/json.h>

#include "core/overlay.h"

/** A request's body: an object. -EINVAL: it is none, or no JSON; @error says why. */
int patch_parse(const char *text, size_t len, struct json_object **ret_json,
		struct policy_error *error);

/** What @json says of policy @name; it is checked when it is laid over the rest. A text, a number,
 *  a list of these; null: as files say, which was set before. -EINVAL, -ENOENT, -E2BIG, -ENOMEM: @overlays has a
 *  part of it. */
int patch_apply(struct overlays *overlays, const char *name, struct json_object *json,
		struct policy_error *error);

#endif
