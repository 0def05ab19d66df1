// SPDX-License-Identifier: LGPL-2.1-or-later
/* crc32.c -- the check sum of our labels and state files. */

#include "crc32.h"

/* Bit by bit: it sums a few hundred bytes, a table would be longer than the loop. */
uint32_t crc32_update(uint32_t crc, const void *data, size_t len)
{
	const unsigned char *byte = data;

	crc = ~crc;
	while (len--) {
		crc ^= *byte++;
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}
