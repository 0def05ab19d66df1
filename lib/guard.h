/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* guard.h -- the data guard: nothing that somebody may want is destroyed unasked. */
#ifndef RAMIFY_LIB_GUARD_H
#define RAMIFY_LIB_GUARD_H

#include "op.h"
#include "target.h"

/* Mounted, swapped to, part of another device, open or mapped: -EBUSY, whatever is
 * forced. */
int guard_check_use(struct ramify *ctx, const struct target *target);

/*
 * Persistent memory that has a signature, or any byte other than zero at its ends:
 * -EEXIST. Volatile memory is not looked at. A device without a driver is given to
 * device_dax for the look and then taken from it.
 */
int guard_check_data(struct op *op, const struct target *target);

#endif
