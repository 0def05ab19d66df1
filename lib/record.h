/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* record.h -- a device's write-ahead record, as an operation begins, goes on and ends. */
#ifndef RAMIFY_LIB_RECORD_H
#define RAMIFY_LIB_RECORD_H

#include "blockset.h"
#include "op.h"
#include "state.h"
#include "target.h"

/* A new record of @target as it is now, not stored yet. */
int record_begin(struct ramify *ctx, const struct target *target, struct state *ret_state);

/* The stored one; -ENOENT none, or none of this memory. Of an earlier boot only the mark
 * is of use: *ret_current tells. */
int record_load(struct ramify *ctx, const struct target *target, struct state *ret_state,
		bool *ret_current);

/* The stored one that holds @extent, whatever device it was. -ENOENT. */
int record_find(struct ramify *ctx, const struct ramify_extent *extent, struct state *ret_state);

/* Notes @set as what is to be online again, and goes to phase offlining. */
int record_offlining(struct op *op, struct state *state, const struct blockset *online);

/* Brings online what the record lists, and goes back to phase RAM. */
int record_put_online(struct op *op, struct state *state, uint64_t block_bytes);

int record_phase(struct op *op, struct state *state, enum state_phase phase);

#endif
