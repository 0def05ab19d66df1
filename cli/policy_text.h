/* SPDX-License-Identifier: GPL-2.0-or-later */
/* policy_text.h -- a policy that ramifyd told, as a file of policy.d could have it. */
#ifndef RAMIFY_CLI_POLICY_TEXT_H
#define RAMIFY_CLI_POLICY_TEXT_H

#include <json-c/json.h>
#include <stdio.h>

/* @json is one of /v1/policies. */
void policy_text(struct json_object *json, FILE *out);

#endif
