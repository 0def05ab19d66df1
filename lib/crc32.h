/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* crc32.h -- the check sum of our labels and state files. */
#ifndef RAMIFY_LIB_CRC32_H
#define RAMIFY_LIB_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* CRC-32 as in zlib and Ethernet. @crc: 0, or the result so far. */
uint32_t crc32_update(uint32_t crc, const void *data, size_t len);

#endif
