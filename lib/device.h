/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* device.h -- DAX devices: where their memory is, and what it is used as. */
#ifndef RAMIFY_LIB_DEVICE_H
#define RAMIFY_LIB_DEVICE_H

#include "system.h"

/* All that can be not known is not known. */
struct ramify_device device_unknown(void);

/* Is a part of @range in it? */
bool device_touches(const struct ramify_device *dev, const struct ramify_extent *range);

int devices_read(struct reading *rd);
/* Puts them in order, and tells what is used of each, once all are there. */
int devices_finish(struct reading *rd);

#endif
