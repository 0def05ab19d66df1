/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* export.h -- block devices that the kernel gives out over a network, without claiming them. */
#ifndef RAMIFY_LIB_EXPORT_H
#define RAMIFY_LIB_EXPORT_H

#include <sys/types.h>

#include "ramify.h"

/* -EBUSY, with a message, while an NVMe or SCSI target serves the block device. */
int export_check(struct ramify *ctx, const char *name, dev_t number);

#endif
