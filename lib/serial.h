/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* serial.h -- the serial number of the DIMM or card behind a region. */
#ifndef RAMIFY_LIB_SERIAL_H
#define RAMIFY_LIB_SERIAL_H

#include "system.h"

/* NULL when there is none, or when the region is interleaved over several. */
int serial_of_nd(struct reading *rd, const char *region_dir, const char **ret_serial);
/* @dax: a DAX device of a region of CXL memory. */
int serial_of_cxl(struct reading *rd, const char *dax, const char **ret_serial);

#endif
