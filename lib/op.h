/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* op.h -- one long operation: whom it tells of its progress, and who can stop it. */
#ifndef RAMIFY_LIB_OP_H
#define RAMIFY_LIB_OP_H

#include "ramify.h"

struct op {
	struct ramify *ctx;
	ramify_progress_fn progress;	/* may be NULL */
	void *arg;
	bool cancelled;			/* the caller asked for a roll-back */
	bool undoing;			/* a roll-back listens to nobody */
};

/* -ECANCELED once the caller asked for it, until undoing. */
int op_progress(struct op *op, enum ramify_phase phase, uint64_t done, uint64_t total);

/* Monotonic time. */
uint64_t op_now_ns(void);

#endif
