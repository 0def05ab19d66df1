/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* purpose.h -- what is recorded about a device, whichever store holds it. */
#ifndef RAMIFY_LIB_PURPOSE_H
#define RAMIFY_LIB_PURPOSE_H

#include "entry.h"
#include "target.h"

enum store { STORE_NONE, STORE_LABEL, STORE_FILE };

struct purpose {
	enum store store;
	struct intent intent;		/* without its mark */
	const struct entry *entry;	/* in a list of the caller's; NULL for a label */
	enum ramify_use shadowed;	/* what a label says that does not hold; NONE if none does */
};

/*
 * A file holds against the label, as it is the administrator's word on this machine. -ENOTUNIQ
 * two files; -ERANGE, -EXDEV as entry_matches(); -EBADMSG a damaged label. The message says
 * that nothing is acted upon.
 */
int purpose_find(struct ramify *ctx, const struct target *target, const struct entry_list *entries,
		 struct purpose *ret_purpose);

/* "its label", "/etc/ramify/memory.d/x.conf" */
void purpose_where(const struct purpose *purpose, char *buf, size_t size);

/* Notes for each device of the snapshot what is recorded about it. */
struct reading;
int purposes_read(struct reading *rd);

/* How an add does what is meant. */
void purpose_options(const struct purpose *purpose, struct ramify_add_options *ret_options);

#endif
