/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lock.h -- one command at a time on one device. */
#ifndef RAMIFY_LIB_LOCK_H
#define RAMIFY_LIB_LOCK_H

#include "ramify.h"

/* @name: what stays the same while the device changes: its namespace, else its name.
 * @wait_s: how long to wait for another holder. -EBUSY: still held, holder named.
 * The lock ends with lock_drop() or with the last process that inherited @ret_fd. */
int lock_take(struct ramify *ctx, const char *name, unsigned int wait_s, int *ret_fd);
/* As long as another command's plan may take, not its work. */
#define LOCK_SHORT_S 3
void lock_drop(int fd);

#endif
