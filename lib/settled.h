/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* settled.h -- which devices were settled since they appeared, so that it is done once. */
#ifndef RAMIFY_LIB_SETTLED_H
#define RAMIFY_LIB_SETTLED_H

#include "ramify.h"

/*
 * @key: a namespace or a DAX device, as target_key() gives it. A namespace keeps its note
 * while its DAX device vanishes and comes back, as it does when a label is written; one
 * that is unplugged and plugged in again is another, even if it has the same name.
 */
enum settled { SETTLED_NOT, SETTLED_DONE, SETTLED_FAILED };
enum settled settled_as(struct ramify *ctx, const char *key);
/* For all commands that decide on a device. Nothing depends on its success. With @err it is not tried
 * again by its own event: each try may write a label, which is another event. */
void settled_note(struct ramify *ctx, const char *key, int err);
/* For one that failed. -EAGAIN */
int settled_refuse(struct ramify *ctx, const char *device);
/* The number that sysfs gave to it when it appeared. Negative errno if it is not there. */
int settled_instance(struct ramify *ctx, const char *key, uint64_t *ret_number);

#endif
