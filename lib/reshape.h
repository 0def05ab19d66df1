/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* reshape.h -- a device gets other memory of its region, also if the command is killed at it. */
#ifndef RAMIFY_LIB_RESHAPE_H
#define RAMIFY_LIB_RESHAPE_H

#include "op.h"
#include "state.h"

/* @dax, idle, gets @after instead of its ranges; driver, owner and mode stay. The caller holds the
 * locks of its region and of itself. */
int reshape(struct op *op, const char *dax, const struct state_ranges *after);

/*
 * Finishes what killed commands left: each device has its ranges in the end. For each, @fn (may be
 * NULL) hears of it, with the message if @err. One that somebody is at work on is left alone. The
 * caller holds no lock.
 */
typedef void (*reshape_fn)(void *arg, const char *dax, int err);
void reshape_finish(struct op *op, reshape_fn fn, void *arg);

#endif
