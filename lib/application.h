/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* application.h -- what is recorded about one device, as it is acted on. */
#ifndef RAMIFY_LIB_APPLICATION_H
#define RAMIFY_LIB_APPLICATION_H

#include <stdbool.h>

#include "op.h"
#include "purpose.h"
#include "state.h"
#include "target.h"

struct application {
	struct op op;
	const struct entry_list *entries;
	bool dry_run;
	struct target target;
	struct state state;
	struct purpose purpose;
	bool found, current;		/* a write-ahead record; of this boot */
	char did[512];			/* what was done, for people; "" nothing */
};

/* @key as target_key() gives it; its lock is held. All but the first three is its own. Negative errno, with a
 * message if there is anything to say. */
int application_settle(struct application *a, const char *key);

#endif
