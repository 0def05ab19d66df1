/* SPDX-License-Identifier: GPL-2.0-or-later */
/* status.h -- what /proc/PID/status tells of a process. */
#ifndef RAMIFYD_STATUS_H
#define RAMIFYD_STATUS_H

#include <stdbool.h>
#include <stdint.h>

#define STATUS_NODES 1024

struct status {
	int64_t uid;		/* the effective one */
	bool has_memory;	/* kernel threads and zombies have none */
	uint64_t locked_bytes;
	uint64_t nodes[STATUS_NODES / 64];	/* its cpuset allows memory there */
};

/** -EPROTO: no status, or only a part of one. */
int status_parse(const char *text, struct status *ret_status);

static inline bool status_node_allowed(const struct status *status, unsigned int node)
{
	return node < STATUS_NODES && status->nodes[node / 64] >> node % 64 & 1;
}

#endif
