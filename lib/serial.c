// SPDX-License-Identifier: LGPL-2.1-or-later
/* serial.c -- the serial number of the DIMM or card behind a region. */

#include "serial.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "region.h"
#include "value.h"

#define CXL_DIR "sys/bus/cxl/devices"

/* What was never given a number says 0. */
static bool is_none(const char *serial)
{
	serial += strncmp(serial, "0x", 2) ? 0 : 2;
	return !serial[strspn(serial, "0")];
}

static int keep_serial(struct reading *rd, const char *dir, const char *name,
		       const char **ret_serial)
{
	char serial[NAME_BYTES];
	int err = value_text(rd->ctx, dir, name, serial, sizeof(serial));

	return err || is_none(serial) ? err : system_keep_text(rd->sys, serial, ret_serial);
}

int serial_of_nd(struct reading *rd, const char *region_dir, const char **ret_serial)
{
	char dir[DIR_BYTES], mapping[256];
	uint64_t mappings;
	int err = value_u64(rd->ctx, region_dir, "mappings", &mappings);

	if (err || mappings != 1)
		return err;
	err = value_text(rd->ctx, region_dir, "mapping0", mapping, sizeof(mapping));
	if (err)
		return err;
	/* "nmem0,0,1073741824,0" */
	mapping[strcspn(mapping, ",")] = '\0';
	if (strncmp(mapping, "nmem", 4) || strchr(mapping, '/'))
		return 0;
	snprintf(dir, sizeof(dir), ND_DIR "/%s", mapping);
	err = keep_serial(rd, dir, "nfit/serial", ret_serial);
	if (!err && !*ret_serial)
		err = keep_serial(rd, dir, "cxl/id", ret_serial);
	return err;
}

int serial_of_cxl(struct reading *rd, const char *dax, const char **ret_serial)
{
	char dir[DIR_BYTES], decoder[NAME_BYTES];
	uint64_t ways;
	int err;

	/* dax0.0 < dax_region0 < region0 */
	snprintf(dir, sizeof(dir), DAX_DIR "/%s/../..", dax);
	err = value_u64(rd->ctx, dir, "interleave_ways", &ways);
	if (err || ways != 1)
		return err;
	err = value_text(rd->ctx, dir, "target0", decoder, sizeof(decoder));
	if (err || !*decoder || strchr(decoder, '/'))
		return err;
	snprintf(dir, sizeof(dir), CXL_DIR "/%s/../uport", decoder);
	return keep_serial(rd, dir, "serial", ret_serial);
}
