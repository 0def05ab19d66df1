/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* onoff.h -- memory blocks brought online into a zone, and taken offline in bounded time. */
#ifndef RAMIFY_LIB_ONOFF_H
#define RAMIFY_LIB_ONOFF_H

#include "blockset.h"
#include "op.h"

struct onoff_limits {
	unsigned int timeout_s;		/* without progress */
	unsigned int deadline_s;	/* in all; 0: none */
};

/* Those that are online already are left alone, if they are in @zone. On failure
 * *ret_block is the block that failed; the others stay as they are. */
int onoff_online(struct op *op, const struct blockset *set, enum ramify_zone zone,
		 uint64_t *ret_block);

/* @node: whose used memory tells the progress; -1 none. As above; -EBUSY something holds
 * it, -ETIMEDOUT, -ECANCELED. */
int onoff_offline(struct op *op, const struct blockset *set, int node,
		  const struct onoff_limits *limits, uint64_t *ret_block);

#endif
