/* SPDX-License-Identifier: GPL-2.0-or-later */
/* decisions.h -- what ramifyd planned lately, and what became of it, as a table. */
#ifndef RAMIFY_CLI_DECISIONS_H
#define RAMIFY_CLI_DECISIONS_H

#include <json-c/json.h>

/** What ramifyd answers to GET /v1/decisions. -ENOMEM. */
int decisions_print(struct json_object *json);

#endif
