/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* mark.h -- the durable note that a device holds data that was in RAM. */
#ifndef RAMIFY_LIB_MARK_H
#define RAMIFY_LIB_MARK_H

#include "intent.h"
#include "op.h"
#include "state.h"
#include "target.h"

/* @state may be NULL: there is no record. */
bool mark_is_set(struct ramify *ctx, const struct target *target, const struct state *state);

/*
 * The first two store the record, and leave the target as it is found again. A label is written
 * while its namespace is disabled, so that the DAX device vanishes for a moment and comes
 * back with a driver that the kernel chose. Volatile memory needs no mark. @keep: what the
 * label says about the intended use from then on; NULL: what it says already.
 */
int mark_set(struct op *op, struct target *target, struct state *state,
	     const struct intent *keep);
int mark_clear(struct op *op, struct target *target, struct state *state,
	       const struct intent *keep);

/* Only the use: the mark stays as it is, and so does the device's driver. -EEXIST the label
 * is somebody else's; -EOPNOTSUPP there is none. */
int mark_keep(struct op *op, struct target *target, const struct intent *keep);

/* What the label says now; NONE where it says nothing that can be read. */
void mark_read(struct ramify *ctx, const struct target *target, struct intent *ret_intent);

/* From the label into the record, if it is in the label: what comes next needs the device to
 * stay. Whoever then removes the record ends the mark. */
int mark_to_record(struct op *op, struct target *target, struct state *state);

/* Out of the label, whatever the record says. */
int mark_clear_label(struct op *op, struct target *target, const struct intent *keep);

#endif
