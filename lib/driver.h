/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* driver.h -- what ramify.ko is asked to do, and what it answers. */
#ifndef RAMIFY_LIB_DRIVER_H
#define RAMIFY_LIB_DRIVER_H

#include "op.h"
#include "state.h"

/* Loads it if need be; checks that both sides mean the same. -ENOENT not installed for
 * this kernel; -EPERM not allowed to load; -EPROTO another version. */
int driver_require(struct ramify *ctx);

/* @request as include/uapi/ramify.h has it. The message says what the driver said.
 * @phase: how its progress is shown. */
int driver_add(struct op *op, const char *device, const char *request,
	       enum ramify_phase phase);

/* @what: a device, or START-END of held memory. */
int driver_release(struct op *op, const char *what);

/* The word in the device's state file; -ENOENT: not bound to ramify. */
int driver_state(struct ramify *ctx, const char *device, char *buf, size_t size);

/* Part of it is removed already, so that it only goes forward. */
bool driver_is_past_return(struct ramify *ctx, const char *device);

/* The ranges that were added as memory. */
int driver_ranges(struct ramify *ctx, const char *device, struct state_ranges *ret_ranges);
int driver_ranges_parse(char *text, const char *separators, struct state_ranges *ret_ranges);

#endif
