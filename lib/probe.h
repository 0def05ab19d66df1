/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* probe.h -- a look at both ends of a device: is there anything? */
#ifndef RAMIFY_LIB_PROBE_H
#define RAMIFY_LIB_PROBE_H

#include "ramify.h"

/* What is looked at, at each end. */
#define PROBE_BYTES (UINT64_C(4) << 20)

struct probe {
	int fd;			/* a sparse file of the device's size with both ends in it */
	uint64_t size_bytes;
	uint64_t bad_pages;	/* that could not be read */
};

/* @path below the root: a block device, or with @align other than 0 a devdax, which can
 * only be mapped, in pieces of @align. */
int probe_read(struct ramify *ctx, const char *path, uint64_t size_bytes, uint64_t align,
	       struct probe *ret_probe);
void probe_close(struct probe *probe);

/* What libblkid takes it for, such as "ext4" or "dos"; "" for nothing. */
int probe_signature(const struct probe *probe, char *buf, size_t size);

/* The offset of the first byte that is not zero. -ENOENT none. */
int probe_find_data(const struct probe *probe, uint64_t *ret_offset);

#endif
