// SPDX-License-Identifier: LGPL-2.1-or-later
/* op.c -- one long operation: whom it tells of its progress, and who can stop it. */

#include "op.h"

#include <errno.h>
#include <time.h>

int op_progress(struct op *op, enum ramify_phase phase, uint64_t done, uint64_t total)
{
	if (op->progress && op->progress(op->arg, phase, done, total))
		op->cancelled = true;
	return op->cancelled && !op->undoing ? -ECANCELED : 0;
}

uint64_t op_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * UINT64_C(1000000000) + now.tv_nsec;
}
