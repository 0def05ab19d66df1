/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* region.h -- regions: what DAX devices and namespaces are cut out of. */
#ifndef RAMIFY_LIB_REGION_H
#define RAMIFY_LIB_REGION_H

#include "system.h"

#define DAX_DIR "sys/bus/dax/devices"
#define ND_DIR "sys/bus/nd/devices"

/* A name of a device, region or driver, and the directory of one. */
#define NAME_BYTES 64
#define DIR_BYTES 320

/* Where a DAX device hangs. */
struct dax_place {
	char region[NAME_BYTES];	/* "" if the device is just going */
	bool persistent;		/* its parent is the claim on a namespace */
};

int dax_place_read(struct ramify *ctx, const char *dax, struct dax_place *ret_place);

int regions_read(struct reading *rd);

#endif
