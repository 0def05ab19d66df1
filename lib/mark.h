/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* mark.h -- the durable note that a device holds data that was in RAM. */
#ifndef RAMIFY_LIB_MARK_H
#define RAMIFY_LIB_MARK_H

#include "op.h"
#include "state.h"
#include "target.h"

/* @state may be NULL: there is no record. */
bool mark_is_set(struct ramify *ctx, const struct target *target, const struct state *state);

/*
 * Both store the record, and leave the target as it is found again. A label is written
 * while its namespace is disabled, so that the DAX device vanishes for a moment and comes
 * back with a driver that the kernel chose. Volatile memory needs no mark.
 */
int mark_set(struct op *op, struct target *target, struct state *state);
int mark_clear(struct op *op, struct target *target, struct state *state);

#endif
