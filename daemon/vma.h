/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vma.h -- one mapping of a process, as policies see it, by a line of /proc/PID/maps. */
#ifndef RAMIFYD_VMA_H
#define RAMIFYD_VMA_H

#include <stdbool.h>
#include <stdint.h>

#include "core/policy.h"

struct vma {
	struct policy_vma as;	/* .name points into the line */
	bool never;		/* the kernel's own, a device, hugetlbfs: no policy may name it */
	bool shared;		/* what is written is seen by whoever else maps it */
	uint64_t device, inode;	/* of its object; inode 0: it has none */
};

/** Cuts @line. -EPROTO: it is not the line of a mapping. */
int vma_parse(char *line, struct vma *ret_vma);

#endif
