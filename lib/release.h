/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* release.h -- the second half of a remove: only forward. */
#ifndef RAMIFY_LIB_RELEASE_H
#define RAMIFY_LIB_RELEASE_H

#include "op.h"
#include "state.h"
#include "target.h"

/* After the driver let go: the driver as before, then the mark and the record gone. */
int release_finish(struct op *op, struct target *target, struct state *state);

/* Every block is offline: the driver removes and scrubs, and the rest as above. */
int release_device(struct op *op, struct target *target, struct state *state);

/* The same for memory whose device is gone; @state may be of no device that is left. */
int release_held(struct op *op, const struct target *target, struct state *state);

/* Zeroes a device that is not RAM, where its mark says so. The mark is then in the record, if
 * anywhere: to be removed when the device has its driver. */
int release_scrub(struct op *op, struct target *target, struct state *state);

#endif
