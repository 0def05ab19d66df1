/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* claim.h -- is a device in use: mounted, swapped to, held by another device, mapped? */
#ifndef RAMIFY_LIB_CLAIM_H
#define RAMIFY_LIB_CLAIM_H

#include <sys/types.h>

#include "ramify.h"

/* A block device and its partitions. -EBUSY with a message: which use. */
int claim_check_block(struct ramify *ctx, const char *block_device);

/* A DAX device's node. -EBUSY with a message that names a process. */
int claim_check_dax(struct ramify *ctx, const char *device);

/* The first process that has the device open or mapped; -ENOENT none. */
struct claim_process {
	pid_t pid;
	char comm[32];
	bool mapped;
};
int claim_find_process(struct ramify *ctx, dev_t number, struct claim_process *ret_process);

#endif
