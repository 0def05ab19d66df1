/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* bind.h -- which driver a DAX device has, and giving it another one. */
#ifndef RAMIFY_LIB_BIND_H
#define RAMIFY_LIB_BIND_H

#include <stddef.h>

#include "op.h"

#define DRIVER_RAW "device_dax"
#define DRIVER_STOCK "kmem"

/* "" for none. */
int bind_current(struct ramify *ctx, const char *device, char *driver, size_t size);

/* Takes it from whichever driver it has. Can last while its pages are in use by a device:
 * -ECANCELED when the caller had enough of it. */
int bind_none(struct op *op, const char *device);

/* Gives an unbound device to @driver, whether or not it would match by itself; loads
 * the driver's module. Leaves no name behind in new_id. */
int bind_to(struct op *op, const char *device, const char *driver);

/* As it was: @driver, "" for none. */
int bind_restore(struct op *op, const char *device, const char *driver);

/* What the stock kernel would do with it: on kernels where RAM is the default for
 * @source, and kmem is there and not blacklisted, kmem; else device_dax. "" where the
 * stock kernel leaves it alone. */
void bind_default(struct ramify *ctx, enum ramify_source source, char *driver, size_t size);

/* Would kmem, once loaded, take an unbound device of this source by itself? */
bool bind_kmem_takes(enum ramify_source source);

#endif
